from collections.abc import Iterator

from iac_ec2lint.api import Check, Graph, Severity, Verdict
from iac_ec2lint.api.network import port_classes
from iac_ec2lint.api.resources import SecurityGroup, SeparateSecurityGroupRule
from iac_ec2lint.api.verdicts import services_open_to_internet


class ManagementPortOpenToInternet(Check):
    """A remote management, orchestration or development port is open to the internet.

    ## Why it matters
    Who reaches the control port of Docker, Kubernetes or a development server often controls the
    host, without a password.

    A port that is no single service's, such as 8080, is less severe: an application may be what
    answers there.

    Sources are judged as sets: several ranges of one group that together make up the internet,
    and prefix lists that hold such ranges, count like `0.0.0.0/0` and `::/0`. Port ranges that
    include the port count too.

    ## Fails
    ```hcl
    resource "aws_security_group" "open" {
      ingress {
        protocol    = "tcp"
        from_port   = 2375
        to_port     = 2375
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
            - {IpProtocol: tcp, FromPort: 2375, ToPort: 2375, CidrIp: 0.0.0.0/0}
    ```

    ## Passes
    ```diff hcl
    -    cidr_blocks = ["0.0.0.0/0"]
    +    cidr_blocks = ["10.0.0.0/8"]
    ```
    ```diff yaml
    -        - {IpProtocol: tcp, FromPort: 2375, ToPort: 2375, CidrIp: 0.0.0.0/0}
    +        - {IpProtocol: tcp, FromPort: 2375, ToPort: 2375, CidrIp: 10.0.0.0/8}
    ```

    ## How to mend it
    Reach the service through a VPN, a bastion host or port forwarding of Session Manager.

    ## References
    - [Security group rules](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/security-group-rules.html)
    """

    code = "SG007"
    name = "management-port-open-to-internet"
    severity = Severity.HIGH
    since = "0.1.0"
    types = (SecurityGroup, SeparateSecurityGroupRule)

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each rule that opens a port of such a service."""
        classes = port_classes()
        yield from services_open_to_internet(
            graph,
            classes["administration"].without("SSH", "RDP"),
            lesser=classes["alternative web"],
        )
