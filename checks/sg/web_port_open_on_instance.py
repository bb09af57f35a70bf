from collections.abc import Iterator, Mapping

from iac_ec2lint.api import Check, Graph, Severity, Verdict, parameter
from iac_ec2lint.api.load_balancers import is_of_balancers_only
from iac_ec2lint.api.network import ALL, NO_PORTS, TCP, Exposure, PortSet, describe_ports, exposures
from iac_ec2lint.api.resources import SecurityGroup, SeparateSecurityGroupRule
from iac_ec2lint.api.verdicts import exposure_verdict

_EVERY_PORT = PortSet.of([(1, 65535)])


class WebPortOpenOnInstance(Check):
    """Clear-text HTTP is open to the internet on a group that is not a load balancer's.

    ## Why it matters
    An instance that answers the internet on port 80 speaks with clients in the clear, takes each
    attack on its web server itself, and cannot be replaced without an interruption. A load balancer
    ends TLS, can have a web ACL, and leaves the instances in private subnets.

    A group that only load balancers carry is their own business. A rule that opens all ports is
    left to the check of those.

    ## Fails
    ```hcl
    resource "aws_security_group" "web" {
      ingress {
        protocol    = "tcp"
        from_port   = 80
        to_port     = 80
        cidr_blocks = ["0.0.0.0/0"]
      }
    }
    ```
    ```yaml
    Resources:
      Web:
        Type: AWS::EC2::SecurityGroup
        Properties:
          GroupDescription: Web
          SecurityGroupIngress:
            - {IpProtocol: tcp, FromPort: 80, ToPort: 80, CidrIp: 0.0.0.0/0}
    ```

    ## Passes
    ```diff hcl
     }
    +
    +resource "aws_lb" "web" {
    +  subnets         = ["subnet-0a1b2c3d4e5f60001", "subnet-0a1b2c3d4e5f60002"]
    +  security_groups = [aws_security_group.web.id]
    +}
    ```
    ```diff yaml
             - {IpProtocol: tcp, FromPort: 80, ToPort: 80, CidrIp: 0.0.0.0/0}
    +  Web:
    +    Type: AWS::ElasticLoadBalancingV2::LoadBalancer
    +    Properties:
    +      Subnets: [subnet-0a1b2c3d4e5f60001, subnet-0a1b2c3d4e5f60002]
    +      SecurityGroups: [!Ref Web]
    ```

    ## How to mend it
    Put a load balancer with TLS in front, and admit its group alone.

    ## References
    - [Security group rules for different use cases](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/security-group-rules-reference.html)
    - [Security groups for your Application Load Balancer](https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-update-security-groups.html)
    """

    code = "SG008"
    name = "web-port-open-on-instance"
    severity = Severity.INFO
    since = "0.1.0"
    types = (SecurityGroup, SeparateSecurityGroupRule)
    default = False
    include_https = parameter.boolean(default=False, help="Whether port 443 counts too.")

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each rule that opens such a port on what is no load balancer."""
        for exposure in exposures(graph):
            ports = self._web_ports(exposure)
            if ports and not is_of_balancers_only(graph, exposure.group):
                words = describe_ports(TCP, ports)
                made = exposure_verdict(graph, exposure, words, {TCP: ports})
                if made.severity is None:  # else the internet reaches nothing that carries it
                    yield made

    def _web_ports(self, exposure: Exposure) -> PortSet:
        # Of what is not known, the rules that surely open all ports are left to SG003 too.
        every = [read.lower for read in exposure.rules] if exposure.causes else [exposure.ports]
        if all(map(_opens_all, every)):
            return NO_PORTS
        wanted = PortSet.of([(80, 80), (443, 443)] if self.include_https else [(80, 80)])
        return exposure.on(TCP) & wanted


def _opens_all(ports: Mapping[int, PortSet]) -> bool:
    """Whether all ports are open, which SG003 reports."""
    return ALL in ports or ports.get(TCP, NO_PORTS).covers(_EVERY_PORT)
