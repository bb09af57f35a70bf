"""What both languages are read into: declared resources, attributes still untyped and lazy.

A front end makes a ``Declaration`` for each instance of each resource (and each data source) whose
type ``resources/`` knows. Nothing inside is evaluated before it is read.
"""

from iac_ec2lint.declaration.branches import (
    NO_OTHERS,
    Branches,
    InputDefault,
    OtherInputs,
    SwitchedOff,
    Trial,
    trial_words,
)
from iac_ec2lint.declaration.presence import CERTAIN, Presence
from iac_ec2lint.declaration.section import Section, UnknownSection, ValueSection, sections_of
from iac_ec2lint.declaration.unit import (
    AWS_ALONE,
    AddedTo,
    Declaration,
    Escapes,
    Language,
    Mentions,
    Named,
    Told,
    Unit,
    UnitKind,
    address_matches,
    nothing_added,
)

__all__ = [
    "AWS_ALONE",
    "CERTAIN",
    "NO_OTHERS",
    "AddedTo",
    "Branches",
    "Declaration",
    "Escapes",
    "InputDefault",
    "Language",
    "Mentions",
    "Named",
    "OtherInputs",
    "Presence",
    "Section",
    "SwitchedOff",
    "Told",
    "Trial",
    "Unit",
    "UnitKind",
    "UnknownSection",
    "ValueSection",
    "address_matches",
    "nothing_added",
    "sections_of",
    "trial_words",
]
