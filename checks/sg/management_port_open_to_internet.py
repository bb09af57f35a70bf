"""SG007: a remote management, orchestration or development port is open to the internet."""

from collections.abc import Iterator

from iac_ec2lint.api import Check, Graph, Severity, Verdict, name_lists
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
    compliance = name_lists(
        security_hub="EC2.19",
        nist_800_53_r5=(
            "AC-4 AC-4(21) CA-9(1) CM-2 CM-2(2) CM-7 SC-7 SC-7(4) SC-7(5) SC-7(11) SC-7(16) "
            "SC-7(21)"
        ),
    )
    peers = name_lists(
        terrascan=(
            "AC_AWS_0233 AC_AWS_0236 AC_AWS_0240 AC_AWS_0241 AC_AWS_0242 AC_AWS_0264 "
            "AC_AWS_0265 AC_AWS_0269"
        ),
        regula="FG_R00259 FG_R00262 FG_R00263 FG_R00039 FG_R00038 FG_R00037 FG_R00268",
        prowler="ec2_securitygroup_allow_ingress_from_internet_to_high_risk_tcp_ports",
    )

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each rule that opens a port of such a service."""
        classes = port_classes()
        yield from services_open_to_internet(
            graph,
            classes["administration"].without("SSH", "RDP"),
            lesser=classes["alternative web"],
        )
