"""Blocks and elements of a plan find those that are written, though a set has another order."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from iac_ec2lint.declaration import Declaration
from iac_ec2lint.resources.registry import types
from iac_ec2lint.source.files import Files
from iac_ec2lint.terraform.options import RootModuleOptions
from iac_ec2lint.terraform.plan.unit import Plans
from iac_ec2lint.terraform.unit import Modules
from iac_ec2lint.values import Val, Value

SOURCE = """\
variable "ports" {
  type = list(number)
}
resource "aws_security_group" "g" {
  ingress {
    from_port   = 22
    to_port     = 22
    protocol    = "tcp"
    cidr_blocks = [
      "10.2.0.0/16",
      "10.1.0.0/16",
      "10.2.0.0/16",
      "0.0.0.0/0",
    ]
  }
  ingress {
    from_port   = 80
    to_port     = 80
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
  dynamic "ingress" {
    for_each = var.ports
    content {
      from_port   = ingress.value
      to_port     = ingress.value
      protocol    = "tcp"
      cidr_blocks = ["0.0.0.0/0"]
    }
  }
}
resource "aws_instance" "i" {
  vpc_security_group_ids = [
    "sg-1",
    aws_security_group.g.id,
    "sg-2",
  ]
}
"""


def rule(port: int, *blocks: str) -> dict[str, Any]:
    return {
        "from_port": port,
        "to_port": port,
        "protocol": "tcp",
        "cidr_blocks": list(blocks or ("0.0.0.0/0",)),
    }


def created(address: str, after: dict[str, Any], **told: Any) -> dict[str, Any]:
    kind, name = address.split(".")
    return {
        "address": address,
        "mode": "managed",
        "type": kind,
        "name": name,
        "provider_name": "registry.terraform.io/hashicorp/aws",
        "change": {
            "actions": ["create"],
            "before": None,
            "after": after,
            "after_unknown": told.get("unknown", {}),
            "after_sensitive": told.get("sensitive", {}),
        },
    }


def configured(change: dict[str, Any]) -> dict[str, Any]:
    names = ("address", "mode", "type", "name")
    return {name: change[name] for name in names} | {"expressions": {}}


def declarations(folder: Path, *changes: dict[str, Any]) -> dict[str, Declaration]:
    (folder / "main.tf").write_text(SOURCE, "utf-8")
    plan = {
        "format_version": "1.2",
        "terraform_version": "1.9.0",
        "planned_values": {"root_module": {}},
        "resource_changes": list(changes),
        "configuration": {"root_module": {"resources": [configured(one) for one in changes]}},
    }
    path = folder / "plan.json"
    path.write_text(json.dumps(plan), "utf-8")
    files = Files(folder, folder)
    unit = Plans(files, lambda: Modules(files, RootModuleOptions()), folder).evaluate(path, types())
    assert unit.diagnostics == []
    return {one.address: one for one in unit.declarations}


def lines(value: Val | None) -> list[int]:
    assert isinstance(value, Value)
    return [element.span.line for element in value.elements()]


def test_blocks_of_a_set_find_theirs(tmp_path: Path) -> None:
    after = {"ingress": [rule(80), rule(443), rule(22, "10.1.0.0/16"), rule(8080)]}
    found = declarations(tmp_path, created("aws_security_group.g", after))
    sections = found["aws_security_group.g"].body.sections("ingress")
    places: list[tuple[Any, int]] = []
    for section in sections:
        port = section.get("from_port")
        assert isinstance(port, Value)
        places.append((port.data, port.span.line))
    assert places == [(80, 17), (443, 23), (22, 6), (8080, 23)]


def test_elements_of_a_set_find_theirs(tmp_path: Path) -> None:
    blocks = ("0.0.0.0/0", "10.1.0.0/16", "10.2.0.0/16", "10.2.0.0/16")
    found = declarations(
        tmp_path, created("aws_security_group.g", {"ingress": [rule(22, *blocks), rule(80)]})
    )
    first, _ = found["aws_security_group.g"].body.sections("ingress")
    assert lines(first.get("cidr_blocks")) == [13, 11, 10, 12]


def test_elements_that_are_hidden_or_not_known_keep_their_places(tmp_path: Path) -> None:
    after = {"vpc_security_group_ids": ["sg-1", None, "sg-2"]}
    unknown = {"vpc_security_group_ids": [False, True, False]}
    sensitive = {"vpc_security_group_ids": [True, False, False]}
    found = declarations(
        tmp_path, created("aws_instance.i", after, unknown=unknown, sensitive=sensitive)
    )
    value = found["aws_instance.i"].body.get("vpc_security_group_ids")
    assert lines(value) == [34, 35, 36]
