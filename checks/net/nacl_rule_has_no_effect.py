from collections.abc import Iterator

from iac_ec2lint.api import Check, Evidence, Graph, Remark, Resource, Severity, Verdict
from iac_ec2lint.api.network import Family
from iac_ec2lint.api.network_acls import (
    AclEffect,
    Direction,
    acl_effects,
    acl_to_fill_in,
    are_together,
    network_acls,
)
from iac_ec2lint.api.resources import NetworkAcl, SeparateNetworkAclEntry

_DIRECTIONS: tuple[Direction, ...] = ("ingress", "egress")


class NaclRuleHasNoEffect(Check):
    """A network ACL entry never takes effect because another entry shadows or contradicts it.

    ## Why it matters
    The entries are tried in the order of their numbers, and the first that matches decides. A deny
    behind an allow of all that it denies blocks nothing, though it reads as if it did.

    AWS refuses a second entry with the number of another, for IPv4 and IPv6 alike: after a change
    of numbers one of the two may be missing. An allow that never decides, and a deny of what is
    denied already, are notes.

    ## Fails
    ```hcl
    resource "aws_network_acl" "web" {
      vpc_id = "vpc-0123456789abcdef0"
      ingress {
        rule_no    = 100
        action     = "allow"
        protocol   = "tcp"
        from_port  = 0
        to_port    = 1024
        cidr_block = "0.0.0.0/0"
      }
      ingress {
        rule_no    = 110
        action     = "deny"
        protocol   = "tcp"
        from_port  = 22
        to_port    = 22
        cidr_block = "0.0.0.0/0"
      }
    }
    ```
    ```yaml
    Parameters:
      VpcId: {Type: "AWS::EC2::VPC::Id"}
    Resources:
      Acl:
        Type: AWS::EC2::NetworkAcl
        Properties:
          VpcId: !Ref VpcId
      First:
        Type: AWS::EC2::NetworkAclEntry
        Properties:
          NetworkAclId: !Ref Acl
          RuleNumber: 100
          RuleAction: allow
          Protocol: 6
          PortRange: {From: 0, To: 1024}
          CidrBlock: 0.0.0.0/0
      Second:
        Type: AWS::EC2::NetworkAclEntry
        Properties:
          NetworkAclId: !Ref Acl
          RuleNumber: 100
          RuleAction: deny
          Protocol: 6
          PortRange: {From: 22, To: 22}
          CidrBlock: 0.0.0.0/0
    ```

    ## Passes
    ```hcl
    resource "aws_network_acl" "web" {
      vpc_id = "vpc-0123456789abcdef0"
      ingress {
        rule_no    = 90
        action     = "deny"
        protocol   = "tcp"
        from_port  = 22
        to_port    = 22
        cidr_block = "0.0.0.0/0"
      }
      ingress {
        rule_no    = 100
        action     = "allow"
        protocol   = "tcp"
        from_port  = 0
        to_port    = 1024
        cidr_block = "0.0.0.0/0"
      }
    }
    ```
    ```diff yaml
       Second:
    -      RuleNumber: 100
    +      RuleNumber: 90
    ```

    ## How to mend it
    Give the deny a lower number than the allow, and each entry a number of its own. Deny IPv4 and
    IPv6 alike.

    ## References
    - [Network ACL rules](https://docs.aws.amazon.com/vpc/latest/userguide/nacl-rules.html)
    - [CreateNetworkAclEntry](https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateNetworkAclEntry.html)
    """

    code = "NET007"
    name = "nacl-rule-has-no-effect"
    severity = Severity.MEDIUM
    since = "0.1.0"
    types = (NetworkAcl, SeparateNetworkAclEntry)

    def examine(self, graph: Graph) -> Iterator[Verdict | Remark]:
        """A verdict for each entry that is overruled, or has the number of another."""
        for acl in network_acls(graph):
            for direction in _DIRECTIONS:
                effects = [
                    effect
                    for family in Family
                    for effect in acl_effects(graph, acl, family, direction)
                ]
                yield from _twice(graph, acl, effects)
                for effect in effects:
                    yield from _overruled(acl, effect, effects)


def _twice(graph: Graph, acl: Resource, effects: list[AclEffect]) -> Iterator[Verdict]:
    """The entries that have the number of one before them."""
    first: dict[tuple[int, object, object], AclEffect] = {}
    for effect in effects:
        entry = effect.entry
        if entry.number is None or entry.written is None:
            continue
        left_open = acl_to_fill_in(graph, entry.resource)
        # Each call of a module has its inputs filled in apart.
        calls = tuple(call.span.key for call in entry.resource.declared.callers)
        key = (entry.number, left_open, calls if left_open is not None else ())
        other = first.setdefault(key, effect).entry
        if other is entry or other.written is None:
            continue
        together = are_together(entry, other)
        if together.truth is False:
            continue
        words = f"number {entry.number} is this entry's"
        yield Verdict(
            subject=_judged(acl, entry.resource),
            resource=entry.resource,
            at=entry.written.place("rule_number"),
            message=(
                f"{'another' if together.truth else 'perhaps another'} entry of the network ACL "
                f"has the number {entry.number} too"
            ),
            undecided=together.truth is None,
            causes=together.causes,
            evidence=(Evidence(other.span, words, other.resource.address),),
        )


def _judged(acl: Resource, declaring: Resource) -> Resource:
    """What is judged: the network ACL, or what declares the entry where it is not declared here."""
    return acl if isinstance(acl, NetworkAcl) else declaring


def _overruled(
    acl: Resource, effect: AclEffect, effects: list[AclEffect]
) -> Iterator[Verdict | Remark]:
    entry = effect.entry
    if entry.written is None:
        return
    if entry.allows is None and not effect.perhaps_overruled:
        return
    if entry.allows is True:
        if not effect.perhaps:
            words = f"{entry.words} of {acl.address} decides nothing: earlier entries do"
            yield Remark("entry-without-effect", entry.resource, entry.written, words)
        return
    certain = entry.allows is False and not effect.perhaps
    if certain and not effect.overruled:
        words = f"{entry.words} of {acl.address} denies what earlier entries deny"
        yield Remark("entry-without-effect", entry.resource, entry.written, words)
        return
    takes_effect = effect.surely and entry.allows is False
    if not certain and (takes_effect or not effect.perhaps_overruled):
        return
    overruling = (
        earlier.entry
        for earlier in effects
        if earlier.perhaps.family is effect.perhaps.family
        and earlier.entry.allows is True
        and earlier.entry.number is not None
        and (entry.number is None or earlier.entry.number < entry.number)
        and earlier.perhaps & effect.perhaps_overruled
    )
    # Of a direction that is not known it may be no entry of this one.
    sure = certain and not entry.existence
    denies = entry.allows is False and not entry.existence
    words = f"{entry.words} {'denies' if denies else 'may deny'} "
    words += f"what earlier entries {'allow' if sure else 'may allow'}"
    yield Verdict(
        subject=_judged(acl, entry.resource),
        resource=entry.resource,
        at=entry.written.place("rule_number"),
        message=words,
        undecided=not sure,
        causes=() if sure else entry.existence or effect.gaps,
        evidence=tuple(
            Evidence(one.span, f"{one.words} allows it first", one.resource.address)
            for one in overruling
        ),
        value="overruled",
    )
