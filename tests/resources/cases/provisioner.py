"""Cases of the classes in ``resources/provisioner.py``."""

from __future__ import annotations

from tests.resources.case import Case, Single

CASES: list[Case] = [
    Single("null_resource", {"triggers": {"a": "b"}}, {"triggers": {"a": "b"}}),
    Single(
        "terraform_data",
        {"input": "x", "triggers_replace": ["y"]},
        {"input": "x", "triggers": ["y"]},
    ),
]
