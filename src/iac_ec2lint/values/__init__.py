"""The result of evaluating an expression: a value or an unknown, and where it was written.

A ``Value`` has data; an ``Unknown`` has the reason why there is none. Both have the span where the
data was *written* and the steps that it was passed through (a variable's default, a module call's
argument, ...). Questions about them are answered by an ``Answer``, which is true, false or
undecided. None of the three has a truth value in Python: an undecided answer in an ``if`` raises.
All are immutable: ``but`` returns a changed copy.
"""

from iac_ec2lint.values.addresses import address_in_module, plain_address, without_keys
from iac_ec2lint.values.answer import Confidence, all_of, any_of
from iac_ec2lint.values.conversion import as_boolean, as_number, as_text
from iac_ec2lint.values.guard import NEVER, UNGUARDED, Fact, Guard, common, exclude
from iac_ec2lint.values.join import SEVERAL, Join, Joins, several
from iac_ec2lint.values.numbers import is_kept, json_number, number_text, parse_number
from iac_ec2lint.values.reasons import UNMARKED, Cause, Input, Mark, Marks, Undecidable
from iac_ec2lint.values.step import Step
from iac_ec2lint.values.value import (
    NO,
    YES,
    Answer,
    Data,
    Items,
    Reference,
    Unknown,
    Val,
    Value,
    same,
)
from iac_ec2lint.values.walking import (
    blanks,
    guard_of,
    inputs_in,
    is_given,
    leads_to,
    references_of,
    used_at,
    walk,
    walk_possible,
    when_of,
)
from iac_ec2lint.values.wording import join_conditions, listed, merged_conditions, shortened

__all__ = [
    "NEVER",
    "NO",
    "SEVERAL",
    "UNGUARDED",
    "UNMARKED",
    "YES",
    "Answer",
    "Cause",
    "Confidence",
    "Data",
    "Fact",
    "Guard",
    "Input",
    "Items",
    "Join",
    "Joins",
    "Mark",
    "Marks",
    "Reference",
    "Step",
    "Undecidable",
    "Unknown",
    "Val",
    "Value",
    "address_in_module",
    "all_of",
    "any_of",
    "as_boolean",
    "as_number",
    "as_text",
    "blanks",
    "common",
    "exclude",
    "guard_of",
    "inputs_in",
    "is_given",
    "is_kept",
    "join_conditions",
    "json_number",
    "leads_to",
    "listed",
    "merged_conditions",
    "number_text",
    "parse_number",
    "plain_address",
    "references_of",
    "same",
    "several",
    "shortened",
    "used_at",
    "walk",
    "walk_possible",
    "when_of",
    "without_keys",
]
