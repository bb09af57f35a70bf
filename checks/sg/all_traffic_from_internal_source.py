from collections.abc import Iterator

from iac_ec2lint.api import (
    NO,
    YES,
    Answer,
    Check,
    External,
    Graph,
    Place,
    Resource,
    Severity,
    Unknown,
    Verdict,
    parameter,
    require,
)
from iac_ec2lint.api.network import (
    ALL,
    TCP,
    UDP,
    USABLE_PORTS,
    Family,
    Openness,
    RuleSource,
    RuleTraffic,
    attached_to,
    group_rules,
    openness,
    public_addresses,
)
from iac_ec2lint.api.resources import (
    ClassicLoadBalancer,
    LoadBalancer,
    SecurityGroup,
    SecurityGroupDataSource,
    SeparateSecurityGroupRule,
)
from iac_ec2lint.api.verdicts import describe_every_port


class AllTrafficFromInternalSource(Check):
    """A group admits every protocol from an internal range or from another group.

    ## Why it matters
    Once one host inside is taken over, a rule for all traffic is the way to every port of the next:
    administration, debuggers, metrics, whatever listens for the machine alone.

    Rules among the members of one group, and those from the group of a load balancer, fail where
    `strict` is set. Whose group it is that is declared elsewhere is not known: that is undecided.

    ## Fails
    ```hcl
    resource "aws_security_group" "app" {
      ingress {
        protocol    = "-1"
        from_port   = 0
        to_port     = 0
        cidr_blocks = ["10.0.0.0/8"]
      }
    }
    ```
    ```yaml
    Resources:
      App:
        Type: AWS::EC2::SecurityGroup
        Properties:
          GroupDescription: Application
          SecurityGroupIngress:
            - IpProtocol: "-1"
              CidrIp: 10.0.0.0/8
    ```

    ## Passes
    ```hcl
    resource "aws_security_group" "app" {
      ingress {
        protocol    = "tcp"
        from_port   = 8443
        to_port     = 8443
        cidr_blocks = ["10.0.0.0/8"]
      }
    }
    ```
    ```diff yaml
    -        - IpProtocol: "-1"
    +        - IpProtocol: tcp
    +          FromPort: 8443
    +          ToPort: 8443
    ```

    ## How to mend it
    Open only the protocols and ports that the source uses.

    ## References
    - [Security group rules](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/security-group-rules.html)
    """

    code = "SG015"
    name = "all-traffic-from-internal-source"
    severity = Severity.MEDIUM
    since = "0.1.0"
    types = (SecurityGroup, SeparateSecurityGroupRule)
    strict = parameter.boolean(
        default=False,
        help="Whether rules within a group, and from groups of load balancers, fail too.",
    )

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each internal source that is admitted on every port."""
        for group in group_rules(graph, "ingress"):
            for read in group.rules:
                opens = _opens_all(read)
                if opens.may_be_true:
                    yield from _ranges(graph, group.group, read, opens)
                    yield from self._groups(graph, group.group, read, opens)

    def _groups(
        self, graph: Graph, group: Resource, read: RuleTraffic, opens: Answer
    ) -> Iterator[Verdict]:
        every = _every_port(read)
        own = f"{every} is open to {group.address} itself"
        if self.strict and read.rule.self_.is_true().may_be_true:
            yield from require(
                ~(opens & read.rule.self_.is_true()),
                of=group,
                at=read.rule.place("self_"),
                resource=read.resource,
                otherwise=own,
            )
        for edge in graph.follow(read.resource, read.rule, "groups"):
            itself = edge.target is group
            expected = NO if self.strict else _is_of_balancers(graph, edge.target)
            if itself and not self.strict:
                continue
            source = "another group" if edge.target is None else edge.target.address
            yield from require(
                ~(opens & edge.answer) | expected,
                of=group,
                at=_at_ports(read, read.rule.place("groups", edge.value)),
                resource=read.resource,
                otherwise=own if itself else f"{every} is open to {source}",
                perhaps=f"{every} may be open to {source}",
            )


def _ranges(graph: Graph, group: Resource, read: RuleTraffic, opens: Answer) -> Iterator[Verdict]:
    every = _every_port(read)
    for source in read.sources:
        private = _is_private(graph, group, source)
        which = ", ".join(one.describe() for one in source.lower) or "of the VPC"
        if source.place.name == "prefix_lists":
            which = f"of {source.place.attribute}"
        yield from require(
            ~(opens & private),
            of=group,
            at=_at_ports(read, source.place),
            resource=read.resource,
            otherwise=f"{every} is open to the private addresses {which}",
            perhaps=f"{every} may be open to private addresses",
        )


def _at_ports(read: RuleTraffic, place: Place) -> Place:
    """Where a source is named: in the rule where that says the ports, whoever hands the source on.

    Who is handed the group of a load balancer, or a range, does not choose that all is open to it.
    """
    rule = place.part
    if rule is None:
        return place
    said = ("protocol",) if read.upper.get(ALL) else ("protocol", "from_port", "to_port")
    written = (rule.place(name) for name in said)
    return rule.here(place) if all(rule.here(each) == each for each in written) else place


def _opens_all(read: RuleTraffic) -> Answer:
    """Whether a rule opens every port, of TCP, of UDP or of every protocol."""
    if _covers(read, certain=True):
        return Answer(True)
    if read.one_port or not _covers(read, certain=False):
        return Answer(False)
    return Answer(None, read.causes)


def _covers(read: RuleTraffic, *, certain: bool) -> bool:
    opened = read.lower if certain else read.upper
    if opened.get(ALL):
        return True
    return any(ports.covers(USABLE_PORTS) for p in (TCP, UDP) if (ports := opened.get(p)))


def _every_port(read: RuleTraffic) -> str:
    opened = read.lower if _covers(read, certain=True) else read.upper
    full = [p for p in (TCP, UDP) if (ports := opened.get(p)) and ports.covers(USABLE_PORTS)]
    return describe_every_port([ALL] if opened.get(ALL) else full)


def _is_private(graph: Graph, group: Resource, source: RuleSource) -> Answer:
    public = {family: public_addresses(graph, group, family) for family in Family}
    if source.inside:
        return Answer(True)
    if any(a and openness(a, public[a.family]) is Openness.NONE for a in source.lower):
        return Answer(True)
    if source.causes and any(a - public[a.family] for a in source.upper):
        return Answer(None, source.causes)
    return Answer(False)


def _is_of_balancers(graph: Graph, group: Resource | None) -> Answer:
    """Whether load balancers have a group, and nothing else, as far as is known."""
    members = [] if group is None else [*attached_to(graph, group)]
    if not all(isinstance(member, LoadBalancer | ClassicLoadBalancer) for member in members):
        return NO
    if isinstance(group, External | SecurityGroupDataSource):
        words = f"whether load balancers alone have {group.address} is not in the source"
        return Answer(None, (Unknown(words, "external-id", group.span),))
    return YES if members else NO
