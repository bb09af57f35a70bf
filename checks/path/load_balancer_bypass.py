from collections.abc import Iterator

from iac_ec2lint.api import Check, Confidence, Evidence, Graph, Question, Severity, Verdict
from iac_ec2lint.api.attack import DirectEntry, OpenTargetRule, balancer_bypasses
from iac_ec2lint.api.compute import HOST_TYPES
from iac_ec2lint.api.verdicts import describe_open_ports, gain_verdict, join_words, reach_verdict


class LoadBalancerBypass(Check):
    """Instances behind a load balancer can also be reached directly, around its WAF, TLS and logs.

    ## Why it matters
    What a load balancer guards, filters and logs counts only for those who come through it. A
    target that the internet reaches by its own address can be attacked as if there were none, and
    one whose port is open to the whole VPC can be attacked from any host inside.

    The first is judged hop by hop as PATH003 does it, on the ports that are forwarded to, and on
    those of web servers: what else a target listens on, such as SSH, no load balancer stands
    before. Ports do not count that a listener passes on as they are: a TCP or UDP listener guards
    nothing that it lets the internet reach, one that ends TLS does. The second counts where targets
    see the load balancer's address, and is less severe in a subnet without a way to the internet.

    ## Fails
    On [docs/stages/balanced-instance](../stages/README.md), an instance in a private subnet behind
    a load balancer: a public subnet, and a group that lets everybody in:
    ```diff hcl stage=balanced-instance
     resource "aws_vpc_security_group_ingress_rule" "from_front" {
    -  referenced_security_group_id = aws_security_group.front.id
    +  cidr_ipv4                    = "0.0.0.0/0"
     resource "aws_instance" "host" {
    -  subnet_id              = aws_subnet.private.id
    +  subnet_id              = aws_subnet.public.id
    ```
    ```diff yaml stage=balanced-instance
       HostGroup:
    -          SourceSecurityGroupId: !Ref FrontGroup
    +          CidrIp: 0.0.0.0/0
       Host:
    -      SubnetId: !Ref PrivateSubnet
    +      SubnetId: !Ref PublicSubnet
    ```

    ## Passes
    ```diff hcl
     resource "aws_vpc_security_group_ingress_rule" "from_front" {
    -  cidr_ipv4                    = "0.0.0.0/0"
    +  referenced_security_group_id = aws_security_group.front.id
     resource "aws_instance" "host" {
    -  subnet_id              = aws_subnet.public.id
    +  subnet_id              = aws_subnet.private.id
    ```
    ```diff yaml
       HostGroup:
    -          CidrIp: 0.0.0.0/0
    +          SourceSecurityGroupId: !Ref FrontGroup
       Host:
    -      SubnetId: !Ref PublicSubnet
    +      SubnetId: !Ref PrivateSubnet
    ```

    ## How to mend it
    Admit the port from the load balancer's security group only; drop public addresses.

    ## References
    - [Security group rules for different use cases](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/security-group-rules-reference.html)
    - [Security groups for your Application Load Balancer](https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-update-security-groups.html)
    """

    code = "PATH006"
    name = "load-balancer-bypass"
    severity = Severity.HIGH
    since = "0.1.0"
    asks = Question(("internet",), ("reaches",), ("host",))
    types = HOST_TYPES

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each way around a load balancer to one of its targets."""
        for way in balancer_bypasses(graph):
            if isinstance(way, DirectEntry):
                ports = describe_open_ports(way.entry.ports)
                around = join_words([balancer.address for balancer in way.balancers])
                what = f"{ports} of {way.entry.resource.address} around {around}"
                yield reach_verdict(
                    graph, way.entry, self.severity, what, further=way.hops, also=way.answer
                )
            else:
                yield _inside(way, self.severity)


def _inside(rule: OpenTargetRule, severity: Severity) -> Verdict:
    """The verdict on a rule that opens a target's port to more than its load balancer."""
    undecided = rule.answer.truth is None
    port = rule.port or "the target port"
    front, where = rule.balancer.address, rule.declaring.address
    words = f"admit the security group of {front} in place of addresses"
    return gain_verdict(
        rule.target,
        (rule.place, rule.declaring),
        f"{port} of {rule.target.address} {'may be' if undecided else 'is'} open "
        f"around {front}, to {rule.audience}",
        rule.answer,
        hops=(rule.forwards, Evidence(rule.place.span, rule.admits, where)),
        edits=(Evidence(rule.place.span, words, where),),
        value=rule.identity,
        severity=Severity.MEDIUM if rule.private else severity,
        confidence=Confidence.POSSIBLE if undecided else None,
    )
