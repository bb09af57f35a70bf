from collections.abc import Iterator

from iac_ec2lint.api import Check, Graph, Severity, Verdict, parameter, require, set_to
from iac_ec2lint.api.load_balancers import negotiations, outdated_policies
from iac_ec2lint.api.resources import (
    ClassicListenerPolicy,
    ClassicLoadBalancer,
    ClassicNegotiationPolicy,
    ClassicPolicy,
    Listener,
    UnreadModule,
)
from iac_ec2lint.api.verdicts import handed_to_unread_modules


class LbWeakTlsPolicy(Check):
    """A load balancer negotiates outdated TLS versions or ciphers.

    ## Why it matters
    TLS 1.0 and 1.1 rest on hash functions that are broken, and have been deprecated since 2021; a
    client that can be talked into one of them, or into a cipher such as RC4, can be read.

    A listener without a policy has `ELBSecurityPolicy-2016-08`, which permits TLS 1.0, unless it
    was made in the console. What each of AWS's policies permits is dated data; one that is not in
    it is undecided. Of a Classic Load Balancer's own policy the protocols and ciphers that it turns
    on are judged.

    ## Fails
    ```hcl
    resource "aws_lb_listener" "web" {
      load_balancer_arn = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/a/b"
      port              = 443
      protocol          = "HTTPS"
      certificate_arn   = "arn:aws:acm:eu-west-1:111122223333:certificate/0a1b2c3d"
      default_action {
        type             = "forward"
        target_group_arn = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/a/b"
      }
    }
    ```
    ```yaml
    Resources:
      Web:
        Type: AWS::ElasticLoadBalancingV2::Listener
        Properties:
          LoadBalancerArn: arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/a/b
          Port: 443
          Protocol: HTTPS
          Certificates: [{CertificateArn: arn:aws:acm:eu-west-1:111122223333:certificate/0a1b2c3d}]
          DefaultActions:
            - Type: forward
              TargetGroupArn: arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/a/b
    ```

    ## Passes
    ```diff hcl
       protocol          = "HTTPS"
    +  ssl_policy        = "ELBSecurityPolicy-TLS13-1-2-2021-06"
    ```
    ```diff yaml
           Protocol: HTTPS
    +      SslPolicy: ELBSecurityPolicy-TLS13-1-2-2021-06
    ```

    ## How to mend it
    Choose a policy without TLS 1.0 and 1.1: `ELBSecurityPolicy-TLS13-1-2-2021-06`.
    A Classic Load Balancer has `ELBSecurityPolicy-TLS-1-2-2017-01`.

    ## References
    - [Security policies for your Application Load Balancer](https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html)
    - [Security policies for your Network Load Balancer](https://docs.aws.amazon.com/elasticloadbalancing/latest/network/describe-ssl-policies.html)
    - [Predefined SSL security policies for Classic Load Balancers](https://docs.aws.amazon.com/elasticloadbalancing/latest/classic/elb-security-policy-table.html)
    - [RFC 8996](https://www.rfc-editor.org/rfc/rfc8996), [RFC 9325](https://www.rfc-editor.org/rfc/rfc9325)
    """

    code = "DATA011"
    name = "lb-weak-tls-policy"
    severity = Severity.HIGH
    since = "0.1.0"
    types = (
        ClassicListenerPolicy,
        ClassicLoadBalancer,
        ClassicNegotiationPolicy,
        ClassicPolicy,
        Listener,
        UnreadModule,
    )
    require_post_quantum = parameter.boolean(
        default=False, help="Whether key exchanges must be post-quantum ones; not of Classic ones."
    )

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each setting that permits, or may permit, what is outdated."""
        for one in negotiations(graph, post_quantum=self.require_post_quantum):
            yield from require(
                one.strong,
                of=one.subject,
                at=one.place,
                resource=one.declaring,
                otherwise=one.fact,
                perhaps="what the security policy permits is not known",
                fix=set_to(one.mend) if one.mend else None,
            )
        outdated = outdated_policies()
        for handed in handed_to_unread_modules(graph):
            value = handed.sets("ssl_policy", *outdated)
            if value is not None:
                yield handed.verdict(value, f'a listener may have the outdated "{value.text}"')
