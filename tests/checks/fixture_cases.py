"""The fixtures of the built-in checks, and what the examples in their documentation build on."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from iac_ec2lint.answers.check_tests import examples
from iac_ec2lint.answers.check_tests.examples import Example
from iac_ec2lint.answers.check_tests.fixtures import Fixture, fixtures_in

FIXTURES = Path(__file__).parents[1] / "fixtures"
STAGES = Path(__file__).parents[2] / "docs" / "stages"


@cache
def fixture_cases() -> list[Fixture]:
    """All fixtures, by check and name."""
    return fixtures_in(FIXTURES)


def complete(example: Example, documentation: str) -> str:
    """The text of an example with all that it builds on."""
    return examples.complete(example, documentation, STAGES)
