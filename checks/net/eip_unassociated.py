from collections.abc import Iterator

from iac_ec2lint.api import Check, Graph, Severity, Verdict, require
from iac_ec2lint.api.resources import ElasticIp
from iac_ec2lint.api.vpc import is_address_used


class EipUnassociated(Check):
    """An Elastic IP is allocated and not used.

    ## Why it matters
    It costs money by the hour, and counts against the quota of the Region. Firewalls elsewhere may
    still admit it: whoever in the account associates it gets what was opened for somebody else.

    What an output, a script or a resource that is not judged names, or a module that is not on
    the disk is handed, may be associated by others: that is undecided.

    ## Fails
    ```hcl
    resource "aws_eip" "web" {
      domain = "vpc"
    }
    ```
    ```yaml
    Parameters:
      InstanceId: {Type: "AWS::EC2::Instance::Id"}
    Resources:
      Web:
        Type: AWS::EC2::EIP
        Properties:
          Domain: vpc
    ```

    ## Passes
    ```hcl
    resource "aws_eip" "nat" {
      domain = "vpc"
    }
    resource "aws_nat_gateway" "main" {
      allocation_id = aws_eip.nat.allocation_id
      subnet_id     = "subnet-0123456789abcdef0"
    }
    ```
    ```diff yaml
           Domain: vpc
    +  Association:
    +    Type: AWS::EC2::EIPAssociation
    +    Properties:
    +      AllocationId: !GetAtt Web.AllocationId
    +      InstanceId: !Ref InstanceId
    ```

    ## How to mend it
    Associate the address with what it is meant for, or release it.

    ## References
    - [Elastic IP addresses](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/elastic-ip-addresses-eip.html)
    - [EC2 User Guide, infrastructure security](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/infrastructure-security.html)
    """

    code = "NET016"
    name = "eip-unassociated"
    severity = Severity.LOW
    since = "0.1.0"
    types = (ElasticIp,)

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each address that nothing uses, or that something may use."""
        for address in graph.all(ElasticIp):
            yield from require(
                is_address_used(graph, address),
                of=address,
                at=address,
                otherwise="the Elastic IP address is associated with nothing",
                perhaps="whether the Elastic IP address is used is not known",
            )
