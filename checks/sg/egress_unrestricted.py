from collections.abc import Iterator

from iac_ec2lint.api import Check, Graph, Severity, Verdict
from iac_ec2lint.api.network import Exposure, exposures_of_all
from iac_ec2lint.api.resources import SecurityGroup, SeparateSecurityGroupRule
from iac_ec2lint.api.verdicts import describe_every_port, exposure_verdict


class EgressUnrestricted(Check):
    """A group lets its members connect anywhere.

    ## Why it matters
    A host that was broken into fetches its tools from the internet and sends data there. Where the
    workload needs few destinations, the group can name them.

    AWS adds a rule that allows everything to each group. Terraform removes it; CloudFormation keeps
    it unless the template states an egress rule.

    ## Fails
    ```hcl
    resource "aws_security_group" "open" {
      egress {
        protocol    = "-1"
        from_port   = 0
        to_port     = 0
        cidr_blocks = ["0.0.0.0/0"]
      }
    }
    ```
    ```yaml
    Resources:
      Open:
        Type: AWS::EC2::SecurityGroup
        Properties:
          GroupDescription: Open
          SecurityGroupEgress:
            - {IpProtocol: "-1", CidrIp: 0.0.0.0/0}
    ```

    ## Passes
    ```hcl
    resource "aws_security_group" "closed" {
      egress {
        protocol    = "tcp"
        from_port   = 443
        to_port     = 443
        cidr_blocks = ["10.0.0.0/16"]
      }
    }
    ```
    ```diff yaml
    -        - {IpProtocol: "-1", CidrIp: 0.0.0.0/0}
    +        - {IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 10.0.0.0/16}
    ```

    ## How to mend it
    List the destinations and ports that the workload needs.

    ## References
    - [Security group rules](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/security-group-rules.html)
    - [AWS::EC2::SecurityGroup](https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-securitygroup.html)
    """

    code = "SG012"
    name = "egress-unrestricted"
    severity = Severity.LOW
    since = "0.1.0"
    types = (SecurityGroup, SeparateSecurityGroupRule)
    default = False

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for egress rules, AWS's own too, that allow all ports, alone or together."""
        for exposure in exposures_of_all(graph, Exposure.every_port, "egress"):
            ports = exposure.every_port()
            words = describe_every_port(ports)
            yield exposure_verdict(graph, exposure, words, ports, direction="egress")
