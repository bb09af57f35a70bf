"""Of a thousand instances that nothing tells apart, no more are judged; it is said of the rest."""

from __future__ import annotations

import pytest
from tests.terraform.conftest import Workspace

from iac_ec2lint.terraform.repetition import ALIKE

MANY = ALIKE + 5
BODY = '  description = "a"\n'


def _group(repeated: str, body: str = BODY) -> str:
    return f'resource "aws_security_group" "g" {{\n  {repeated}\n{body}}}\n'


COUNT = f"count = {MANY}"
EACH = 'for_each = toset([for i in setproduct(range(67), range(15)) : join("-", i)])'


@pytest.mark.parametrize("repeated", [COUNT, EACH])
def test_instances_that_nothing_tells_apart(workspace: Workspace, repeated: str) -> None:
    unit = workspace.evaluate(_group(repeated))
    assert len(unit.declarations) == ALIKE
    [note] = unit.observations
    assert (note.name, note.span.line) == ("alike-instances", 1)
    assert note.message.startswith("5 more instances")


@pytest.mark.parametrize(
    "written",
    [
        {"main.tf": _group(COUNT, "  description = count.index\n")},
        {"main.tf": _group(COUNT, "  description = var.a[count . index]\n")},
        {"main.tf": _group(EACH, "  description = each.key\n")},
        {"main.tf": _group(EACH, '  description = each["key"]\n')},
        {"main.tf": _group(COUNT), "b.tf": "output x { value = aws_security_group.g[1004].id }"},
        {"main.tf": _group(COUNT), "b.tf": "output x { value = aws_security_group . g }"},
        {
            "main.tf": _group(COUNT),
            "b.tf.json": '{"output": {"x": {"value": "${aws_security_group.g[1].id}"}}}',
        },
        {
            "main.tf": _group(COUNT),
            "a_override.tf": _group("", "  description = count.index\n"),
        },
    ],
)
def test_instances_that_something_tells_apart(
    workspace: Workspace, written: dict[str, str]
) -> None:
    unit = workspace.evaluate(written)
    assert len(unit.declarations) == MANY
    assert [note.name for note in unit.observations] == []


def test_a_name_that_begins_alike_is_another(workspace: Workspace) -> None:
    other = 'resource "aws_eip" "e" {\n  instance = aws_security_group.g2.id\n}\n'
    second = _group("").replace('"g"', '"g2"')
    unit = workspace.evaluate(_group(COUNT) + second + other)
    groups = [one for one in unit.declarations if one.type == "aws_security_group"]
    assert len(groups) == ALIKE + 1


def test_any_number_of_them_costs_little(workspace: Workspace) -> None:
    unit = workspace.evaluate(_group("count = 1000000000"))
    assert len(unit.declarations) == ALIKE
    assert unit.diagnostics == []
