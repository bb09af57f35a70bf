from collections.abc import Iterator

from iac_ec2lint.api import Check, Graph, Remark, Severity, Verdict, require, set_to
from iac_ec2lint.api.resources import Subnet
from iac_ec2lint.api.verdicts import hop_evidence
from iac_ec2lint.api.vpc import Family, public_route


class SubnetAutoAssignsPublicIp(Check):
    """A subnet gives instances public addresses automatically.

    ## Why it matters
    Whoever launches an instance there puts it on the internet without saying so. Only its security
    groups stand between it and everybody, from the moment it starts.

    AWS makes default subnets so; others give addresses only where they are told to. IPv6 addresses
    are public ones too: they count where the subnet routes `::/0` to an internet gateway. Where no
    route leads to an internet gateway, nothing fails.

    ## Fails
    ```hcl
    resource "aws_vpc" "main" {
      cidr_block = "10.0.0.0/16"
    }
    resource "aws_internet_gateway" "main" {
      vpc_id = aws_vpc.main.id
    }
    resource "aws_route_table" "web" {
      vpc_id = aws_vpc.main.id
      route {
        cidr_block = "0.0.0.0/0"
        gateway_id = aws_internet_gateway.main.id
      }
    }
    resource "aws_route_table_association" "web" {
      subnet_id      = aws_subnet.web.id
      route_table_id = aws_route_table.web.id
    }
    resource "aws_subnet" "web" {
      vpc_id                  = aws_vpc.main.id
      cidr_block              = "10.0.1.0/24"
      map_public_ip_on_launch = true
    }
    ```
    ```yaml
    Parameters:
      VpcId: {Type: "AWS::EC2::VPC::Id"}
    Resources:
      Web:
        Type: AWS::EC2::Subnet
        Properties:
          VpcId: !Ref VpcId
          CidrBlock: 10.0.1.0/24
          MapPublicIpOnLaunch: true
    ```

    ## Passes
    ```diff hcl
     resource "aws_subnet" "web" {
    -  map_public_ip_on_launch = true
    ```
    ```diff yaml
    -      MapPublicIpOnLaunch: true
    ```

    ## How to mend it
    Set `map_public_ip_on_launch` (`MapPublicIpOnLaunch`) to false. Ask for an address at the launch
    of what needs one, or give it an Elastic IP address.

    ## References
    - [Modify the IP addressing attributes of a subnet](https://docs.aws.amazon.com/vpc/latest/userguide/subnet-public-ip.html)
    - [EC2 User Guide, infrastructure security](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/infrastructure-security.html)
    """

    code = "NET002"
    name = "subnet-auto-assigns-public-ip"
    severity = Severity.MEDIUM
    since = "0.1.0"
    types = (Subnet,)

    def examine(self, graph: Graph) -> Iterator[Verdict | Remark]:
        """A verdict for each subnet that gives public addresses of a family, or may."""
        for subnet in graph.all(Subnet):
            yield from _ipv4(graph, subnet)
            yield from _ipv6(graph, subnet)


def _ipv4(graph: Graph, subnet: Subnet) -> Iterator[Verdict | Remark]:
    gives = subnet.map_public_ip_on_launch.is_true()
    if not gives.may_be_true:
        return
    route = public_route(graph, subnet, Family.IPV4)
    place = subnet.place("map_public_ip_on_launch")
    if route.truth is False:
        if gives.truth:
            words = f"{subnet.address} gives public addresses, and no route leads to the internet"
            yield Remark("address-without-route", subnet, place, words)
        return
    what = "public IPv4 addresses to what is launched in it"
    where = {
        True: ", and its route table leads to an internet gateway",
        None: "; whether its route table leads to an internet gateway is not known",
    }[route.truth]
    yield from require(
        ~gives,
        of=subnet,
        at=place,
        otherwise=f"the subnet gives {what}{where}",
        perhaps=f"the subnet may give {what}{where}",
        evidence=hop_evidence(route.hops),
        fix=set_to(False),
    )


def _ipv6(graph: Graph, subnet: Subnet) -> Iterator[Verdict]:
    gives = subnet.assign_ipv6_address_on_creation.is_true()
    if not gives.may_be_true:
        return
    route = public_route(graph, subnet, Family.IPV6)
    what = "IPv6 addresses to what is launched in it"
    yield from require(
        ~(gives & route.answer),
        of=subnet,
        at=subnet.place("assign_ipv6_address_on_creation"),
        otherwise=f"the subnet gives {what}, and its route table leads to an internet gateway",
        perhaps=f"the subnet may give public {what}",
        evidence=hop_evidence(route.hops),
        fix=set_to(False),
    )
