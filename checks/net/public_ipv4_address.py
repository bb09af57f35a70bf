from collections.abc import Iterator
from typing import NamedTuple

from iac_ec2lint.api import (
    Answer,
    Check,
    Graph,
    Part,
    Place,
    Resource,
    Severity,
    Unknown,
    Verdict,
    require,
)
from iac_ec2lint.api.compute import HOST_TYPES, running
from iac_ec2lint.api.resources import (
    BeanstalkSettings,
    ElasticIp,
    ElasticIpAssociation,
    LaunchSettings,
)
from iac_ec2lint.api.verdicts import hop_evidence
from iac_ec2lint.api.vpc import (
    Eni,
    Family,
    address_elsewhere,
    public_address,
    public_route,
    workloads,
)

_ELASTIC = ("an Elastic IP address", "an Elastic IP address may be its own")
_ELSEWHERE = ("what it is handed to gives one", "what it is handed to may give one")
_LAUNCH = ("the launch asks for one", "the launch may ask for one")
_SINGLE = (
    "Elastic Beanstalk gives a single instance an Elastic IP address",
    "Elastic Beanstalk gives a single instance an Elastic IP address, and it may be one",
)
_SUBNET = (
    "its subnet gives one, and the launch does not refuse it",
    "its subnet may give one, and the launch does not refuse it",
)
"""What gives an address, as a fact and as a possibility."""


class _Given(NamedTuple):
    """What gives instances an address: who declares it, where, and in both wordings."""

    resource: Resource
    place: Place
    words: str
    perhaps: str


class PublicIpv4Address(Check):
    """An EC2 instance, or every instance of a launch, is given a public IPv4 address of its own.

    ## Why it matters
    The internet can send to it. Its security groups alone stand before every service that listens,
    and one rule too many is enough.

    The setting of the launch goes before that of the subnet, and an Elastic IP address before both.
    What is launched with several interfaces gets none by itself.

    ## Fails
    ```hcl
    resource "aws_instance" "web" {
      ami                         = "ami-0123456789abcdef0"
      instance_type               = "t3.micro"
      subnet_id                   = "subnet-0123456789abcdef0"
      associate_public_ip_address = true
    }
    ```
    ```yaml
    Resources:
      Web:
        Type: AWS::EC2::Instance
        Properties:
          ImageId: ami-0123456789abcdef0
          NetworkInterfaces:
            - DeviceIndex: "0"
              SubnetId: subnet-0123456789abcdef0
              AssociatePublicIpAddress: true
    ```

    ## Passes
    ```diff hcl
    -  associate_public_ip_address = true
    +  associate_public_ip_address = false
    ```
    ```diff yaml
    -          AssociatePublicIpAddress: true
    +          AssociatePublicIpAddress: false
    ```

    ## How to mend it
    Launch into a private subnet and set the public-address flag to false. Reach the host through a
    load balancer, Session Manager or a VPN.

    ## References
    - [Amazon EC2 instance IP addressing](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-instance-addressing.html)
    - [EC2 User Guide, infrastructure security](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/infrastructure-security.html)
    """

    code = "NET001"
    name = "public-ipv4-address"
    severity = Severity.HIGH
    since = "0.1.0"
    types = (*HOST_TYPES, ElasticIp, ElasticIpAssociation)

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each thing that gives, or may give, a host's instances an address."""
        for workload in workloads(graph):
            if workload.exists.truth is False:
                continue
            # The subnets of a group are many, and what gives the addresses is mostly one.
            worst: dict[tuple[object, ...], Verdict] = {}
            for eni in workload.enis:
                for verdict in _judge(graph, eni):
                    at = verdict.at
                    known = worst.setdefault((at.span.key, verdict.message), verdict)
                    if known.undecided and not verdict.undecided:
                        worst[at.span.key, verdict.message] = verdict
            yield from worst.values()


def _judge(graph: Graph, eni: Eni) -> Iterator[Verdict]:
    hop = public_address(graph, eni, Family.IPV4)
    given = _given(eni, hop.resource)
    if address_elsewhere(graph, eni) in hop.causes:
        given = _Given(eni.host, _whole(eni.host), *_ELSEWHERE)
    if hop.verdict is False or given is None:
        return
    by_subnet = given.resource is not hop.resource and eni.interface.declared is None
    public = Answer(hop.verdict, hop.causes, hop.assumptions)
    if by_subnet and not eni.placement.certain:
        public = public & Answer(None, _gaps(eni))
    if not eni.launch.certain:
        doubt = eni.launch.doubt(f"whether {eni.launch.blueprint.address} is used is not known")
        public = public & Answer(None, (doubt,))
    route = public_route(graph, eni.placement.subnet, Family.IPV4)
    there = running(graph, eni.host)
    place = given.place
    if not there.certain:
        place = place._replace(presence=place.presence.within(there))
    yield from require(
        ~public,
        of=eni.host,
        resource=given.resource,
        at=place,
        otherwise=f"{eni.host.address} has a public IPv4 address: {given.words}",
        perhaps=f"{eni.host.address} may have a public IPv4 address: {given.perhaps}",
        evidence=hop_evidence((hop,)),
        severity=Severity.LOW if route.truth is False else None,
        value=given.words,
    )


def _given(eni: Eni, by: Resource) -> _Given | None:
    """What gives an interface its address, or may; ``None`` where nothing that is known here does.

    Args:
        eni: The interface.
        by: What the answer rests on.
    """
    if isinstance(by, ElasticIp | ElasticIpAssociation):
        named = "instance" if by.network_interface is None else "network_interface"
        return _Given(by, by.place(named), *_ELASTIC)
    settings = eni.launch.settings
    if isinstance(settings, BeanstalkSettings):
        single = settings.environment_type.equals("SingleInstance")
        if single.may_be_true:
            owner, place = eni.launch.place("environment_type")
            return _Given(owner, place, *_SINGLE)
    name = "associate_public_ip_address"
    flag = eni.interface.associate_public_ip_address
    if flag is not None and not (isinstance(flag, Unknown) and flag.unset):
        part: Part = eni.part
        if part.decides(name) is None:
            part = eni.launch.settings
        owner, place = eni.launch.place(name, part)
        return _Given(owner, place, *_LAUNCH)
    if eni.launch.unused:
        return None
    where = eni.launch.blueprint if flag is None else eni.host
    place = where.place(name) if isinstance(where, LaunchSettings) else _whole(where)
    return _Given(where, place, *_SUBNET)


def _whole(resource: Resource) -> Place:
    return Place(resource.span, "", None, resource.presence)


def _gaps(eni: Eni) -> tuple[Unknown, ...]:
    value = eni.placement.value
    return (value,) if isinstance(value, Unknown) else ()
