"""``!Sub "${P}"`` is ``!Ref P``, and ``!Sub text`` is the text, whatever asks.

Source: CloudFormation Template Reference, "Fn::Sub".
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest
from tests.invariance.projects import scan_project

FIXTURES: Final = Path(__file__).parents[1] / "fixtures"
NAMED: Final = (
    "KEY002/elsewhere.yaml",
    "KEY002/parameter.yaml",
    "PATH007/block_of_the_network.yaml",
    "RES008/one_subnet.yaml",
    "RES011/networks.yaml",
    "SG001/own_blocks.yaml",
    "SG010/own_blocks.yaml",
    "SG010/peers_of_named_vpcs.yaml",
)


def found(code: str, text: str) -> list[tuple[str, str, str]]:
    """What a check finds in a template, in order."""
    report = scan_project({"main.yaml": text}, select=(code,))
    assert not report.errors
    return sorted((one.status.value, one.subject, one.message) for one in report.findings)


@pytest.mark.parametrize("name", NAMED)
@pytest.mark.parametrize("spelling", ['!Sub "${NAME}"', '{"Fn::Sub": "${NAME}"}', "!Sub ${NAME}"])
def test_a_substituted_name_is_a_reference(name: str, spelling: str) -> None:
    """In blocks and in flow collections, where a plain text cannot hold braces."""
    text = (FIXTURES / name).read_text()
    parameters = [line[2:].partition(":")[0] for line in text.splitlines() if line[:3].strip()]
    changed = text
    for one in parameters:
        if "List" in text.partition(f"  {one}:")[2].partition("\n  ")[0]:
            continue  # of a list there is no text
        plain = spelling == "!Sub ${NAME}"
        for end in ("\n",) if plain else ("\n", "}", "]", ","):
            changed = changed.replace(f"!Ref {one}{end}", spelling.replace("NAME", one) + end)
    if changed == text:
        pytest.skip("it has none in such a place")
    code = name.partition("/")[0]
    assert found(code, changed) == found(code, text)


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("IAM006/role_named_by_its_arn.yaml", "/service/"),
        ("IAM007/name_in_an_arn.yaml", "/service/"),
    ],
)
def test_a_substituted_path_is_known_in_an_arn(name: str, written: str) -> None:
    """``Fn::Select`` takes the name out of an ARN whose path is no plain text."""
    text = (FIXTURES / name).read_text()
    changed = text.replace(f"Path: {written}", f"Path: !Sub {written}")
    assert changed != text
    code = name.partition("/")[0]
    assert found(code, changed) == found(code, text)
