from collections.abc import Iterator

from iac_ec2lint.api import Check, Graph, Severity, Verdict, require
from iac_ec2lint.api.resources import NatGateway, Subnet, Vpc
from iac_ec2lint.api.upkeep import shared_nat, spread_of_vpc


class NetworkSingleAz(Check):
    """A VPC with workloads, or its way out through NAT, is confined to one Availability Zone.

    ## Why it matters
    A failure of the zone takes all of the VPC with it, and nothing can be started elsewhere before
    a subnet is made there. Where private subnets of several zones share a NAT gateway of one, they
    all lose their way out with that zone, and pay for the traffic between zones until then.

    ## Fails
    ```hcl
    resource "aws_vpc" "main" {
      cidr_block = "10.0.0.0/16"
    }

    resource "aws_subnet" "a" {
      vpc_id            = aws_vpc.main.id
      cidr_block        = "10.0.0.0/24"
      availability_zone = "eu-west-1a"
    }

    resource "aws_subnet" "b" {
      vpc_id            = aws_vpc.main.id
      cidr_block        = "10.0.1.0/24"
      availability_zone = "eu-west-1a"
    }

    resource "aws_instance" "web" {
      ami           = "ami-0123456789abcdef0"
      instance_type = "m7i.large"
      subnet_id     = aws_subnet.a.id
    }
    ```

    ```yaml
    Resources:
      Main:
        Type: AWS::EC2::VPC
        Properties:
          CidrBlock: 10.0.0.0/16
      A:
        Type: AWS::EC2::Subnet
        Properties:
          VpcId: !Ref Main
          CidrBlock: 10.0.0.0/24
          AvailabilityZone: eu-west-1a
      B:
        Type: AWS::EC2::Subnet
        Properties:
          VpcId: !Ref Main
          CidrBlock: 10.0.1.0/24
          AvailabilityZone: eu-west-1a
      Web:
        Type: AWS::EC2::Instance
        Properties:
          ImageId: ami-0123456789abcdef0
          InstanceType: m7i.large
          SubnetId: !Ref A
    ```

    ## Passes
    ```diff hcl
     resource "aws_subnet" "b" {
    -  availability_zone = "eu-west-1a"
    +  availability_zone = "eu-west-1b"
    ```

    ```diff yaml
       B:
    -      AvailabilityZone: eu-west-1a
    +      AvailabilityZone: eu-west-1b
    ```

    ## How to mend it
    Use subnets in at least two zones, each with a NAT gateway of its own, or a regional one.

    ## References
    - [Resilience in Amazon EC2](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/disaster-recovery-resiliency.html)
    - [NAT gateway basics](https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-basics.html)
    """

    code = "RES011"
    name = "network-single-az"
    severity = Severity.LOW
    since = "0.1.0"
    types = (Vpc, Subnet, NatGateway)
    supplied_by = (Subnet,)

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each VPC in one zone, and for each NAT that several zones share."""
        for vpc in graph.all(Vpc):
            spread = spread_of_vpc(graph, vpc)
            if spread is not None:
                yield from require(
                    spread,
                    of=vpc,
                    at=vpc,
                    otherwise="all subnets of the VPC are in one Availability Zone",
                    perhaps="all subnets of the VPC may be in one Availability Zone",
                    value="subnets",
                )
            shared = shared_nat(graph, vpc)
            if shared is not None:
                gateway = shared.gateways[0]
                through = " and ".join(one.address for one in shared.gateways[:3])
                many = len(shared.subnets)
                yield from require(
                    shared.spread,
                    of=vpc,
                    at=gateway.place("subnet"),
                    resource=gateway,
                    otherwise=f"{many} subnets in several zones share {through} in one zone",
                    perhaps=f"subnets in several zones may share {through} in one zone",
                    value="NAT",
                )
