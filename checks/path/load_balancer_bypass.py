"""PATH006: targets of a load balancer can be reached around it."""

from collections.abc import Iterator

from iac_ec2lint.api import Check, Confidence, Evidence, Graph, Severity, Verdict
from iac_ec2lint.api.attack import DirectEntry, OpenTargetRule, balancer_bypasses
from iac_ec2lint.api.compute import HOST_TYPES
from iac_ec2lint.api.verdicts import describe_open_ports, join_words, reach_verdict


class LoadBalancerBypass(Check):
    """Instances behind a load balancer can also be reached directly, around its WAF, TLS and logs.

    ## Why it matters
    What a load balancer guards, filters and logs counts only for those who come through it. A
    target that the internet reaches by its own address can be attacked as if there were none, and
    one whose port is open to the whole VPC can be attacked from any host inside.

    The first is judged hop by hop as PATH003 does it, on any port. The second counts where targets
    see the load balancer's address, and is less severe in a subnet without a way to the internet.

    ## Fails
    ```hcl
    resource "aws_vpc" "main" {
      cidr_block = "10.0.0.0/16"
    }
    resource "aws_internet_gateway" "main" {
      vpc_id = aws_vpc.main.id
    }
    resource "aws_route_table" "public" {
      vpc_id = aws_vpc.main.id
      route {
        cidr_block = "0.0.0.0/0"
        gateway_id = aws_internet_gateway.main.id
      }
    }
    resource "aws_subnet" "public" {
      vpc_id     = aws_vpc.main.id
      cidr_block = "10.0.1.0/24"
    }
    resource "aws_route_table_association" "public" {
      subnet_id      = aws_subnet.public.id
      route_table_id = aws_route_table.public.id
    }
    resource "aws_security_group" "front" {
      vpc_id = aws_vpc.main.id
      ingress {
        protocol    = "tcp"
        from_port   = 443
        to_port     = 443
        cidr_blocks = ["0.0.0.0/0"]
      }
    }
    resource "aws_lb" "front" {
      load_balancer_type = "application"
      subnets            = [aws_subnet.public.id]
      security_groups    = [aws_security_group.front.id]
    }
    resource "aws_lb_target_group" "web" {
      port     = 80
      protocol = "HTTP"
      vpc_id   = aws_vpc.main.id
    }
    resource "aws_lb_listener" "web" {
      load_balancer_arn = aws_lb.front.arn
      port              = 443
      protocol          = "HTTPS"
      default_action {
        type             = "forward"
        target_group_arn = aws_lb_target_group.web.arn
      }
    }
    resource "aws_lb_target_group_attachment" "web" {
      target_group_arn = aws_lb_target_group.web.arn
      target_id        = aws_instance.web.id
    }
    resource "aws_security_group" "web" {
      vpc_id = aws_vpc.main.id
      ingress {
        protocol    = "tcp"
        from_port   = 80
        to_port     = 80
        cidr_blocks = ["0.0.0.0/0"]
      }
    }
    resource "aws_instance" "web" {
      ami                         = "ami-0123456789abcdef0"
      instance_type               = "t3.micro"
      subnet_id                   = aws_subnet.public.id
      associate_public_ip_address = true
      vpc_security_group_ids      = [aws_security_group.web.id]
    }
    ```

    ## Passes
    ```hcl
    resource "aws_vpc" "main" {
      cidr_block = "10.0.0.0/16"
    }
    resource "aws_internet_gateway" "main" {
      vpc_id = aws_vpc.main.id
    }
    resource "aws_route_table" "public" {
      vpc_id = aws_vpc.main.id
      route {
        cidr_block = "0.0.0.0/0"
        gateway_id = aws_internet_gateway.main.id
      }
    }
    resource "aws_subnet" "public" {
      vpc_id     = aws_vpc.main.id
      cidr_block = "10.0.1.0/24"
    }
    resource "aws_route_table_association" "public" {
      subnet_id      = aws_subnet.public.id
      route_table_id = aws_route_table.public.id
    }
    resource "aws_security_group" "front" {
      vpc_id = aws_vpc.main.id
      ingress {
        protocol    = "tcp"
        from_port   = 443
        to_port     = 443
        cidr_blocks = ["0.0.0.0/0"]
      }
    }
    resource "aws_lb" "front" {
      load_balancer_type = "application"
      subnets            = [aws_subnet.public.id]
      security_groups    = [aws_security_group.front.id]
    }
    resource "aws_lb_target_group" "web" {
      port     = 80
      protocol = "HTTP"
      vpc_id   = aws_vpc.main.id
    }
    resource "aws_lb_listener" "web" {
      load_balancer_arn = aws_lb.front.arn
      port              = 443
      protocol          = "HTTPS"
      default_action {
        type             = "forward"
        target_group_arn = aws_lb_target_group.web.arn
      }
    }
    resource "aws_lb_target_group_attachment" "web" {
      target_group_arn = aws_lb_target_group.web.arn
      target_id        = aws_instance.web.id
    }
    resource "aws_security_group" "web" {
      vpc_id = aws_vpc.main.id
      ingress {
        protocol        = "tcp"
        from_port       = 80
        to_port         = 80
        security_groups = [aws_security_group.front.id]
      }
    }
    resource "aws_instance" "web" {
      ami                         = "ami-0123456789abcdef0"
      instance_type               = "t3.micro"
      subnet_id                   = aws_subnet.public.id
      associate_public_ip_address = false
      vpc_security_group_ids      = [aws_security_group.web.id]
    }
    ```

    ## How to mend it
    Admit the target port from the load balancer's security group only, and drop public addresses.

    ## References
    - [Security group rules for different use cases](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/security-group-rules-reference.html)
    - [Security groups for your Application Load Balancer](https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-update-security-groups.html)
    """

    code = "PATH006"
    name = "load-balancer-bypass"
    severity = Severity.HIGH
    since = "0.1.0"
    types = HOST_TYPES

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each way around a load balancer to one of its targets."""
        for way in balancer_bypasses(graph):
            if isinstance(way, DirectEntry):
                ports = describe_open_ports(way.entry.ports)
                around = join_words([balancer.address for balancer in way.balancers])
                what = f"{ports} of {way.entry.resource.address} around {around}"
                yield reach_verdict(graph, way.entry, self.severity, what, further=way.hops)
            else:
                yield _inside(way, self.severity)


def _inside(rule: OpenTargetRule, severity: Severity) -> Verdict:
    """The verdict on a rule that opens a target's port to more than its load balancer."""
    undecided = rule.answer.truth is None
    port = rule.port or "the target port"
    front, where = rule.balancer.address, rule.declaring.address
    span = rule.place.span
    return Verdict(
        subject=rule.target,
        resource=rule.declaring,
        at=rule.place,
        message=f"{port} of {rule.target.address} {'may be' if undecided else 'is'} open "
        f"around {front}, to {rule.audience}",
        causes=rule.answer.causes,
        undecided=undecided,
        evidence=(
            rule.forwards,
            Evidence(span, rule.admits, where),
            Evidence(
                span,
                f"to break it: admit the security group of {front} in place of addresses",
                where,
            ),
        ),
        severity=Severity.MEDIUM if rule.private else severity,
        confidence=Confidence.POSSIBLE if undecided else None,
        value=rule.identity,
        in_full=True,
    )
