from collections.abc import Iterator

from iac_ec2lint.api import NO, Answer, Check, Graph, Severity, Verdict, any_of, require
from iac_ec2lint.api.load_balancers import attached, attached_elsewhere, forwards_nothing, is_closed
from iac_ec2lint.api.resources import (
    FirewallManagerPolicy,
    Listener,
    ListenerRule,
    LoadBalancer,
    WebAclAssociation,
)


class PublicAlbWithoutWaf(Check):
    """An internet-facing Application Load Balancer has no web ACL.

    ## Why it matters
    A web ACL is the one place in front of all targets where requests can be refused for what they
    say: known exploits, floods from one address, countries that have no business there. Without one
    each request reaches the application, and a fresh hole in it is open until it is patched
    everywhere.

    A load balancer whose groups admit no internet, but the addresses of CloudFront or of an office,
    is less severe, and so is one that only redirects or answers by itself: nothing is behind it.
    Where Firewall Manager may attach a web ACL, or the load balancer's ARN leaves by an output,
    another stack may have done so: that is undecided.

    ## Fails
    ```hcl
    resource "aws_lb" "web" {
      subnets = ["subnet-0a1b2c3d4e5f60001", "subnet-0a1b2c3d4e5f60002"]
    }
    ```
    ```yaml
    Resources:
      Web:
        Type: AWS::ElasticLoadBalancingV2::LoadBalancer
        Properties:
          Subnets: [subnet-0a1b2c3d4e5f60001, subnet-0a1b2c3d4e5f60002]
    ```

    ## Passes
    ```hcl
    resource "aws_lb" "web" {
      subnets = ["subnet-0a1b2c3d4e5f60001", "subnet-0a1b2c3d4e5f60002"]
    }

    resource "aws_wafv2_web_acl_association" "web" {
      resource_arn = aws_lb.web.arn
      web_acl_arn  = aws_wafv2_web_acl.web.arn
    }

    resource "aws_wafv2_web_acl" "web" {
      name  = "web"
      scope = "REGIONAL"
    }
    ```
    ```diff yaml
           Subnets: [subnet-0a1b2c3d4e5f60001, subnet-0a1b2c3d4e5f60002]
    +  Association:
    +    Type: AWS::WAFv2::WebACLAssociation
    +    Properties:
    +      ResourceArn: !Ref Web
    +      WebACLArn: !GetAtt Acl.Arn
    +  Acl:
    +    Type: AWS::WAFv2::WebACL
    +    Properties:
    +      Scope: REGIONAL
    +      DefaultAction: {Allow: {}}
    +      VisibilityConfig:
    +        CloudWatchMetricsEnabled: true
    +        MetricName: web
    +        SampledRequestsEnabled: true
    ```

    ## How to mend it
    Associate a web ACL of AWS WAF with the load balancer. AWS's managed rule groups are a start.

    ## References
    - [Associating protection with an AWS resource](https://docs.aws.amazon.com/waf/latest/developerguide/web-acl-associating.html)
    - [Application Load Balancers and AWS WAF](https://docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html#load-balancer-waf)
    - [AWS Firewall Manager AWS WAF policies](https://docs.aws.amazon.com/waf/latest/developerguide/waf-policies.html)
    """

    code = "NET023"
    name = "public-alb-without-waf"
    severity = Severity.MEDIUM
    since = "0.1.0"
    types = (LoadBalancer, Listener, ListenerRule, WebAclAssociation, FirewallManagerPolicy)
    supplied_by = (WebAclAssociation,)

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each public Application Load Balancer that no web ACL is in front of."""
        for balancer in graph.all(LoadBalancer):
            safe = ~balancer.is_application | balancer.is_internal
            if safe.truth is True:
                continue
            safe = safe | _has_web_acl(graph, balancer)
            yield from require(
                safe,
                of=balancer,
                at=balancer,
                otherwise="the load balancer is internet-facing and has no web ACL",
                perhaps="the load balancer may be internet-facing without a web ACL",
                severity=Severity.LOW if _is_lesser(graph, balancer) else None,
            )


def _is_lesser(graph: Graph, balancer: LoadBalancer) -> bool:
    """Whether no request of strangers reaches an application through a load balancer."""
    return is_closed(graph, balancer) or forwards_nothing(graph, balancer).truth is True


def _has_web_acl(graph: Graph, balancer: LoadBalancer) -> Answer:
    """Whether a web ACL is associated with a load balancer."""
    own = attached(graph, balancer, "resource", WebAclAssociation)
    found = any_of(surely for _, surely in own)
    gap = attached_elsewhere(graph, balancer)
    managed = any_of(policy.may_attach_web_acls for policy in graph.all(FirewallManagerPolicy))
    return found | managed | (NO if gap is None else Answer(None, (gap,)))
