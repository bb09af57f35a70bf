"""What an expression came to: a value or an unknown, and where it was written.

A ``Value`` has data; an ``Unknown`` has the reason why there is none. Both know the span where the
data was *written* and the steps that it came through (a variable's default, a module call's
argument, ...). Questions about them are answered in three values by an ``Answer``. None of the
three has a truth value in Python: an undecided thing in an ``if`` raises. None of them changes
once it is made: ``but`` makes another one.
"""

from iac_ec2lint.values.answer import NO, YES, Answer, Confidence, Step, Undecidable, all_of, any_of
from iac_ec2lint.values.conversion import as_boolean, as_number, as_text, number_text, parse_number
from iac_ec2lint.values.value import (
    UNMARKED,
    Cause,
    Data,
    Items,
    Mark,
    Marks,
    Reference,
    Unknown,
    Val,
    Value,
    is_given,
    references_of,
    same,
    walk,
)

__all__ = [
    "NO",
    "UNMARKED",
    "YES",
    "Answer",
    "Cause",
    "Confidence",
    "Data",
    "Items",
    "Mark",
    "Marks",
    "Reference",
    "Step",
    "Undecidable",
    "Unknown",
    "Val",
    "Value",
    "all_of",
    "any_of",
    "as_boolean",
    "as_number",
    "as_text",
    "is_given",
    "number_text",
    "parse_number",
    "references_of",
    "same",
    "walk",
]
