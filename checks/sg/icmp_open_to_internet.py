from collections.abc import Iterator

from iac_ec2lint.api import Check, Graph, Severity, Unknown, Verdict
from iac_ec2lint.api.network import ICMP, ICMPV6, exposures, protocol_name
from iac_ec2lint.api.resources import SecurityGroup, SeparateSecurityGroupRule
from iac_ec2lint.api.verdicts import exposure_verdict, join_words


class IcmpOpenToInternet(Check):
    """All ICMP types are admitted from the internet.

    ## Why it matters
    Redirects, timestamps and address masks help to map a network and have no use across the
    internet. What path MTU discovery and `ping` need can be admitted type by type.

    ## Fails
    ```hcl
    resource "aws_security_group" "open" {
      ingress {
        protocol    = "icmp"
        from_port   = -1
        to_port     = -1
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
            - {IpProtocol: icmp, FromPort: -1, ToPort: -1, CidrIp: 0.0.0.0/0}
    ```

    ## Passes
    ```diff hcl
    -    from_port   = -1
    -    to_port     = -1
    +    from_port   = 3
    +    to_port     = 4
    ```
    ```diff yaml
    -        - {IpProtocol: icmp, FromPort: -1, ToPort: -1, CidrIp: 0.0.0.0/0}
    +        - {IpProtocol: icmp, FromPort: 3, ToPort: 4, CidrIp: 0.0.0.0/0}
    ```

    ## How to mend it
    Admit echo requests from your own ranges, and the path MTU types (3/4, ICMPv6 2), only.

    ## References
    - [Rules for path MTU discovery](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/security-group-rules-reference.html)
    """

    code = "SG009"
    name = "icmp-open-to-internet"
    severity = Severity.LOW
    since = "0.1.0"
    types = (SecurityGroup, SeparateSecurityGroupRule)
    default = False

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each rule that names ICMP and admits all of it."""
        for exposure in exposures(graph):
            unknown = any(isinstance(read.rule.protocol, Unknown) for read in exposure.rules)
            named = [p for p in (ICMP, ICMPV6) if p in exposure.ports or unknown]
            every = {p: types for p in named if (types := exposure.on(p)).is_everything}
            if every:
                words = (
                    f"every type of {join_words([protocol_name(protocol) for protocol in every])}"
                )
                yield exposure_verdict(graph, exposure, words, every)
