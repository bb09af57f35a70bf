"""One rule in all the spellings that there are, as text of configuration."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from iac_ec2lint.cloudformation.templates import Templates
from iac_ec2lint.graph.graph import Graph
from iac_ec2lint.resources.registry import typed, types
from iac_ec2lint.source.files import Files
from iac_ec2lint.terraform.options import RootModuleOptions
from iac_ec2lint.terraform.unit import Modules, evaluate

if TYPE_CHECKING:
    from iac_ec2lint.declaration import Unit

UNKNOWN = "?"
"""Stands for a value that nobody gives."""

UNKNOWN_IPV6 = "?:"
"""Stands for an IPv6 range that nobody gives."""

IN_LIST = "list:"
"""Before ranges, with commas between them, of a prefix list."""

ELSEWHERE = "pl-0123456789abcdef0"
"""A prefix list declared elsewhere."""


@dataclass(frozen=True)
class Rule:
    """A rule of a security group.

    Attributes:
        protocol: As written: a name, a number, or ``UNKNOWN``.
        ports: First and last port as written, or ``UNKNOWN``.
        sources: Ranges, prefix lists (``IN_LIST``, ``ELSEWHERE``), ``self``, ``group`` or
            ``UNKNOWN`` ones.
        switched: Whether it hangs on something undecided.
    """

    protocol: str | int
    ports: tuple[str | int, str | int]
    sources: tuple[str, ...]
    switched: bool = False


def hcl(value: str | int, kind: str) -> str:
    """A value in Terraform; an unknown one is a variable."""
    if isinstance(value, int):
        return str(value)
    return f"var.{kind}" if value in {UNKNOWN, UNKNOWN_IPV6} else f'"{value}"'


def yaml(value: str | int, kind: str) -> str:
    """A value in CloudFormation; an unknown one is a parameter."""
    if isinstance(value, int):
        return str(value)
    return f"!Ref {kind}" if value in {UNKNOWN, UNKNOWN_IPV6} else f'"{value}"'


def attributes(rule: Rule) -> str:
    """The arguments of an inline rule in Terraform, all of them."""
    first, last = rule.ports
    lists = prefix_lists(rule)
    ipv4 = [s for s in rule.sources if ":" not in s and s not in {"self", "group", ELSEWHERE}]
    ipv6 = [s for s in rule.sources if ":" in s and s not in lists]
    return f"""
    description      = "rule"
    protocol         = {hcl(rule.protocol, "protocol")}
    from_port        = {hcl(first, "port")}
    to_port          = {hcl(last, "port")}
    cidr_blocks      = [{", ".join(hcl(s, "cidr") for s in ipv4)}]
    ipv6_cidr_blocks = [{", ".join(hcl(s, "cidr") for s in ipv6)}]
    prefix_list_ids  = [{", ".join(lists.values())}]
    security_groups  = [{"aws_security_group.other.id" if "group" in rule.sources else ""}]
    self             = {"true" if "self" in rule.sources else "false"}
"""


def prefix_lists(rule: Rule) -> dict[str, str]:
    """The prefix lists of a rule as Terraform refers to them."""
    own = [s for s in rule.sources if s.startswith(IN_LIST)]
    found = {s: f"aws_ec2_managed_prefix_list.l{number}.id" for number, s in enumerate(own)}
    return found | {s: f'"{s}"' for s in rule.sources if s == ELSEWHERE}


def configuration(rule: Rule, body: str) -> str:
    """What stands around a rule in Terraform."""
    entries = [s.removeprefix(IN_LIST).split(",") for s in rule.sources if s.startswith(IN_LIST)]
    lists = "".join(
        f'resource "aws_ec2_managed_prefix_list" "l{number}" {{\n  name = "l{number}"\n'
        + "".join(f'  entry {{\n    cidr = "{cidr}"\n  }}\n' for cidr in cidrs)
        + "}\n"
        for number, cidrs in enumerate(entries)
    )
    variables = "".join(
        f'variable "{name}" {{\n  type = {kind}\n}}\n'
        for name, kind in (("protocol", "string"), ("port", "number"), ("cidr", "string"))
    )
    return f"""{variables}
variable "switch" {{
  type = bool
}}
{lists}
resource "aws_security_group" "other" {{}}
{body}"""


def group(rule: Rule, inside: str) -> str:
    """A security group in Terraform."""
    count = "  count = var.switch ? 1 : 0\n" if rule.switched else ""
    return f'resource "aws_security_group" "this" {{\n{count}{inside}}}\n'


def inline_block(rule: Rule) -> str:
    """An ``ingress`` block."""
    return configuration(rule, group(rule, f"  ingress {{{attributes(rule)}  }}\n"))


def attribute(rule: Rule) -> str:
    """``ingress = [...]``."""
    return configuration(rule, group(rule, f"  ingress = [{{{attributes(rule)}  }}]\n"))


def dynamic_block(rule: Rule) -> str:
    """A ``dynamic`` block."""
    each = "var.switch ? [1] : []" if rule.switched else "[1]"
    inside = f"""  dynamic "ingress" {{
    for_each = {each}
    content {{{attributes(rule)}    }}
  }}
"""
    return configuration(rule, f'resource "aws_security_group" "this" {{\n{inside}}}\n')


def separate(rule: Rule) -> str:
    """``aws_security_group_rule``: another group is a rule of its own."""
    count = "count = var.switch ? 1 : 0" if rule.switched else ""
    sources = [s for s in rule.sources if s != "group"]
    body = attributes(Rule(rule.protocol, rule.ports, tuple(sources)))
    kept = "\n".join(line for line in body.splitlines() if "security_groups " not in line)
    text = f"""resource "aws_security_group_rule" "this" {{
  {count}
  security_group_id = aws_security_group.this.id
  type = "ingress"
  {kept}
}}
"""
    if "group" in rule.sources:
        first, last = rule.ports
        text += f"""resource "aws_security_group_rule" "group" {{
  {count}
  security_group_id = aws_security_group.this.id
  type = "ingress"
  protocol = {hcl(rule.protocol, "protocol")}
  from_port = {hcl(first, "port")}
  to_port = {hcl(last, "port")}
  source_security_group_id = aws_security_group.other.id
}}
"""
    return configuration(rule, f'resource "aws_security_group" "this" {{}}\n{text}')


def single_source(rule: Rule) -> str:
    """Each source in a resource of its own."""
    rules = []
    lists = prefix_lists(rule)
    first, last = rule.ports
    for number, source in enumerate(rule.sources):
        if source in lists:
            said = f"prefix_list_id = {lists[source]}"
        elif source in {"self", "group"}:
            which = "this" if source == "self" else "other"
            said = f"referenced_security_group_id = aws_security_group.{which}.id"
        else:
            said = f"cidr_ipv{6 if ':' in source else 4} = {hcl(source, 'cidr')}"
        rules.append(f"""resource "aws_vpc_security_group_ingress_rule" "r{number}" {{
  {"count = var.switch ? 1 : 0" if rule.switched else ""}
  security_group_id = aws_security_group.this.id
  ip_protocol = {hcl(rule.protocol, "protocol")}
  from_port = {hcl(first, "port")}
  to_port = {hcl(last, "port")}
  {said}
}}
""")
    return configuration(rule, f'resource "aws_security_group" "this" {{}}\n{"".join(rules)}')


def properties(rule: Rule) -> list[list[str]]:
    """The properties of a rule in CloudFormation, for each of its sources."""
    found = []
    lists = 0
    first, last = rule.ports
    for source in rule.sources:
        lines = [
            f"IpProtocol: {yaml(rule.protocol, 'Protocol')}",
            f"FromPort: {yaml(first, 'Port')}",
            f"ToPort: {yaml(last, 'Port')}",
        ]
        if source.startswith(IN_LIST):
            lines.append(f"SourcePrefixListId: !Ref List{lists}")
            lists += 1
        elif source == ELSEWHERE:
            lines.append(f"SourcePrefixListId: {source}")
        elif source in {"self", "group"}:
            which = "This" if source == "self" else "Group"
            lines.append(f"SourceSecurityGroupId: !GetAtt {which}.GroupId")
        else:
            lines.append(f"CidrIp{'v6' if ':' in source else ''}: {yaml(source, 'Cidr')}")
        found.append(lines)
    return found


def template(rule: Rule, resources: str) -> str:
    """What stands around a rule in CloudFormation."""
    lists = "".join(
        f"  List{number}:\n    Type: AWS::EC2::PrefixList\n    Properties:\n      Entries:\n"
        + "".join(f"        - Cidr: {cidr}\n" for cidr in source.removeprefix(IN_LIST).split(","))
        for number, source in enumerate(s for s in rule.sources if s.startswith(IN_LIST))
    )
    return f"""Parameters:
  Protocol: {{Type: String}}
  Port: {{Type: Number}}
  Cidr: {{Type: String}}
  Stage: {{Type: String}}
Conditions:
  Switch: !Equals [!Ref Stage, test]
Resources:
  Group:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: another
{lists}{resources}"""


def stack_inline(rule: Rule) -> str:
    """Without ``self``, which a group's own rules cannot say: they cannot refer to the group."""
    rules = ""
    others = tuple(source for source in rule.sources if source != "self")
    for lines in properties(Rule(rule.protocol, rule.ports, others)):
        if rule.switched:
            inside = "\n            ".join(lines)
            rules += f"        - !If\n          - Switch\n          - {inside}\n"
            rules += "          - !Ref AWS::NoValue\n"
        else:
            inside = "\n          ".join(lines)
            rules += f"        - {inside}\n"
    listed = f"\n{rules}" if rules else " []"
    text = "  This:\n    Type: AWS::EC2::SecurityGroup\n    Properties:\n"
    text += f"      GroupDescription: this\n      SecurityGroupIngress:{listed}"
    return template(rule, text)


def stack_separate(rule: Rule) -> str:
    """Each source in a resource of its own."""
    text = "  This:\n    Type: AWS::EC2::SecurityGroup\n    Properties: {GroupDescription: this}\n"
    condition = "    Condition: Switch\n" if rule.switched else ""
    for number, lines in enumerate(properties(rule)):
        inside = "".join(f"      {line}\n" for line in lines)
        text += f"  Rule{number}:\n    Type: AWS::EC2::SecurityGroupIngress\n{condition}"
        text += f"    Properties:\n      GroupId: !GetAtt This.GroupId\n{inside}"
    return template(rule, text)


Spelling = Callable[[Rule], str]

SPELLINGS: dict[str, tuple[Spelling, str]] = {
    "inline block": (inline_block, "main.tf"),
    "attribute": (attribute, "main.tf"),
    "dynamic block": (dynamic_block, "main.tf"),
    "aws_security_group_rule": (separate, "main.tf"),
    "aws_vpc_security_group_ingress_rule": (single_source, "main.tf"),
    "SecurityGroupIngress": (stack_inline, "template.yaml"),
    "AWS::EC2::SecurityGroupIngress": (stack_separate, "template.yaml"),
}
"""What writes a rule, and the name of the file, by what it is called."""


def evaluated(text: str, name: str, folder: Path) -> Graph:
    """The graph of a configuration or a template."""
    (folder / name).write_text(text, encoding="utf-8")
    files = Files(folder, folder)
    unit: Unit
    if name.endswith(".tf"):
        unit = evaluate(folder, Modules(files, RootModuleOptions()), types())
    else:
        unit = Templates(files).evaluate(folder / name, types())
    assert not unit.diagnostics, unit.diagnostics
    return Graph(typed(declared) for declared in unit.declarations)
