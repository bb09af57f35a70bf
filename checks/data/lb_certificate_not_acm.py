from collections.abc import Iterator

from iac_ec2lint.api import YES, Answer, Check, Graph, Part, Resource, Severity, Verdict, require
from iac_ec2lint.api.load_balancers import ends_tls, is_of_acm
from iac_ec2lint.api.resources import ClassicLoadBalancer, Listener, ListenerCertificate


class LbCertificateNotAcm(Check):
    """A load balancer uses a certificate that AWS Certificate Manager does not renew.

    ## Why it matters
    A certificate that was uploaded to IAM is renewed by hand, or forgotten: on the day it expires
    all clients are refused. AWS Certificate Manager renews what it has issued, and tells before
    what was imported expires. Its private keys cannot be exported by who reads IAM.

    When a certificate expires is not in the source, so one that was imported into ACM passes.

    ## Fails
    ```hcl
    resource "aws_elb" "web" {
      subnets = ["subnet-0a1b2c3d4e5f60001", "subnet-0a1b2c3d4e5f60002"]
      listener {
        lb_port            = 443
        lb_protocol        = "https"
        instance_port      = 443
        instance_protocol  = "https"
        ssl_certificate_id = "arn:aws:iam::111122223333:server-certificate/web"
      }
    }
    ```
    ```yaml
    Resources:
      Web:
        Type: AWS::ElasticLoadBalancing::LoadBalancer
        Properties:
          Subnets: [subnet-0a1b2c3d4e5f60001, subnet-0a1b2c3d4e5f60002]
          Listeners:
            - LoadBalancerPort: "443"
              Protocol: HTTPS
              InstancePort: "443"
              InstanceProtocol: HTTPS
              SSLCertificateId: arn:aws:iam::111122223333:server-certificate/web
    ```

    ## Passes
    ```diff hcl
    -    ssl_certificate_id = "arn:aws:iam::111122223333:server-certificate/web"
    +    ssl_certificate_id = "arn:aws:acm:eu-west-1:111122223333:certificate/0a1b2c3d"
    ```
    ```diff yaml
    -          SSLCertificateId: arn:aws:iam::111122223333:server-certificate/web
    +          SSLCertificateId: arn:aws:acm:eu-west-1:111122223333:certificate/0a1b2c3d
    ```

    ## How to mend it
    Use a certificate of AWS Certificate Manager. It issues public ones at no cost.

    ## References
    - [SSL certificates for your Application Load Balancer](https://docs.aws.amazon.com/elasticloadbalancing/latest/application/https-listener-certificates.html)
    - [SSL/TLS certificates for Classic Load Balancers](https://docs.aws.amazon.com/elasticloadbalancing/latest/classic/ssl-server-cert.html)
    - [Manage server certificates in IAM](https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_server-certs.html)
    """

    code = "DATA013"
    name = "lb-certificate-not-acm"
    severity = Severity.LOW
    since = "0.1.0"
    types = (ClassicLoadBalancer, Listener, ListenerCertificate)
    default = False

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each certificate of a listener that is not, or may not be, of ACM."""
        for balancer in graph.all(ClassicLoadBalancer):
            for part in balancer.listeners:
                yield from _certificates(graph, balancer, part, "certificate", ends_tls(part))
        for listener in graph.all(Listener):
            ends = ends_tls(listener)
            yield from _certificates(graph, listener, listener, "certificates", ends)
        for more in graph.all(ListenerCertificate):
            yield from _certificates(graph, more, more, "certificates", YES)


def _certificates(
    graph: Graph, resource: Resource, part: Part, relation: str, ends: Answer
) -> Iterator[Verdict]:
    """The verdicts on the certificates of a listener, where it speaks TLS.

    Args:
        graph: The graph.
        resource: What declares them.
        part: The part that has the field.
        relation: The field.
        ends: Whether the listener speaks TLS.
    """
    if ends.truth is False:
        return
    edges = graph.follow(resource, part, relation)
    for edge in edges:
        yield from require(
            ~ends | is_of_acm(edge),
            of=resource,
            at=part.place(relation, edge.value),
            otherwise="the certificate is kept in IAM, which renews none",
            perhaps="the certificate may not be one of AWS Certificate Manager",
        )
    if not edges:
        yield from require(
            ~ends,
            of=resource,
            at=part.place(relation),
            otherwise="the listener has no certificate",
            perhaps="the listener may have no certificate",
        )
