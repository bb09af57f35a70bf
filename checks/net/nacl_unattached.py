from collections.abc import Iterator

from iac_ec2lint.api import Check, Graph, Severity, Verdict, require
from iac_ec2lint.api.network_acls import guards_subnet
from iac_ec2lint.api.resources import NetworkAcl


class NaclUnattached(Check):
    """A network ACL is declared but protects no subnet.

    ## Why it matters
    Its rules read as if they held, and nothing heeds them: the subnets that it was written for
    have the default network ACL, which allows everything.

    What an output names, or a module that is not on the disk is handed, may be associated by
    others: that is undecided.

    ## Fails
    ```hcl
    resource "aws_vpc" "main" {
      cidr_block = "10.0.0.0/16"
    }
    resource "aws_network_acl" "web" {
      vpc_id = aws_vpc.main.id
    }
    ```
    ```yaml
    Parameters:
      VpcId: {Type: "AWS::EC2::VPC::Id"}
      SubnetId: {Type: "AWS::EC2::Subnet::Id"}
    Resources:
      Web:
        Type: AWS::EC2::NetworkAcl
        Properties:
          VpcId: !Ref VpcId
    ```

    ## Passes
    ```diff hcl
       vpc_id = aws_vpc.main.id
    +  subnet_ids = [aws_subnet.web.id]
     }
    +resource "aws_subnet" "web" {
    +  vpc_id     = aws_vpc.main.id
    +  cidr_block = "10.0.1.0/24"
    +}
    ```
    ```diff yaml
           VpcId: !Ref VpcId
    +  Association:
    +    Type: AWS::EC2::SubnetNetworkAclAssociation
    +    Properties:
    +      SubnetId: !Ref SubnetId
    +      NetworkAclId: !Ref Web
    ```

    ## How to mend it
    Associate the network ACL with the subnets that it is meant for, or delete it.

    ## References
    - [Network ACLs](https://docs.aws.amazon.com/vpc/latest/userguide/vpc-network-acls.html)
    - [EC2 User Guide, infrastructure security](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/infrastructure-security.html)
    """

    code = "NET008"
    name = "nacl-unattached"
    severity = Severity.LOW
    since = "0.1.0"
    types = (NetworkAcl,)

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each network ACL of its own that no subnet has, or may have."""
        for acl in graph.all(NetworkAcl):
            if not acl.is_default:
                yield from require(
                    guards_subnet(graph, acl),
                    of=acl,
                    at=acl.place("subnets"),
                    otherwise="the network ACL is associated with no subnet",
                    perhaps="whether the network ACL is associated with a subnet is not known",
                    value="unattached",
                )
