"""SG010: a rule trusts a wide public range."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Literal

from iac_ec2lint.api import (
    AddressSet,
    Check,
    Evidence,
    Family,
    Graph,
    Openness,
    Resource,
    RuleSource,
    RuleTraffic,
    Severity,
    Verdict,
    exposures,
    group_rules,
    openness,
    public_addresses,
)

_MAX_PREFIX = {Family.IPV4: 23, Family.IPV6: 31}
_LEAST = {family: 1 << (family.bits - prefix) for family, prefix in _MAX_PREFIX.items()}


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

    ## Passes
    ```hcl
    resource "aws_security_group" "office" {
      ingress {
        protocol    = "tcp"
        from_port   = 443
        to_port     = 443
        cidr_blocks = ["198.51.100.0/24"]
      }
    }
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

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each source that is wide, public and not the whole internet."""
        for direction, verb in _DIRECTIONS:
            together = {
                place.span.key
                for exposure in exposures(graph, direction)
                if not exposure.causes
                for place in exposure.places
            }
            for group in group_rules(graph, direction):
                public = {f: public_addresses(graph, group.group, f) for f in Family}
                for read in group.rules:
                    for source in _sources(read, public):
                        if source.place.span.key not in together:
                            yield from _examine(group.group, read, source, public, verb)


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
) -> Iterator[Verdict]:
    wide = _wide(source.lower, public)
    may_be = any(
        source.most is None or source.most >= _LEAST[addresses.family]
        for addresses in _wide(source.upper, public)
    )
    if not wide and not (source.causes and may_be):
        return
    certain = bool(wide) and any(read.lower.values())
    which = ", ".join(addresses.describe() for addresses in wide)
    yield Verdict(
        subject=group,
        resource=read.resource,
        at=source.place,
        message=f"the public range {which} is {verb}"
        if certain
        else f"a wide public range may be {verb}",
        causes=() if certain else (*(() if wide else source.causes), *read.causes),
        undecided=not certain,
        evidence=tuple(Evidence(hop.span, hop.words) for hop in source.hops),
        value=which,
    )


def _wide(sets: Iterable[AddressSet], public: Mapping[Family, AddressSet]) -> list[AddressSet]:
    """The public part of those sets that have a wide range in it."""
    found = [addresses & public[addresses.family] for addresses in sets]
    return [a for a in found if any(hi - lo + 1 >= _LEAST[a.family] for lo, hi in a.ranges)]
