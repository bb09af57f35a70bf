"""PATH015: an endpoint service lets any account in on what is inside."""

from collections.abc import Iterator

from iac_ec2lint.api import Check, Evidence, Graph, Severity, Verdict
from iac_ec2lint.api.attack import OpenService, open_services
from iac_ec2lint.api.network import TCP, PortSet, describe_ports
from iac_ec2lint.api.resources import EndpointService
from iac_ec2lint.api.verdicts import hop_evidence


class EndpointServiceOpensInside(Check):
    """Any AWS account can reach an administrative or data port through a PrivateLink endpoint service (E PATH-10).

    ## Why it matters
    Where a service allows every principal and nobody has to accept, anyone with an AWS account
    makes an endpoint to it and is inside: the Network Load Balancer hands connections on to its
    targets, whose groups see the load balancer's address and no stranger's.

    It fails where a target's port is one of administration or of a data store, and the target's
    groups and network ACLs let the load balancer in on it.

    ## Fails
    ```hcl
    resource "aws_vpc" "main" {
      cidr_block = "10.0.0.0/16"
    }
    resource "aws_subnet" "private" {
      vpc_id     = aws_vpc.main.id
      cidr_block = "10.0.2.0/24"
    }
    resource "aws_security_group" "database" {
      vpc_id = aws_vpc.main.id
      ingress {
        protocol    = "tcp"
        from_port   = 5432
        to_port     = 5432
        cidr_blocks = ["10.0.0.0/16"]
      }
    }
    resource "aws_instance" "database" {
      ami                    = "ami-0123456789abcdef0"
      instance_type          = "t3.micro"
      subnet_id              = aws_subnet.private.id
      vpc_security_group_ids = [aws_security_group.database.id]
    }
    resource "aws_lb" "shared" {
      load_balancer_type = "network"
      internal           = true
      subnets            = [aws_subnet.private.id]
    }
    resource "aws_lb_target_group" "shared" {
      port     = 5432
      protocol = "TCP"
      vpc_id   = aws_vpc.main.id
    }
    resource "aws_lb_listener" "shared" {
      load_balancer_arn = aws_lb.shared.arn
      port              = 5432
      protocol          = "TCP"
      default_action {
        type             = "forward"
        target_group_arn = aws_lb_target_group.shared.arn
      }
    }
    resource "aws_lb_target_group_attachment" "shared" {
      target_group_arn = aws_lb_target_group.shared.arn
      target_id        = aws_instance.database.id
    }
    resource "aws_vpc_endpoint_service" "shared" {
      acceptance_required        = false
      allowed_principals         = ["*"]
      network_load_balancer_arns = [aws_lb.shared.arn]
    }
    ```

    ## Passes
    ```hcl
    resource "aws_vpc" "main" {
      cidr_block = "10.0.0.0/16"
    }
    resource "aws_subnet" "private" {
      vpc_id     = aws_vpc.main.id
      cidr_block = "10.0.2.0/24"
    }
    resource "aws_security_group" "database" {
      vpc_id = aws_vpc.main.id
      ingress {
        protocol    = "tcp"
        from_port   = 5432
        to_port     = 5432
        cidr_blocks = ["10.0.0.0/16"]
      }
    }
    resource "aws_instance" "database" {
      ami                    = "ami-0123456789abcdef0"
      instance_type          = "t3.micro"
      subnet_id              = aws_subnet.private.id
      vpc_security_group_ids = [aws_security_group.database.id]
    }
    resource "aws_lb" "shared" {
      load_balancer_type = "network"
      internal           = true
      subnets            = [aws_subnet.private.id]
    }
    resource "aws_lb_target_group" "shared" {
      port     = 5432
      protocol = "TCP"
      vpc_id   = aws_vpc.main.id
    }
    resource "aws_lb_listener" "shared" {
      load_balancer_arn = aws_lb.shared.arn
      port              = 5432
      protocol          = "TCP"
      default_action {
        type             = "forward"
        target_group_arn = aws_lb_target_group.shared.arn
      }
    }
    resource "aws_lb_target_group_attachment" "shared" {
      target_group_arn = aws_lb_target_group.shared.arn
      target_id        = aws_instance.database.id
    }
    resource "aws_vpc_endpoint_service" "shared" {
      acceptance_required        = true
      allowed_principals         = ["arn:aws:iam::123456789012:root"]
      network_load_balancer_arns = [aws_lb.shared.arn]
    }
    ```

    ## How to mend it
    Name the principals and require acceptance.

    ## References
    - [Manage permissions of an endpoint service](https://docs.aws.amazon.com/vpc/latest/privatelink/configure-endpoint-service.html)
    """  # noqa: E501 - the summary is one line

    code = "PATH015"
    name = "endpoint-service-opens-inside"
    severity = Severity.HIGH
    since = "0.1.0"
    types = (EndpointService,)
    supersedes = ("VPCE010",)

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each open service and each port inside that it leads to."""
        for opened in open_services(graph):
            service, undecided = opened.service, opened.answer.truth is None
            port, front = opened.port, opened.balancer.address
            what = "a port" if port is None else describe_ports(TCP, PortSet.of([(port, port)]))
            yield Verdict(
                subject=service,
                resource=opened.declaring,
                at=opened.place,
                message=f"any AWS account {'may' if undecided else 'can'} reach {what} of "
                f"{opened.target.address} through {service.address} and {front}",
                causes=opened.answer.causes,
                undecided=undecided,
                evidence=_evidence(opened),
                severity=self.severity,
                confidence=opened.confidence,
                value=f"{front} {opened.target.address} {what}",
                in_full=True,
            )


def _evidence(opened: OpenService) -> tuple[Evidence, ...]:
    name, span = opened.service.address, opened.place.span
    acceptance = opened.service.place("acceptance_required").span
    hops = (
        Evidence(span, f"{name} is open to any account", name),
        Evidence(acceptance, "nobody has to accept a request", name),
        *hop_evidence(opened.hops),
    )
    if opened.answer.truth is None:
        return hops
    return (
        *hops,
        Evidence(span, "to break it: name the principals", opened.declaring.address),
        Evidence(acceptance, "or: require acceptance", name),
    )
