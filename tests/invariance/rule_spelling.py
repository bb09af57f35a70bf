"""Security group rules written inline, or as resources of their own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from tests.invariance.projects import Project
from tests.invariance.syntax import (
    Edit,
    Module,
    edited,
    literal_text,
    modules,
    source_text,
    whole_lines,
)

from iac_ec2lint.hcl import tree

Spelling = Literal["rule", "vpc_rule"]
_SOURCES = ("cidr_blocks", "ipv6_cidr_blocks", "prefix_list_ids")
_SINGLE = {
    "cidr_blocks": "cidr_ipv4",
    "ipv6_cidr_blocks": "cidr_ipv6",
    "prefix_list_ids": "prefix_list_id",
    "security_groups": "referenced_security_group_id",
}
_GROUPS = ("aws_security_group", "aws_default_security_group")
_ARGUMENTS = frozenset({*_SINGLE, "self", "protocol", "from_port", "to_port", "description"})


def with_separate_rules(project: Project, spelling: Spelling) -> Project:
    """The project with the rules in groups as resources of their own, where that can be said."""
    after = dict(project)
    for module in modules(project).values():
        for path, file in module.files.items():
            edits: list[Edit] = []
            made: list[str] = []
            for group in file.body.blocks:
                rules = _movable(group, spelling)
                for rule in rules:
                    edits.append(Edit(*whole_lines(file.source.text, rule.start, rule.end), ""))
                    made += _separate(group, rule, spelling, len(made), path)
            after[path] = "\n".join([edited(file.source.text, edits), *made])
    return after


def with_inline_rules(project: Project) -> Project:
    """The project with rules of their own in the groups of the same file, where that can be."""
    after = dict(project)
    for module in modules(project).values():
        for path, file in module.files.items():
            after[path] = edited(file.source.text, _inlining(module, file))
    return after


def _movable(group: tree.Block, spelling: Spelling) -> list[tree.Block]:
    """The rules of a group; none where one of them cannot be moved."""
    if group.type != "resource" or group.labels[:1] not in [(name,) for name in _GROUPS]:
        return []
    body = group.body
    if {"count", "for_each", "ingress", "egress"} & body.attributes.keys():
        return []
    if any(block.type == "dynamic" for block in body.blocks):
        return []
    rules = [block for block in body.blocks if block.type in ("ingress", "egress")]
    return rules if all(_is_movable(rule, spelling) for rule in rules) else []


def _is_movable(rule: tree.Block, spelling: Spelling) -> bool:
    attributes = rule.body.attributes
    if not attributes.keys() <= _ARGUMENTS or rule.body.blocks:
        return False
    if "self" in attributes and not isinstance(attributes["self"].expression, tree.Literal):
        return False
    lists = ["security_groups"] if spelling == "rule" else list(_SINGLE)
    if any(
        name in attributes and not isinstance(attributes[name].expression, tree.TupleExpression)
        for name in lists
    ):
        return False
    # It opens on its own line, and what it holds does not.
    return "\n" in source_text(rule)


def _separate(
    group: tree.Block, rule: tree.Block, spelling: Spelling, number: int, path: str
) -> Iterator[str]:
    attributes = {name: source_text(a.expression) for name, a in rule.body.attributes.items()}
    owner = ".".join(group.labels)
    stem = "".join(c if c.isalnum() else "_" for c in path)
    if spelling == "rule":
        common = {
            "type": f'"{rule.type}"',
            "security_group_id": f"{owner}.id",
            **{n: v for n, v in attributes.items() if n not in ("security_groups", "self")},
        }
        variants = [common] if set(_SOURCES) & attributes.keys() else []
        bare = {n: v for n, v in common.items() if n not in _SOURCES}
        if attributes.get("self") == "true":
            variants.append({**bare, "self": "true"})
        variants += [{**bare, "source_security_group_id": e} for e in _elements(rule)]
        kind = "aws_security_group_rule"
    else:
        bare = {"security_group_id": f"{owner}.id", "ip_protocol": attributes.get("protocol", "")}
        if attributes.get("protocol", "").strip('"') not in ("-1", "all"):
            bare |= {n: attributes[n] for n in ("from_port", "to_port") if n in attributes}
        variants = [
            {**bare, single: element}
            for many, single in _SINGLE.items()
            for element in _elements(rule, many)
        ]
        if attributes.get("self") == "true":
            variants.append({**bare, "referenced_security_group_id": f"{owner}.id"})
        kind = f"aws_vpc_security_group_{rule.type}_rule"
    for index, variant in enumerate(variants):
        lines = "\n".join(f"  {name} = {value}" for name, value in variant.items() if value)
        name = f"moved_{stem}_{group.labels[1]}_{number}_{index}"
        yield f'resource "{kind}" "{name}" {{\n{lines}\n}}\n'


def _elements(rule: tree.Block, name: str = "security_groups") -> list[str]:
    attribute = rule.body.attributes.get(name)
    if attribute is None or not isinstance(attribute.expression, tree.TupleExpression):
        return []
    return [source_text(element) for element in attribute.expression.elements]


def _inlining(module: Module, file: tree.File) -> Iterator[Edit]:
    text = file.source.text
    groups = {
        group.labels: group
        for group in file.body.blocks
        if group.type == "resource"
        and group.labels[:1] in [(name,) for name in _GROUPS]
        and not {"count", "for_each", "ingress", "egress"} & group.body.attributes.keys()
        and "\n" in source_text(group)
    }
    named = "".join(f.source.text for f in module.files.values())
    added: dict[tuple[str, ...], list[str]] = {}
    for rule in file.body.blocks:
        inline = _inline(rule)
        owner = _owner(rule)
        if inline is None or owner not in groups or ".".join(rule.labels) in named:
            continue
        added.setdefault(owner, []).append(inline)
        yield Edit(*whole_lines(text, rule.start, rule.end), "")
    for owner, rules in added.items():
        at = text.rfind("\n", 0, groups[owner].end) + 1
        yield Edit(at, at, "".join(rules))


def _owner(rule: tree.Block) -> tuple[str, ...]:
    """The labels of the group that a rule says it is of."""
    attribute = rule.body.attributes.get("security_group_id")
    node = attribute.expression if attribute else None
    if isinstance(node, tree.GetAttribute) and node.name == "id":
        group = node.operand
        if isinstance(group, tree.GetAttribute) and isinstance(group.operand, tree.Variable):
            return group.operand.name, group.name
    return ()


def _inline(rule: tree.Block) -> str | None:
    """A rule of its own as a block in its group."""
    if rule.type != "resource" or rule.body.blocks:
        return None
    attributes = {name: a.expression for name, a in rule.body.attributes.items()}
    if {"count", "for_each", "depends_on", "provider"} & attributes.keys():
        return None
    kind = rule.labels[0]
    single = {"source_security_group_id": "security_groups"}
    if kind == "aws_security_group_rule" and "type" in attributes:
        direction = literal_text(attributes["type"])
    elif kind in ("aws_vpc_security_group_ingress_rule", "aws_vpc_security_group_egress_rule"):
        direction = kind.split("_")[4]
        single |= {name: many for many, name in _SINGLE.items()}
    else:
        return None
    if direction is None:
        return None
    lines = [f"  {direction} {{"]
    for name, expression in attributes.items():
        written = source_text(expression)
        if name in single:
            lines.append(f"    {single[name]} = [{written}]")
        elif name not in ("type", "security_group_id", "tags"):
            lines.append(f"    {'protocol' if name == 'ip_protocol' else name} = {written}")
    if "from_port" not in attributes and "to_port" not in attributes:
        lines += ["    from_port = 0", "    to_port = 0"]
    return "\n".join([*lines, "  }\n"])
