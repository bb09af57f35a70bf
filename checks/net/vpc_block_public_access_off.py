from collections.abc import Iterator

from iac_ec2lint.api import Check, Graph, Severity, Verdict, parameter, require
from iac_ec2lint.api.compute import omits
from iac_ec2lint.api.resources import BlockPublicAccess, BlockPublicAccessExclusion


class VpcBlockPublicAccessOff(Check):
    """VPC Block Public Access is declared but does not block internet gateway traffic.

    ## Why it matters
    VPC Block Public Access refuses traffic of internet gateways for every VPC of the Region,
    whatever routes and security groups say. Declared as `off`, it blocks nothing; an exclusion that
    allows both directions takes a VPC or a subnet out, and rules opened by mistake count again.

    ## Fails
    ```hcl
    resource "aws_vpc_block_public_access_options" "region" {
      internet_gateway_block_mode = "off"
    }
    ```
    ```yaml
    Resources:
      Legacy:
        Type: AWS::EC2::VPCBlockPublicAccessExclusion
        Properties:
          VpcId: vpc-0123456789abcdef0
          InternetGatewayExclusionMode: allow-bidirectional
    ```

    ## Passes
    ```hcl
    resource "aws_vpc_block_public_access_options" "region" {
      internet_gateway_block_mode = "block-ingress"
    }
    ```
    ```yaml
    Resources:
      Region:
        Type: AWS::EC2::VPCBlockPublicAccessOptions
        Properties:
          InternetGatewayBlockMode: block-bidirectional
      Updates:
        Type: AWS::EC2::VPCBlockPublicAccessExclusion
        Properties:
          SubnetId: subnet-0123456789abcdef0
          InternetGatewayExclusionMode: allow-egress
    ```

    ## How to mend it
    Block ingress or both directions, and let exclusions allow egress only.

    ## References
    - [Block public access to VPCs and subnets](https://docs.aws.amazon.com/vpc/latest/userguide/security-vpc-bpa.html)
    """

    code = "NET019"
    name = "vpc-block-public-access-off"
    severity = Severity.MEDIUM
    since = "0.1.0"
    types = (BlockPublicAccess, BlockPublicAccessExclusion)
    of_units = True
    require = parameter.boolean(
        default=False, help="Whether a root module that manages account settings must declare it."
    )

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each setting that blocks nothing, and each exclusion in both directions.

        An exclusion is the lesser finding: load balancers that face the internet need one.
        """
        for options in graph.all(BlockPublicAccess):
            yield from require(
                ~options.equals("mode", "off"),
                of=options,
                at=options.place("mode"),
                otherwise="VPC Block Public Access is off",
                perhaps="VPC Block Public Access may be off",
            )
        for exclusion in graph.all(BlockPublicAccessExclusion):
            yield from require(
                ~exclusion.equals("mode", "allow-bidirectional"),
                of=exclusion,
                at=exclusion.place("mode"),
                otherwise="the exclusion lets the internet in as well as out",
                perhaps="the exclusion may let the internet in as well as out",
                severity=Severity.LOW,
            )
        if self.require and omits(graph, BlockPublicAccess):
            yield Verdict(
                subject=graph.unit,
                at=graph.unit,
                message="VPC Block Public Access is not declared, so it may be off",
            )
