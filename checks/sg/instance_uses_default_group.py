from collections.abc import Iterable, Iterator

from iac_ec2lint.api import (
    YES,
    Check,
    Confidence,
    Edge,
    Evidence,
    Graph,
    Part,
    Resource,
    Severity,
    Verdict,
    require,
)
from iac_ec2lint.api.compute import (
    HOST_TYPES,
    HostInterface,
    Launch,
    groups_are_brought,
    interfaces,
    launches,
    runs,
    where_it_runs,
)
from iac_ec2lint.api.network import is_default_group
from iac_ec2lint.api.resources import (
    LaunchSettings,
    ManagedHost,
    NetworkInterface,
    NetworkInterfaceGroup,
    VpcEndpoint,
    VpcEndpointGroup,
)

_NONE = "no security group is named, so the VPC's default one is used"
_PERHAPS = "no security group is named, so the VPC's default one may be used"


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
    ```yaml
    Resources:
      Web:
        Type: AWS::EC2::Instance
        Properties:
          ImageId: ami-0123456789abcdef0
    ```

    ## Passes
    ```diff hcl
    +resource "aws_security_group" "web" {}
       instance_type = "t3.micro"
    +  vpc_security_group_ids = [aws_security_group.web.id]
    ```
    ```diff yaml
     Resources:
    +  WebGroup:
    +    Type: AWS::EC2::SecurityGroup
    +    Properties:
    +      GroupDescription: Web
           ImageId: ami-0123456789abcdef0
    +      SecurityGroupIds: [!Ref WebGroup]
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
    types = (*HOST_TYPES, NetworkInterface, VpcEndpoint)

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each host, interface and endpoint in a default group."""
        for launch in launches(graph):
            if runs(graph, launch.host).truth is False:
                continue
            brought = groups_are_brought(graph, launch)
            for interface in interfaces(graph, launch):
                if interface.declared is not None:
                    continue
                if interface.security_groups:
                    yield from _of_host(graph, launch, interface)
                elif brought.truth is None:
                    for verdict in _of_host(graph, launch, interface):
                        yield verdict._replace(
                            message=_PERHAPS, undecided=True, causes=brought.causes
                        )
                elif not brought.truth:
                    for verdict in _of_host(graph, launch, interface):
                        yield verdict._replace(assumptions=brought.assumptions)
        for declared in graph.all(NetworkInterface):
            groups = [*graph.targets(declared, "security_groups")]
            for edge in graph.sources(declared, "network_interface"):
                if isinstance(edge.source, NetworkInterfaceGroup):
                    groups += graph.targets(edge.source, "security_group")
            yield from _judge(declared, declared, groups, declared)
        for endpoint in graph.all(VpcEndpoint):
            placed = endpoint.endpoint_type.equals("Interface")
            for verdict in _of_endpoint(graph, endpoint) if placed.may_be_true else ():
                if placed.truth is None:
                    causes = (*verdict.causes, *placed.causes)
                    yield verdict._replace(undecided=True, causes=causes)
                else:
                    yield verdict


def _of_host(graph: Graph, launch: Launch, interface: HostInterface) -> Iterator[Verdict]:
    """The verdicts on one interface of a host; services may give theirs."""
    if (
        isinstance(launch.host, ManagedHost)
        and launch.host.own_group
        and not interface.security_groups
    ):
        return
    where: Part = launch.blueprint
    if interface.part is not launch.settings and interface.part.layers:
        where = interface.part
    elif isinstance(launch.part, LaunchSettings) and launch.template is None:
        where = launch.part
    owner = launch.resource_of(where.layers[0]) if where.layers else launch.blueprint
    for verdict in _judge(launch.host, owner, interface.security_groups, where):
        placed = verdict._replace(at=where_it_runs(graph, verdict.at, launch.host))
        yield placed if launch.certain else _perhaps(placed, launch)


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
    user: Resource, owner: Resource, groups: Iterable[Edge], where: Part
) -> Iterator[Verdict]:
    """The verdicts on the groups of one interface.

    Args:
        user: What is in the groups.
        owner: What declares them, or could: a launch template decides for all that use it.
        groups: The groups; none means the default one.
        where: What they are missing from.
    """
    every = tuple(groups)
    words = f"{user.address} uses it"
    used = () if user is owner else (Evidence(user.span, words, user.address),)
    if all(edge.may_name_nothing for edge in every):
        yield Verdict(
            subject=owner,
            at=where.place("security_groups") if hasattr(where, "security_groups") else where,
            message=_PERHAPS if every else _NONE,
            undecided=bool(every),
            causes=tuple(cause for edge in every for cause in edge.answer.causes),
            evidence=used,
            value="none",
        )
    for edge in every:
        # A group of which nothing is known may be the default one.
        default = YES if edge.target is None else is_default_group(edge.target)
        yield from require(
            ~(default & edge.answer),
            of=owner,
            resource=edge.source if edge.source is not user else owner,
            at=edge.part.place(edge.relation, edge.value),
            otherwise="the VPC's default security group is used",
            perhaps="the VPC's default security group may be used",
            evidence=used,
            value="default",
        )


def _perhaps(verdict: Verdict, launch: Launch) -> Verdict:
    """What holds if the launch is of that kind at all."""
    doubt = launch.doubt(f"whether {launch.blueprint.address} is used is not known")
    return verdict._replace(
        undecided=True, causes=(*verdict.causes, doubt), confidence=Confidence.POSSIBLE
    )
