from collections.abc import Iterator

from iac_ec2lint.api import Check, Graph, Severity, Verdict
from iac_ec2lint.api.network import port_classes
from iac_ec2lint.api.resources import SecurityGroup, SeparateSecurityGroupRule
from iac_ec2lint.api.verdicts import services_open_to_internet


class LegacyOrFilePortOpenToInternet(Check):
    """A clear-text, mail, directory or file-sharing port is open to the internet.

    ## Why it matters
    These protocols carry passwords in clear text, were made for local networks, or serve to attack
    others through reflection.

    Sources are judged as sets: several ranges of one group that together make up the internet,
    and prefix lists that hold such ranges, count like `0.0.0.0/0` and `::/0`. Port ranges that
    include the port count too.

    ## Fails
    ```hcl
    resource "aws_security_group" "open" {
      ingress {
        protocol    = "tcp"
        from_port   = 445
        to_port     = 445
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
          SecurityGroupIngress:
            - {IpProtocol: tcp, FromPort: 445, ToPort: 445, CidrIp: 0.0.0.0/0}
    ```

    ## Passes
    ```diff hcl
    -    cidr_blocks = ["0.0.0.0/0"]
    +    cidr_blocks = ["10.0.0.0/8"]
    ```
    ```diff yaml
    -        - {IpProtocol: tcp, FromPort: 445, ToPort: 445, CidrIp: 0.0.0.0/0}
    +        - {IpProtocol: tcp, FromPort: 445, ToPort: 445, CidrIp: 10.0.0.0/8}
    ```

    ## How to mend it
    Close the port, or limit it to internal ranges.

    ## References
    - [Security group rules](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/security-group-rules.html)
    """

    code = "SG006"
    name = "legacy-or-file-port-open-to-internet"
    severity = Severity.HIGH
    since = "0.1.0"
    types = (SecurityGroup, SeparateSecurityGroupRule)

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each rule that opens a port of such a service."""
        yield from services_open_to_internet(graph, port_classes()["legacy"])
