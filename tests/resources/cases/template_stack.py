"""Cases of the classes in ``resources/template_stack.py``."""

from __future__ import annotations

from tests.graph.declarations import ref
from tests.resources.case import Case, Single

CASES: list[Case] = [
    Single(
        "aws_cloudformation_stack",
        {"name": "n", "iam_role_arn": ref("r"), "template_body": "a", "parameters": {"A": "b"}},
        {"name": "n", "role": ("->", "r"), "template_body": "a", "parameters": {"A": "b"}},
    ),
    Single("aws_cloudformation_stack_set", {"template_url": "a"}, {"template_url": "a"}),
    *(
        Single(
            kind,
            {"stack_set_name": ref("s"), "parameter_overrides": {"A": "b"}},
            {"stack_set": ("->", "s"), "parameter_overrides": {"A": "b"}},
        )
        for kind in ("aws_cloudformation_stack_instances", "aws_cloudformation_stack_set_instance")
    ),
]
