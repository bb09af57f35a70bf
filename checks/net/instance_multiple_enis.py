from collections.abc import Iterator

from iac_ec2lint.api import (
    NO,
    YES,
    Answer,
    Check,
    Graph,
    Part,
    Resource,
    Severity,
    Verdict,
    require,
)
from iac_ec2lint.api.compute import HOST_TYPES, HostInterface, Launch, interfaces, launches, runs
from iac_ec2lint.api.resources import LaunchInterface, NetworkInterface
from iac_ec2lint.api.vpc import is_public_subnet


class InstanceMultipleEnis(Check):
    """An instance has several network interfaces and may bridge network segments.

    ## Why it matters
    A host with interfaces in two networks joins them: what gets hold of it walks around routes,
    network ACLs and firewalls between the two. Each interface has security groups of its own, and
    it is the least strict one that counts.

    Interfaces of Elastic Fabric Adapters are not counted. It is worse where one subnet is public
    and another is not.

    ## Fails
    ```hcl
    resource "aws_launch_template" "web" {
      network_interfaces {
        device_index = 0
        subnet_id    = "subnet-0123456789abcdef0"
      }
      network_interfaces {
        device_index = 1
        subnet_id    = "subnet-0123456789abcdef1"
      }
    }
    ```
    ```yaml
    Resources:
      Web:
        Type: AWS::EC2::Instance
        Properties:
          ImageId: ami-0123456789abcdef0
          NetworkInterfaces:
            - {DeviceIndex: "0", SubnetId: subnet-0123456789abcdef0}
            - {DeviceIndex: "1", SubnetId: subnet-0123456789abcdef1}
    ```

    ## Passes
    ```hcl
    resource "aws_launch_template" "web" {
      network_interfaces {
        device_index = 0
        subnet_id    = "subnet-0123456789abcdef0"
      }
    }
    ```
    ```diff yaml
    -        - {DeviceIndex: "1", SubnetId: subnet-0123456789abcdef1}
    ```

    ## How to mend it
    Use one network interface, and control flows with security groups and routes.

    ## References
    - [Elastic network interfaces](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-eni.html)
    - [Elastic Fabric Adapter](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/efa.html)
    """

    code = "NET015"
    name = "instance-multiple-enis"
    severity = Severity.MEDIUM
    since = "0.1.0"
    types = (*HOST_TYPES, NetworkInterface)
    default = False

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each way of launching instances with several interfaces."""
        for launch in launches(graph):
            counted = [one for one in interfaces(graph, launch) if _counts(one).truth is not False]
            declaring, part = _second(launch, counted)
            number = sum(_is_there(one).truth is True for one in counted)
            mixed = _differ(graph, counted)
            yield from require(
                ~runs(graph, launch.host) | ~_several(counted),
                of=launch.host,
                resource=declaring,
                at=part,
                otherwise=f"instances have {number} network interfaces"
                + (" in public and private subnets" if mixed else ""),
                perhaps="instances may have several network interfaces",
                severity=None if mixed else Severity.LOW,
                value="interfaces",
            )


def _counts(one: HostInterface) -> Answer:
    """Whether an interface carries ordinary traffic: not one of an Elastic Fabric Adapter."""
    part: Part = one.part
    if one.declared is None and not isinstance(part, LaunchInterface):
        return YES
    return ~part.equals("interface_type", "efa", "efa-only")


def _several(counted: list[HostInterface]) -> Answer:
    """Whether two interfaces are certain to be there."""
    there = list(map(_is_there, counted))
    if sum(answer.truth is True for answer in there) > 1:
        return YES
    causes = tuple(cause for answer in there if answer.truth is None for cause in answer.causes)
    return Answer(None, causes) if causes else NO


def _is_there(one: HostInterface) -> Answer:
    """Whether an interface that counts is there wherever its host is."""
    presence, host = one.part.presence, one.launch.host.presence
    written = YES if presence.key == host.key else presence.answer
    return one.attached & written & _counts(one)


def _second(launch: Launch, counted: list[HostInterface]) -> tuple[Resource, Part]:
    """The interface that makes it several, and what declares it."""
    if len(counted) < 2:
        return launch.host, launch.host
    chosen = next((one for one in counted if one.primary.truth is False), counted[-1])
    if chosen.declared is not None:
        return chosen.declared, chosen.part
    layers = chosen.part.layers
    return (launch.resource_of(layers[0]) if layers else launch.host), chosen.part


def _differ(graph: Graph, counted: list[HostInterface]) -> bool:
    """Whether one interface is certainly in a public subnet, and another certainly in none."""
    if len(counted) < 2:
        return False
    exposed = {
        is_public_subnet(graph, edge.target).truth
        for one in counted
        for edge in one.subnets
        if edge.target is not None
    }
    return {True, False} <= exposed
