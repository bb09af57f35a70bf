"""SG017: an instance or interface is in the VPC's default security group."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from iac_ec2lint.api import (
    Check,
    Confidence,
    Edge,
    EksNodeGroup,
    Evidence,
    Graph,
    HostInterface,
    Launch,
    LaunchSettings,
    NetworkInterface,
    NetworkInterfaceGroup,
    Part,
    Resource,
    Severity,
    Unknown,
    Verdict,
    VpcEndpoint,
    VpcEndpointGroup,
    interfaces,
    is_default_group,
    launches,
    runs,
)


class InstanceUsesDefaultGroup(Check):
    """An instance or interface is placed in the VPC's default security group.

    ## Why it matters
    All that nobody gave a group shares the default one. As AWS makes it, its members reach one
    another on every port, and each rule that is added for one of them opens the others too.

    What counts is what is in effect: the groups of an interface that is declared on its own, of a
    launch template's interfaces, or of the host itself.

    ## Fails
    ```hcl
    resource "aws_instance" "web" {
      ami           = "ami-0123456789abcdef0"
      instance_type = "t3.micro"
    }
    ```

    ## Passes
    ```hcl
    resource "aws_security_group" "web" {}

    resource "aws_instance" "web" {
      ami                    = "ami-0123456789abcdef0"
      instance_type          = "t3.micro"
      vpc_security_group_ids = [aws_security_group.web.id]
    }
    ```

    ## How to mend it
    Declare a group for the workload and name it.

    ## References
    - [Default security groups](https://docs.aws.amazon.com/vpc/latest/userguide/default-security-group.html)
    - [Security groups of instances](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-security-groups.html)
    """

    code = "SG017"
    name = "instance-uses-default-group"
    severity = Severity.MEDIUM
    since = "0.1.0"

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each host, interface and endpoint in a default group."""
        for launch in launches(graph):
            if runs(launch.host).truth is False:
                continue
            for interface in interfaces(graph, launch):
                if interface.declared is None:
                    yield from _of_host(launch, interface)
        for declared in graph.all(NetworkInterface):
            groups = [*graph.targets(declared, "security_groups")]
            for edge in graph.sources(declared, "network_interface"):
                if isinstance(edge.source, NetworkInterfaceGroup):
                    groups += graph.targets(edge.source, "security_group")
            yield from _judge(declared, declared, groups, declared)
        for endpoint in graph.all(VpcEndpoint):
            if endpoint.endpoint_type.equals("Interface").truth:
                yield from _of_endpoint(graph, endpoint)


def _of_host(launch: Launch, interface: HostInterface) -> Iterator[Verdict]:
    """The verdicts on one interface of a host; EKS gives its nodes its own group."""
    if isinstance(launch.host, EksNodeGroup) and not interface.security_groups:
        return
    where: Part = launch.blueprint
    if interface.part is not launch.settings and interface.part.layers:
        where = interface.part
    elif isinstance(launch.part, LaunchSettings) and launch.template is None:
        where = launch.part
    owner = launch.resource_of(where.layers[0]) if where.layers else launch.blueprint
    for verdict in _judge(launch.host, owner, interface.security_groups, where):
        if launch.certain:
            yield verdict
        else:
            yield _perhaps(verdict, launch)


def _of_endpoint(graph: Graph, endpoint: VpcEndpoint) -> Iterator[Verdict]:
    groups = [*graph.targets(endpoint, "security_groups")]
    for edge in graph.sources(endpoint, "vpc_endpoint"):
        if (
            isinstance(edge.source, VpcEndpointGroup)
            and not edge.source.replace_default.equals(False).truth
        ):
            groups += graph.targets(edge.source, "security_group")
    yield from _judge(endpoint, endpoint, groups, endpoint)


def _judge(
    subject: Resource, owner: Resource, groups: Iterable[Edge], where: Part
) -> Iterator[Verdict]:
    """The verdicts on the groups of one interface.

    Args:
        subject: What is in the groups.
        owner: What declares them, or could.
        groups: The groups; none means the default one.
        where: What they are missing from.
    """
    every = tuple(groups)
    used = () if subject is owner else (Evidence(subject.span, f"{subject.address} uses it"),)
    if not every:
        yield Verdict(
            subject=subject,
            resource=owner,
            at=where.place("security_groups") if hasattr(where, "security_groups") else where,
            message="no security group is named, so that the VPC's default one is used",
            evidence=used,
            value="none",
        )
    for edge in every:
        default = is_default_group(edge.target)
        if not default and edge.target is not None:
            continue
        certain = default and edge.certain
        value = edge.value
        yield Verdict(
            subject=subject,
            resource=edge.source if edge.source is not subject else owner,
            at=edge.part.place(edge.relation, value),
            message=f"the VPC's default security group {'is' if certain else 'may be'} used",
            undecided=not certain,
            causes=(value,) if not certain and isinstance(value, Unknown) else (),
            evidence=used,
            value="default",
        )


def _perhaps(verdict: Verdict, launch: Launch) -> Verdict:
    """What holds if the launch is of that kind at all."""
    return replace(
        verdict,
        undecided=True,
        missing=(f"whether {launch.blueprint.address} is used",),
        confidence=Confidence.POSSIBLE,
    )
