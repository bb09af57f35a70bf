"""CloudFormation templates as plain data, and the ways of writing and rearranging them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from decimal import Decimal
from random import Random
from typing import Any

import yaml

from iac_ec2lint.document import tree
from iac_ec2lint.document.reading import read
from iac_ec2lint.source.span import SourceText

Data = Any
"""What JSON can say, functions in their long form."""

_NAMED = ("Resources", "Parameters", "Conditions", "Mappings")
_UNORDERED = frozenset({"SecurityGroupIngress", "SecurityGroupEgress", "Statement"})
_SUBSTITUTED = re.compile(r"\$\{([A-Za-z0-9]+)(?=[.}])")


def data_of(text: str) -> Data:
    """A template's text as data."""
    document = read(SourceText("template.yaml", text))
    assert not document.diagnostics
    return _plain(document.roots[0])


def _plain(node: tree.Node) -> Data:
    if isinstance(node, tree.Tagged):
        name = node.tag[1:] if node.tag in ("!Ref", "!Condition") else "Fn::" + node.tag[1:]
        inner = node.node
        # The name of a parameter may be a word such as Off.
        argument = inner.text if isinstance(inner, tree.Scalar) else _plain(inner)
        if name == "Fn::GetAtt" and isinstance(argument, str):
            argument = argument.split(".", 1)
        return {name: argument}
    if isinstance(node, tree.Mapping):
        return {
            key: value.text if key == "Ref" and isinstance(value, tree.Scalar) else _plain(value)
            for key, (_, value) in node.entries.items()
        }
    if isinstance(node, tree.Sequence):
        return [_plain(item) for item in node.items]
    data = node.data
    return float(data) if isinstance(data, Decimal) else data


def as_json(data: Data) -> str:
    """The template in JSON."""
    return json.dumps(data, indent=2, ensure_ascii=False)


def as_long_yaml(data: Data) -> str:
    """The template in YAML with functions in their long form, every text in quotes."""
    return yaml.serialize(_node(data, short=False), allow_unicode=True)


def as_short_yaml(data: Data) -> str:
    """The template in YAML with functions in their short form."""
    return yaml.serialize(_node(data, short=True), allow_unicode=True)


def _node(data: Data, *, short: bool, inside: str = "") -> yaml.Node:
    if isinstance(data, dict):
        name, argument = next(iter(data.items())) if len(data) == 1 else ("", None)
        # Condition is a function in conditions only: elsewhere it is a key like others.
        function = (
            name == "Ref"
            or name.startswith("Fn::")
            or (name == "Condition" and inside == "Conditions")
        )
        if short and function and not name.startswith("Fn::ForEach"):
            if name == "Fn::GetAtt" and isinstance(argument, list):
                plain = all(isinstance(part, str) for part in argument)
                argument = ".".join(argument) if plain else argument
            node = _node(argument, short=True, inside=inside)
            if not node.tag.startswith("!"):
                node.tag = "!" + name.removeprefix("Fn::")
                return node
        pairs = [
            (
                yaml.ScalarNode("tag:yaml.org,2002:str", key, style='"'),
                _node(value, short=short, inside=key if key in _NAMED else inside),
            )
            for key, value in data.items()
        ]
        return yaml.MappingNode("tag:yaml.org,2002:map", pairs, flow_style=False)
    if isinstance(data, list):
        items = [_node(item, short=short, inside=inside) for item in data]
        return yaml.SequenceNode("tag:yaml.org,2002:seq", items, flow_style=False)
    if isinstance(data, str):
        return yaml.ScalarNode("tag:yaml.org,2002:str", data, style='"')
    kind = {bool: "bool", int: "int", float: "float", type(None): "null"}[type(data)]
    return yaml.ScalarNode(f"tag:yaml.org,2002:{kind}", json.dumps(data))


def can_be_renamed(data: Data) -> bool:
    """Whether nothing in it makes names of parts, or names things in ways of its own."""
    return not {"Transform", "Rules"} & data.keys() and "Fn::ForEach" not in json.dumps(data)


def renamed(data: Data, random: Random) -> tuple[Data, Callable[[str], str]]:
    """The template with other logical IDs, and what puts the old ones back into a text."""
    # One prefix for all: a place that stands for several resources shows the first by its name.
    prefix = f"{random.choice('AKZ')}qx{random.randrange(100)}q"
    named = (name for section in _NAMED for name in data.get(section, {}))
    new = {name: prefix + name for name in named if name != "Fn::Transform"}

    def restore(text: str) -> str:
        return text.replace(prefix, "")

    made = {
        section: {
            (new.get(key, key) if section in _NAMED else key): _renamed(inner, new)
            for key, inner in content.items()
        }
        if isinstance(content, dict)
        else content
        for section, content in data.items()
    }
    return made, restore


def _renamed(data: Data, new: dict[str, str], key: str = "") -> Data:
    if isinstance(data, dict):
        if "Fn::Sub" in data:
            return {"Fn::Sub": _substituted(data["Fn::Sub"], new)}
        return {name: _renamed(inner, new, name) for name, inner in data.items()}
    if isinstance(data, list):
        if key in ("Fn::GetAtt", "Fn::If", "Fn::FindInMap") and isinstance(data[0], str):
            return [new.get(data[0], data[0]), *(_renamed(inner, new) for inner in data[1:])]
        return [_renamed(inner, new, key if key == "DependsOn" else "") for inner in data]
    if isinstance(data, str):
        if key in ("Ref", "Condition", "DependsOn"):
            return new.get(data, data)
        if key == "Fn::GetAtt":
            name, dot, attribute = data.partition(".")
            return f"{new.get(name, name)}{dot}{attribute}"
    return data


def _substituted(argument: Data, new: dict[str, str]) -> Data:
    text, own = (argument, {}) if isinstance(argument, str) else argument
    shown = {name: after for name, after in new.items() if name not in own}
    text = _SUBSTITUTED.sub(lambda found: "${" + shown.get(found[1], found[1]), text)
    if isinstance(argument, str):
        return text
    return [text, {name: _renamed(inner, new) for name, inner in own.items()}]


def reordered(data: Data, random: Random, key: str = "") -> Data:
    """The template with the members of every mapping, and of lists that are sets, shuffled."""
    if isinstance(data, dict):
        items = [(name, reordered(inner, random, name)) for name, inner in data.items()]
        random.shuffle(items)
        return dict(items)
    if isinstance(data, list):
        made = [reordered(inner, random) for inner in data]
        if key in _UNORDERED:
            random.shuffle(made)
        return made
    return data


def with_separate_rules(data: Data) -> Data:
    """The template with the ingress rules in groups as resources of their own.

    Egress rules stay: a group without any keeps the one that AWS makes.
    """
    resources: dict[str, Data] = {}
    for name, resource in data["Resources"].items():
        resources[name] = resource
        properties = resource.get("Properties") if isinstance(resource, dict) else None
        if not isinstance(properties, dict) or resource.get("Type") != "AWS::EC2::SecurityGroup":
            continue
        rules = properties.get("SecurityGroupIngress")
        if not isinstance(rules, list) or not all(_is_rule(rule) for rule in rules):
            continue
        kept = {key: value for key, value in properties.items() if key != "SecurityGroupIngress"}
        resources[name] = {**resource, "Properties": kept}
        condition = {"Condition": resource["Condition"]} if "Condition" in resource else {}
        for index, rule in enumerate(rules):
            resources[f"{name}Moved{index}"] = {
                "Type": "AWS::EC2::SecurityGroupIngress",
                **condition,
                "Properties": {"GroupId": {"Fn::GetAtt": [name, "GroupId"]}, **rule},
            }
    return {**data, "Resources": resources}


def _is_rule(rule: Data) -> bool:
    return isinstance(rule, dict) and not any(key.startswith(("Fn::", "Ref")) for key in rule)
