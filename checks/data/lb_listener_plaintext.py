from collections.abc import Iterator
from decimal import Decimal

from iac_ec2lint.api import (
    NO,
    Answer,
    Check,
    Graph,
    Severity,
    Unknown,
    Verdict,
    any_of,
    parameter,
    require,
)
from iac_ec2lint.api.load_balancers import attached, has_protocol, stands_with
from iac_ec2lint.api.network import TCP, port_classes
from iac_ec2lint.api.resources import (
    ClassicListener,
    ClassicLoadBalancer,
    Listener,
    ListenerAction,
    ListenerRule,
    LoadBalancer,
)


class LbListenerPlaintext(Check):
    """Clients reach a load balancer over an unencrypted listener.

    ## Why it matters
    What travels over HTTP can be read and changed on the way: passwords, session cookies, pages
    that somebody adds a script to. A listener that answers HTTP with a redirect to HTTPS is the
    usual way to serve clients that come without it, and passes; rules of it that forward do not.

    Internal load balancers are less severe, and so are listeners that only answer with a fixed
    response. What a TCP listener passes on may be encrypted or not: a Classic one is reported on
    ports of services that speak in the clear, such as 80 and 8080, and undecided on others, those
    of mail among them, which turns to TLS with the targets (STARTTLS); one of a Network Load
    Balancer fails where `strict_nlb` is set.

    ## Fails
    ```hcl
    resource "aws_lb" "web" {
      subnets = ["subnet-0a1b2c3d4e5f60001", "subnet-0a1b2c3d4e5f60002"]
    }

    resource "aws_lb_listener" "http" {
      load_balancer_arn = aws_lb.web.arn
      port              = 80
      protocol          = "HTTP"
      default_action {
        type             = "forward"
        target_group_arn = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/a/b"
      }
    }
    ```
    ```yaml
    Resources:
      Web:
        Type: AWS::ElasticLoadBalancingV2::LoadBalancer
        Properties:
          Subnets: [subnet-0a1b2c3d4e5f60001, subnet-0a1b2c3d4e5f60002]
      Http:
        Type: AWS::ElasticLoadBalancingV2::Listener
        Properties:
          LoadBalancerArn: !Ref Web
          Port: 80
          Protocol: HTTP
          DefaultActions:
            - Type: forward
              TargetGroupArn: arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/a/b
    ```

    ## Passes
    ```diff hcl
     resource "aws_lb_listener" "http" {
    -    type             = "forward"
    -    target_group_arn = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/a/b"
    +    type = "redirect"
    +    redirect {
    +      port        = "443"
    +      protocol    = "HTTPS"
    +      status_code = "HTTP_301"
    +    }
    ```
    ```diff yaml
       Http:
    -        - Type: forward
    -          TargetGroupArn: arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/a/b
    +        - Type: redirect
    +          RedirectConfig: {Protocol: HTTPS, Port: "443", StatusCode: HTTP_301}
    ```

    ## How to mend it
    Serve clients over HTTPS or TLS, and redirect HTTP to it. That takes a certificate, which AWS
    Certificate Manager issues and renews.

    ## References
    - [Create an HTTPS listener for your Application Load Balancer](https://docs.aws.amazon.com/elasticloadbalancing/latest/application/create-https-listener.html)
    - [Redirect actions](https://docs.aws.amazon.com/elasticloadbalancing/latest/application/rule-action-types.html#redirect-actions)
    - [Listeners for your Classic Load Balancer](https://docs.aws.amazon.com/elasticloadbalancing/latest/classic/elb-listener-config.html)
    """

    code = "DATA010"
    name = "lb-listener-plaintext"
    severity = Severity.HIGH
    since = "0.1.0"
    types = (ClassicLoadBalancer, Listener, ListenerRule, LoadBalancer)
    strict_nlb = parameter.boolean(
        default=False, help="Whether TCP listeners of Network Load Balancers fail too."
    )

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each listener, or rule, that serves clients without encryption."""
        for balancer in graph.all(ClassicLoadBalancer):
            for part in balancer.listeners:
                yield from _of_classic(balancer, part)
        for listener in graph.all(Listener):
            plain = _is_plain(graph, listener)
            if plain.truth is not False:
                yield from _of_listener(graph, listener, plain)
            if self.strict_nlb:
                yield from require(
                    ~has_protocol(listener.protocol, "TCP"),
                    of=listener,
                    at=listener.place("protocol"),
                    otherwise="the listener passes TCP on as it comes, and ends no TLS",
                    perhaps="the listener may pass TCP on as it comes",
                    severity=_severity(graph, listener),
                )


def _is_plain(graph: Graph, listener: Listener) -> Answer:
    """Whether a listener speaks HTTP: the default of an Application Load Balancer's."""
    balancer = graph.only(listener, "load_balancer", LoadBalancer)
    if balancer is not None and balancer.is_application.truth is False:
        return NO
    if listener.protocol is not None:
        return has_protocol(listener.protocol, "HTTP")
    if balancer is not None:
        return balancer.is_application
    if listener.is_set("port").truth is False:  # what only a Gateway Load Balancer's goes without
        return NO
    words = f"whether {listener.address} is of an Application Load Balancer is not known"
    return Answer(None, (Unknown(words, "external-id", listener.span),))


def _of_listener(graph: Graph, listener: Listener, plain: Answer) -> Iterator[Verdict]:
    """The verdict on a listener that speaks HTTP, or on those of its rules that forward."""
    severity = _severity(graph, listener)
    redirects = any_of(_redirects(listener, action) for action in listener.actions)
    forwards = any_of(_forwards(listener, action) for action in listener.actions)
    refuses = any_of(action.equals("kind", "fixed-response") for action in listener.actions)
    answers = _name(listener)
    yield from require(
        ~plain | redirects,
        of=listener,
        at=listener.place("protocol"),
        otherwise=f"{answers} answers HTTP and does not redirect it to HTTPS",
        perhaps=f"{answers} may answer HTTP without redirecting it to HTTPS",
        severity=Severity.LOW if refuses.truth is True else severity,
    )
    if forwards.truth is True:
        return
    for rule, surely in attached(graph, listener, "listener", ListenerRule, judged=True):
        for action in rule.actions:
            yield from require(
                ~(plain & surely & _forwards(rule, action)),
                of=rule,
                at=action.place("kind"),
                otherwise=f"the rule forwards what comes over HTTP to {answers}",
                perhaps=f"the rule may forward what comes over HTTP to {answers}",
                severity=severity,
            )


def _name(listener: Listener) -> str:
    port = None if listener.port is None else listener.port.number
    return "the listener" if port is None else f"the listener on port {port}"


def _redirects(listener: Listener, action: ListenerAction) -> Answer:
    """Whether an action sends clients to HTTPS, wherever its listener is."""
    there = stands_with(listener, action) & action.equals("kind", "redirect")
    return there & has_protocol(action.redirect_protocol, "HTTPS")


def _forwards(owner: Listener | ListenerRule, action: ListenerAction) -> Answer:
    """Whether an action sends requests to targets, wherever its listener or rule is."""
    return stands_with(owner, action) & action.equals("kind", "forward")


def _severity(graph: Graph, listener: Listener) -> Severity | None:
    """Less than high where the load balancer is surely internal."""
    balancer = graph.only(listener, "load_balancer", LoadBalancer)
    inside = balancer is not None and balancer.is_internal.truth is True
    return Severity.MEDIUM if inside else None


def _of_classic(balancer: ClassicLoadBalancer, listener: ClassicListener) -> Iterator[Verdict]:
    """The verdict on a listener of a Classic Load Balancer."""
    port = None if listener.port is None else listener.port.number
    plain = has_protocol(listener.protocol, "HTTP", "TCP")
    if has_protocol(listener.protocol, "TCP").truth is True and not _is_of_clear_text(port):
        words = "whether what a TCP listener passes on is encrypted is not in the source"
        plain = Answer(None, (Unknown(words, "expression", listener.span),))
    name = "the listener" if port is None else f"the listener on port {port}"
    said = "" if listener.protocol is None else (listener.protocol.text or "").upper()
    yield from require(
        ~plain,
        of=balancer,
        at=listener.place("protocol"),
        otherwise=f"{name} speaks {said} with clients",
        perhaps=f"{name} may speak with clients without encryption",
        severity=Severity.MEDIUM if balancer.is_internal.truth is True else None,
    )


def _is_of_clear_text(port: Decimal | int | None) -> bool:
    """Whether what listens on a TCP port speaks in the clear, as a rule.

    Mail and FTP begin in the clear and ask for TLS by a command, which no load balancer answers
    (RFC 3207, RFC 2595, RFC 4217): their listeners have to be TCP's.
    """
    classes = port_classes()
    old = classes["legacy"].only("Telnet")
    applications = classes["alternative web"].only("an application or a development server")
    services = (classes["web"].only("HTTP"), applications, old)
    return port is not None and any(one.ports(TCP).contains(int(port)) for one in services)
