from collections.abc import Iterable, Iterator, Mapping
from typing import Literal

from iac_ec2lint.api import Check, Evidence, Graph, Resource, Severity, Verdict, parameter
from iac_ec2lint.api.network import (
    AddressSet,
    Family,
    Openness,
    RuleSource,
    RuleTraffic,
    exposures,
    group_rules,
    openness,
    strangers,
)
from iac_ec2lint.api.resources import SecurityGroup, SeparateSecurityGroupRule
from iac_ec2lint.api.verdicts import if_holding

_DIRECTIONS: tuple[tuple[Literal["ingress", "egress"], str], ...] = (
    ("ingress", "admitted"),
    ("egress", "allowed as a destination"),
)


class IngressFromWidePublicRange(Check):
    """A rule trusts a public address range far larger than one organisation.

    ## Why it matters
    A range of hundreds of addresses or more is rarely all one's own: a cloud's or a provider's
    block can be rented into by anybody. The limit is a /24 in IPv4 and a /32 in IPv6.

    Ranges that come to the whole internet are left to SG001 to SG007.

    ## Fails
    ```hcl
    resource "aws_security_group" "provider" {
      ingress {
        protocol    = "tcp"
        from_port   = 443
        to_port     = 443
        cidr_blocks = ["3.0.0.0/8"]
      }
    }
    ```
    ```yaml
    Resources:
      Provider:
        Type: AWS::EC2::SecurityGroup
        Properties:
          GroupDescription: Provider
          SecurityGroupIngress:
            - {IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 3.0.0.0/8}
    ```

    ## Passes
    ```diff hcl
    -    cidr_blocks = ["3.0.0.0/8"]
    +    cidr_blocks = ["198.51.100.0/24"]
    ```
    ```diff yaml
    -        - {IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 3.0.0.0/8}
    +        - {IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 198.51.100.0/24}
    ```

    ## How to mend it
    Use the narrowest range, or a managed prefix list of known networks.

    ## References
    - [Security group rules](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/security-group-rules.html)
    - [Managed prefix lists](https://docs.aws.amazon.com/vpc/latest/userguide/managed-prefix-lists.html)
    """

    code = "SG010"
    name = "ingress-from-wide-public-range"
    severity = Severity.MEDIUM
    since = "0.1.0"
    types = (SecurityGroup, SeparateSecurityGroupRule)

    ipv4_max_prefix = parameter.integer(
        default=23, minimum=1, maximum=32, help="The longest prefix of an IPv4 range that is wide."
    )
    ipv6_max_prefix = parameter.integer(
        default=31, minimum=1, maximum=128, help="The same of an IPv6 range."
    )

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each source that is wide, public and not the whole internet."""
        least = {
            Family.IPV4: 1 << (Family.IPV4.bits - self.ipv4_max_prefix),
            Family.IPV6: 1 << (Family.IPV6.bits - self.ipv6_max_prefix),
        }
        for direction, verb in _DIRECTIONS:
            together = {
                place.span.key
                for exposure in exposures(graph, direction)
                if not exposure.causes
                for place in exposure.places
            }
            for group in group_rules(graph, direction):
                public = {f: strangers(graph, group.group, f) for f in Family}
                for read in group.rules:
                    if not any(_may_be_wide(source, public, least) for source in read.sources):
                        continue  # as most
                    for source in _sources(read, public):
                        if source.place.span.key not in together:
                            yield from _examine(group.group, read, source, public, verb, least)


def _may_be_wide(
    source: RuleSource, public: Mapping[Family, AddressSet], least: Mapping[Family, int]
) -> bool:
    """Whether a source has, or may have, a wide public range: a cheap first question."""
    return bool(
        _wide(source.lower, public, least) or (source.causes and _wide(source.upper, public, least))
    )


def _sources(read: RuleTraffic, public: Mapping[Family, AddressSet]) -> Iterator[RuleSource]:
    """The sources of a rule, without the families that it opens to the internet as a whole."""
    if not any(read.upper.values()):
        return
    closed = []
    for family in Family:
        sets = [a for source in read.sources for a in source.lower if a.family is family]
        if openness(AddressSet.union(family, sets), public[family]) is not Openness.WORLD:
            closed.append(family)
    for source in read.sources:
        lower = tuple(a for a in source.lower if a.family in closed)
        upper = tuple(a for a in source.upper if a.family in closed)
        yield source._replace(lower=lower, upper=upper)


def _examine(
    group: Resource,
    read: RuleTraffic,
    source: RuleSource,
    public: Mapping[Family, AddressSet],
    verb: str,
    least: Mapping[Family, int],
) -> Iterator[Verdict]:
    wide = _wide(source.lower, public, least)
    may_be = not source.inside and any(
        source.most is None or source.most >= least[addresses.family]
        for addresses in _wide(source.upper, public, least)
    )
    if not wide and not (source.causes and may_be):
        return
    certain = bool(wide) and any(read.lower.values())
    which = ", ".join(addresses.describe() for addresses in wide)
    named = "" if wide or read.causes else if_holding(source.causes, "one")
    yield Verdict(
        subject=group,
        resource=read.resource,
        at=source.place,
        message=f"the public range {which} is {verb}"
        if certain
        else f"a wide public range may be {verb}{named}",
        causes=() if certain else (*(() if wide else source.causes), *read.causes),
        undecided=not certain,
        evidence=tuple(Evidence(hop.span, hop.words) for hop in source.hops),
        value=which,
        of_strangers=True,
    )


def _wide(
    sets: Iterable[AddressSet], public: Mapping[Family, AddressSet], least: Mapping[Family, int]
) -> list[AddressSet]:
    """The public part of those sets that have a wide range in it."""
    found = [addresses & public[addresses.family] for addresses in sets]
    return [a for a in found if any(hi - lo + 1 >= least[a.family] for lo, hi in a.ranges)]
