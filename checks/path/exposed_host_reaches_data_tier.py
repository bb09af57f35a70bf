"""PATH007: exposed hosts reach the data tier, or what is inside over administration ports."""

from collections.abc import Iterator

from iac_ec2lint.api import Check, Evidence, Graph, Severity, Verdict, parameter
from iac_ec2lint.api.attack import Pivot, pivots
from iac_ec2lint.api.compute import HOST_TYPES
from iac_ec2lint.api.verdicts import hop_evidence, less_severe


class ExposedHostReachesDataTier(Check):
    """From an internet-reachable host an attacker can go straight to the data tier, or on to it over administration ports.

    ## Why it matters
    A host that the internet reaches is taken over sooner or later. What counts then is what it
    reaches: group references, ranges, network ACLs and routes are followed from it, over peering
    connections and through transit gateways too, to hosts and managed data stores that are not
    exposed themselves.

    It fails where an exposed host gets on to a data store's port directly, or to anything on an
    administration port or on all ports; further on, in at most `max_hops` steps, where the chain
    ends at the data tier and some step of it is such a one. What stands behind an application load
    balancer alone, each step limited to its service's port, passes.

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
    resource "aws_subnet" "private" {
      vpc_id     = aws_vpc.main.id
      cidr_block = "10.0.2.0/24"
    }
    resource "aws_security_group" "bastion" {
      vpc_id = aws_vpc.main.id
      ingress {
        protocol    = "tcp"
        from_port   = 22
        to_port     = 22
        cidr_blocks = ["0.0.0.0/0"]
      }
      egress {
        protocol    = "-1"
        from_port   = 0
        to_port     = 0
        cidr_blocks = ["0.0.0.0/0"]
      }
    }
    resource "aws_instance" "bastion" {
      ami                         = "ami-0123456789abcdef0"
      instance_type               = "t3.micro"
      subnet_id                   = aws_subnet.public.id
      associate_public_ip_address = true
      vpc_security_group_ids      = [aws_security_group.bastion.id]
    }
    resource "aws_security_group" "database" {
      vpc_id = aws_vpc.main.id
      ingress {
        protocol        = "tcp"
        from_port       = 5432
        to_port         = 5432
        security_groups = [aws_security_group.bastion.id]
      }
    }
    resource "aws_instance" "database" {
      ami                         = "ami-0123456789abcdef0"
      instance_type               = "t3.micro"
      subnet_id                   = aws_subnet.private.id
      associate_public_ip_address = false
      vpc_security_group_ids      = [aws_security_group.database.id]
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
    resource "aws_subnet" "private" {
      vpc_id     = aws_vpc.main.id
      cidr_block = "10.0.2.0/24"
    }
    resource "aws_security_group" "web" {
      vpc_id = aws_vpc.main.id
      ingress {
        protocol    = "tcp"
        from_port   = 443
        to_port     = 443
        cidr_blocks = ["0.0.0.0/0"]
      }
      egress {
        protocol    = "-1"
        from_port   = 0
        to_port     = 0
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
    resource "aws_security_group" "app" {
      vpc_id = aws_vpc.main.id
      ingress {
        protocol        = "tcp"
        from_port       = 8080
        to_port         = 8080
        security_groups = [aws_security_group.web.id]
      }
      egress {
        protocol    = "-1"
        from_port   = 0
        to_port     = 0
        cidr_blocks = ["0.0.0.0/0"]
      }
    }
    resource "aws_instance" "app" {
      ami                         = "ami-0123456789abcdef0"
      instance_type               = "t3.micro"
      subnet_id                   = aws_subnet.private.id
      associate_public_ip_address = false
      vpc_security_group_ids      = [aws_security_group.app.id]
    }
    resource "aws_security_group" "database" {
      vpc_id = aws_vpc.main.id
      ingress {
        protocol        = "tcp"
        from_port       = 5432
        to_port         = 5432
        security_groups = [aws_security_group.app.id]
      }
    }
    resource "aws_instance" "database" {
      ami                         = "ami-0123456789abcdef0"
      instance_type               = "t3.micro"
      subnet_id                   = aws_subnet.private.id
      associate_public_ip_address = false
      vpc_security_group_ids      = [aws_security_group.database.id]
    }
    ```

    ## How to mend it
    Insert an application tier, and limit each hop to its service's port by group reference.

    ## References
    - [Security group rules](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/security-group-rules.html)
    - [Amazon EC2 security groups](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-security-groups.html)
    """  # noqa: E501 - the summary is one line

    code = "PATH007"
    name = "exposed-host-reaches-data-tier"
    severity = Severity.HIGH
    since = "0.1.0"
    types = HOST_TYPES
    max_hops = parameter.integer(
        default=3, minimum=1, maximum=8, help="The most steps from the exposed host to the data."
    )

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each exposed host and what it gets on to."""
        for pivot in pivots(graph, self.max_hops):
            yield _verdict(pivot, self.severity)


def _verdict(pivot: Pivot, highest: Severity) -> Verdict:
    entry, facts, undecided = pivot.entry, pivot.facts, pivot.answer.truth is None
    host, way = entry.resource.address, ", then ".join(step.words for step in pivot.steps)
    severity = highest if pivot.administered else less_severe(highest, 1)
    if entry.undecided:
        severity = entry.lowered(severity)
    elif undecided:
        severity = less_severe(severity, 1)
    return Verdict(
        subject=entry.resource,
        resource=facts.declaring,
        at=facts.place,
        message=f"anyone on the internet who takes over {host} "
        f"{'may get' if undecided else 'can get'} on to {way}",
        causes=pivot.answer.causes,
        undecided=undecided,
        evidence=(
            *facts.evidence,
            *hop_evidence(pivot.hops),
            *(() if undecided else facts.breaking(_edits(pivot))),
        ),
        severity=severity,
        confidence=pivot.confidence,
        value=f"{facts.identity} to {way}",
        in_full=True,
    )


def _edits(pivot: Pivot) -> tuple[Evidence, ...]:
    """What breaks the steps: the rule that lets the last one in."""
    rule = pivot.last_rule
    if rule is None:
        return ()
    target = pivot.steps[-1].target.resource.address
    words = f"admit only what {target} serves, from its own clients"
    return (Evidence(rule.span, words, rule.resource.address),)
