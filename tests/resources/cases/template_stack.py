"""Cases of the classes in ``resources/template_stack.py``."""

from __future__ import annotations

from tests.resources.case import Case, Single

CASES: list[Case] = [
    Single(
        "aws_cloudformation_stack",
        {"template_body": "a", "parameters": {"A": "b"}},
        {"template_body": "a", "parameters": {"A": "b"}},
    ),
    Single("aws_cloudformation_stack_set", {"template_url": "a"}, {"template_url": "a"}),
]
