from collections.abc import Iterator

from iac_ec2lint.api import Answer, Check, Evidence, Graph, Severity, Unknown, Verdict, require
from iac_ec2lint.api.load_balancers import ends_tls, forwarded_groups, has_protocol
from iac_ec2lint.api.resources import ClassicLoadBalancer, Listener, TargetGroup


class LbBackendPlaintext(Check):
    """Traffic between a load balancer and its targets is not encrypted.

    ## Why it matters
    A load balancer that ends TLS sends requests on in the clear unless its targets speak TLS too.
    Who mirrors traffic in the VPC, or takes over something on the way, reads what clients were
    promised to be encrypted. The encryption between instances of newer types does not cover this:
    it ends at load balancers.

    ## Fails
    ```hcl
    resource "aws_lb_target_group" "web" {
      port     = 80
      protocol = "HTTP"
      vpc_id   = "vpc-0a1b2c3d4e5f60718"
    }
    ```
    ```yaml
    Resources:
      Web:
        Type: AWS::ElasticLoadBalancingV2::TargetGroup
        Properties:
          Port: 80
          Protocol: HTTP
          VpcId: vpc-0a1b2c3d4e5f60718
    ```

    ## Passes
    ```hcl
    resource "aws_lb_target_group" "web" {
      port     = 443
      protocol = "HTTPS"
      vpc_id   = "vpc-0a1b2c3d4e5f60718"
    }
    ```
    ```diff yaml
    -      Port: 80
    -      Protocol: HTTP
    +      Port: 443
    +      Protocol: HTTPS
    ```

    ## How to mend it
    Speak HTTPS or TLS with targets. The load balancer does not verify their certificates, so that
    self-signed ones do.

    ## References
    - [Target groups for your Application Load Balancers](https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-target-groups.html#target-group-routing-configuration)
    - [Target groups for your Network Load Balancers](https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-target-groups.html)
    - [Listeners for your Classic Load Balancer](https://docs.aws.amazon.com/elasticloadbalancing/latest/classic/elb-listener-config.html)
    - [Encryption in transit between instances](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/data-protection.html#encryption-transit)
    """

    code = "DATA012"
    name = "lb-backend-plaintext"
    severity = Severity.LOW
    since = "0.1.0"
    types = (ClassicLoadBalancer, Listener, TargetGroup)
    default = False

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each target group, or Classic listener, that leads to plain targets."""
        for group in graph.all(TargetGroup):
            yield from require(
                ~has_protocol(group.protocol, "HTTP"),
                of=group,
                at=group.place("protocol"),
                otherwise="targets are sent requests over HTTP",
                perhaps="targets may be sent requests over HTTP",
            )
        for listener in graph.all(Listener):
            ends = has_protocol(listener.protocol, "TLS")
            if ends.truth is False:
                continue
            for group, surely in forwarded_groups(graph, listener):
                words = f"{listener.address} ends TLS and forwards to it"
                yield from require(
                    ~(ends & surely & has_protocol(group.protocol, "TCP")),
                    of=group,
                    at=group.place("protocol"),
                    otherwise="targets are sent over TCP what comes over TLS",
                    perhaps="targets may be sent over TCP what comes over TLS",
                    evidence=(Evidence(listener.span, words, listener.address),),
                )
        for balancer in graph.all(ClassicLoadBalancer):
            for part in balancer.listeners:
                plain = has_protocol(part.instance_protocol, "HTTP", "TCP")
                if part.instance_protocol is None:
                    words = "which protocol instances are spoken to in is not written"
                    plain = Answer(None, (Unknown(words, "expression", part.span),))
                yield from require(
                    ~(ends_tls(part) & plain),
                    of=balancer,
                    at=part.place("instance_protocol"),
                    otherwise="instances are sent in the clear what comes encrypted",
                    perhaps="instances may be sent in the clear what comes encrypted",
                )
