from collections import defaultdict
from collections.abc import Iterator, Mapping

from iac_ec2lint.api import (
    Check,
    Edge,
    Graph,
    Part,
    Resource,
    Severity,
    Unknown,
    Verdict,
    parameter,
)
from iac_ec2lint.api.compute import HOST_TYPES
from iac_ec2lint.api.groups import RuleCount, rule_counts, rules_together
from iac_ec2lint.api.network import Family
from iac_ec2lint.api.resources import (
    NetworkInterface,
    PrefixList,
    SecurityGroup,
    SeparateSecurityGroupRule,
)

_WITH_INTERFACES = (*HOST_TYPES, NetworkInterface)
_NAMES = {Family.IPV4: "IPv4", Family.IPV6: "IPv6"}


class TooManyRules(Check):
    """The rules on one group, or on one interface, are too many to review.

    ## Why it matters
    Nobody reads a hundred rules, and among them one that is too wide stays unseen. AWS admits 60
    for each group and direction, IPv4 and IPv6 apart, and refuses the deployment of more.

    Each range and each source counts, and a prefix list as many times as it may have entries; one
    of AWS's own (CloudFront's, S3's) counts once, since its entries are nobody's to review.

    ## Fails
    ```hcl
    resource "aws_security_group" "web" {
      ingress {
        protocol    = "tcp"
        from_port   = 443
        to_port     = 443
        cidr_blocks = [for i in range(51) : "10.0.${i}.0/24"]
      }
    }
    ```
    ```yaml
    Resources:
      Offices:
        Type: AWS::EC2::PrefixList
        Properties:
          PrefixListName: offices
          AddressFamily: IPv4
          MaxEntries: 60
      Web:
        Type: AWS::EC2::SecurityGroup
        Properties:
          GroupDescription: Web
          SecurityGroupIngress:
            - IpProtocol: tcp
              FromPort: 443
              ToPort: 443
              SourcePrefixListId: !Ref Offices
    ```

    ## Passes
    ```diff hcl
    -    cidr_blocks = [for i in range(51) : "10.0.${i}.0/24"]
    +    cidr_blocks = ["10.0.0.0/18"]
    ```
    ```diff yaml
       Offices:
    -      MaxEntries: 60
    +      MaxEntries: 10
    ```

    ## How to mend it
    Merge ranges and rules, or split the group by what its members do.

    ## References
    - [Amazon VPC quotas, security groups](https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html#vpc-limits-security-groups)
    - [Security group rules](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/security-group-rules.html)
    """

    code = "SG021"
    name = "too-many-rules"
    severity = Severity.LOW
    since = "0.1.0"
    types = (*_WITH_INTERFACES, PrefixList, SecurityGroup, SeparateSecurityGroupRule)
    max_rules = parameter.integer(
        default=50, minimum=1, maximum=1000, help="How many rules may be there."
    )

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each group, and each interface, with too many rules of a direction."""
        for direction in ("ingress", "egress"):
            counts = rule_counts(graph, direction)
            many: set[Resource] = set()
            for group, by_family in counts.items():
                for family, count in by_family.items():
                    which = f"{_NAMES[family]} {direction} rules"
                    if count.certain > self.max_rules:
                        many.add(group)
                        yield Verdict(
                            subject=group,
                            at=group,
                            message=f"the group has {count.certain} {which}",
                            value=which,
                        )
                        continue
                    causes = (*count.causes, *_group_unknown(graph, group, count))
                    may = count.may_exceed(self.max_rules) or _has_no_known_group(group)
                    if causes and may:
                        yield Verdict(
                            subject=group,
                            at=group,
                            message=f"the group may have more than {self.max_rules} {which}",
                            undecided=True,
                            causes=causes,
                            value=which,
                        )
            yield from self._together(graph, direction, counts, many)

    def _together(
        self,
        graph: Graph,
        direction: str,
        counts: Mapping[Resource, Mapping[Family, RuleCount]],
        many: set[Resource],
    ) -> Iterator[Verdict]:
        """A verdict for each interface whose groups have too many together, and none alone."""
        for edges in _interfaces(graph, counts).values():
            groups = {edge.target for edge in edges if edge.target is not None}
            if len(groups) < 2 or groups & many:
                continue
            for family, name in _NAMES.items():
                both = rules_together(counts[group][family] for group in groups)
                total, causes = both.certain, both.causes
                maybe = [cause for edge in edges for cause in edge.answer.causes]
                certain = total > self.max_rules and not maybe
                if total > self.max_rules or (causes and both.may_exceed(self.max_rules)):
                    which = f"{name} {direction} rules"
                    words = f"its {len(groups)} groups have {total} {which} together"
                    if not certain:
                        words = f"its groups may have more than {self.max_rules} {which} together"
                    yield Verdict(
                        subject=edges[0].source,
                        at=edges[0].part.place("security_groups"),
                        message=words,
                        undecided=not certain,
                        causes=() if certain else (*causes, *maybe),
                        value=which,
                    )


def _has_no_known_group(group: Resource) -> bool:
    return isinstance(group, SeparateSecurityGroupRule)


def _group_unknown(graph: Graph, group: Resource, count: RuleCount) -> tuple[Unknown, ...]:
    """Why a rule may be one of many: nothing says which group it is of."""
    if not isinstance(group, SeparateSecurityGroupRule) or not count.certain:
        return ()
    edges = graph.targets(group, "security_group")
    return tuple(cause for edge in edges for cause in edge.answer.causes)


def _interfaces(
    graph: Graph, counts: Mapping[Resource, Mapping[Family, RuleCount]]
) -> Mapping[Part, list[Edge]]:
    """The groups that each part has, or may have."""
    found: dict[Part, list[Edge]] = defaultdict(list)
    for group in counts:
        for edge in graph.sources(group, "security_groups"):
            if isinstance(edge.source, _WITH_INTERFACES):
                found[edge.part].append(edge)
    return found
