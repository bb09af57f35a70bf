"""PATH011: a key pair of an exposed host opens hosts inside."""

from collections.abc import Iterator

from iac_ec2lint.api import Check, Confidence, Evidence, Graph, Severity, Verdict
from iac_ec2lint.api.attack import SharedKey, shared_keys
from iac_ec2lint.api.compute import HOST_TYPES
from iac_ec2lint.api.verdicts import entry_facts, join_words

_SHOWN = 4
"""Of how many hosts inside the way is shown."""


class KeyReuseAcrossTrustBoundary(Check):
    """A key pair of an internet-reachable host also opens hosts that are not exposed.

    ## Why it matters
    Where one key opens both, whoever has the key of the exposed host, or finds it there in an
    agent or a file, goes on to the hosts inside without any further obstacle.

    Key pairs are the same where they are one resource, have one name, or one public key. The first
    host is reached as PATH001 has it; the second is not reached from the internet and admits SSH
    from the first, by its group or by a range.

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
      key_name                    = "operations"
      vpc_security_group_ids      = [aws_security_group.bastion.id]
    }
    resource "aws_security_group" "inside" {
      vpc_id = aws_vpc.main.id
      ingress {
        protocol        = "tcp"
        from_port       = 22
        to_port         = 22
        security_groups = [aws_security_group.bastion.id]
      }
    }
    resource "aws_instance" "inside" {
      ami                         = "ami-0123456789abcdef0"
      instance_type               = "t3.micro"
      subnet_id                   = aws_subnet.private.id
      associate_public_ip_address = false
      key_name                    = "operations"
      vpc_security_group_ids      = [aws_security_group.inside.id]
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
      key_name                    = "bastion"
      vpc_security_group_ids      = [aws_security_group.bastion.id]
    }
    resource "aws_security_group" "inside" {
      vpc_id = aws_vpc.main.id
      ingress {
        protocol        = "tcp"
        from_port       = 22
        to_port         = 22
        security_groups = [aws_security_group.bastion.id]
      }
    }
    resource "aws_instance" "inside" {
      ami                         = "ami-0123456789abcdef0"
      instance_type               = "t3.micro"
      subnet_id                   = aws_subnet.private.id
      associate_public_ip_address = false
      key_name                    = "operations"
      vpc_security_group_ids      = [aws_security_group.inside.id]
    }
    ```

    ## How to mend it
    Give the exposed host its own key pair.

    ## References
    - [Amazon EC2 key pairs and Amazon EC2 instances](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-key-pairs.html)
    """

    code = "PATH011"
    name = "key-reuse-across-trust-boundary"
    severity = Severity.HIGH
    since = "0.1.0"
    types = HOST_TYPES
    supersedes = ("KEY002",)

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each exposed host whose key pair opens hosts inside."""
        for key in shared_keys(graph):
            yield _verdict(graph, key, self.severity)


def _verdict(graph: Graph, key: SharedKey, severity: Severity) -> Verdict:
    entry, facts = key.entry, entry_facts(graph, key.entry)
    answer = entry.answer & key.answer
    undecided = answer.truth is None
    names = join_words([opened.resource.address for opened in key.opened])
    own_key = Evidence(key.place.span, "give it a key pair of its own", key.place.resource)
    return Verdict(
        subject=entry.resource,
        resource=facts.declaring,
        at=facts.place,
        message=f"the key pair of {entry.resource.address}, which anyone on the internet can reach "
        f"over SSH, {'may also open' if undecided else 'also opens'} {names}",
        causes=tuple(dict.fromkeys(answer.causes)),
        undecided=undecided,
        evidence=(
            *facts.evidence,
            key.place,
            *(hop for opened in key.opened[:_SHOWN] for hop in opened.hops),
            *(() if undecided else facts.breaking((own_key,))),
        ),
        severity=entry.lowered(severity),
        confidence=Confidence.POSSIBLE if undecided else entry.confidence,
        value=f"{facts.identity} {names}",
        in_full=True,
    )
