from collections.abc import Iterator

from iac_ec2lint.api import Check, Graph, Severity, Verdict
from iac_ec2lint.api.network import port_classes
from iac_ec2lint.api.resources import SecurityGroup, SeparateSecurityGroupRule
from iac_ec2lint.api.verdicts import services_open_to_internet


class DataStorePortOpenToInternet(Check):
    """A database, cache, queue or search port is open to the internet.

    ## Why it matters
    Data stores are made to be reached by the application next to them. Many ask for no password as
    installed, and those that do can be guessed at: what they hold is copied or held to ransom.

    Sources are judged as sets: several ranges of one group that together make up the internet,
    and prefix lists that hold such ranges, count like `0.0.0.0/0` and `::/0`. Port ranges that
    include the port count too.

    ## Fails
    ```hcl
    resource "aws_security_group" "open" {
      ingress {
        protocol    = "tcp"
        from_port   = 5432
        to_port     = 5432
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
            - {IpProtocol: tcp, FromPort: 5432, ToPort: 5432, CidrIp: 0.0.0.0/0}
    ```

    ## Passes
    ```diff hcl
    -    cidr_blocks = ["0.0.0.0/0"]
    +    cidr_blocks = ["10.20.0.0/16"]
    ```
    ```diff yaml
    -        - {IpProtocol: tcp, FromPort: 5432, ToPort: 5432, CidrIp: 0.0.0.0/0}
    +        - {IpProtocol: tcp, FromPort: 5432, ToPort: 5432, CidrIp: 10.20.0.0/16}
    ```

    ## How to mend it
    Allow the port from the application tier's security group only.

    ## References
    - [Security group rules](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/security-group-rules.html)
    """

    code = "SG005"
    name = "data-store-port-open-to-internet"
    severity = Severity.CRITICAL
    since = "0.1.0"
    types = (SecurityGroup, SeparateSecurityGroupRule)

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each rule that opens a port of a data store."""
        yield from services_open_to_internet(graph, port_classes()["data store"])
