"""SG006: a clear-text, mail, directory or file-sharing port is open to the internet."""

from collections.abc import Iterator

from iac_ec2lint.api import Check, Graph, Severity, Verdict, name_lists
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
    compliance = name_lists(
        security_hub="EC2.19",
        cis_aws="4.0:5.1.2 5.0:5.1.2",
        nist_800_53_r5=(
            "AC-4 AC-4(21) CA-9(1) CM-2 CM-2(2) CM-7 SC-7 SC-7(4) SC-7(5) SC-7(11) SC-7(16) "
            "SC-7(21)"
        ),
        aws_config="restricted-common-ports",
    )
    peers = name_lists(
        terrascan=(
            "AC_AWS_0237 AC_AWS_0243 AC_AWS_0246 AC_AWS_0254 AC_AWS_0255 AC_AWS_0256 "
            "AC_AWS_0257 AC_AWS_0258 AC_AWS_0259 AC_AWS_0266 AC_AWS_0271 AC_AWS_0272 "
            "AC_AWS_0273"
        ),
        guard="RESTRICTED_INCOMING_TRAFFIC",
        regula="FG_R00040 FG_R00244 FG_R00245 FG_R00246 FG_R00247 FG_R00260 FG_R00266 FG_R00234",
        prowler=(
            "ec2_securitygroup_allow_ingress_from_internet_to_tcp_port_ftp_20_21 "
            "ec2_securitygroup_allow_ingress_from_internet_to_tcp_port_telnet_23 "
            "ec2_instance_port_cifs_exposed_to_internet "
            "ec2_instance_port_ftp_exposed_to_internet "
            "ec2_instance_port_kerberos_exposed_to_internet "
            "ec2_instance_port_ldap_exposed_to_internet "
            "ec2_instance_port_telnet_exposed_to_internet "
            "ec2_securitygroup_allow_ingress_from_internet_to_high_risk_tcp_ports"
        ),
    )

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each rule that opens a port of such a service."""
        yield from services_open_to_internet(graph, port_classes()["legacy"])
