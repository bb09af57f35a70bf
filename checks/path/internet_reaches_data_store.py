"""PATH002: the internet reaches a data store."""

from collections.abc import Iterator

from iac_ec2lint.api import Check, Graph, Severity, Verdict, name_lists
from iac_ec2lint.api.attack import entries, store_entries
from iac_ec2lint.api.compute import HOST_TYPES
from iac_ec2lint.api.network import PortSet, port_classes
from iac_ec2lint.api.resources import Database
from iac_ec2lint.api.verdicts import describe_open_ports, describe_services, reach_verdict


class InternetReachesDataStore(Check):
    """The internet can reach a data-store port of an instance or managed database, shown hop by hop.

    ## Why it matters
    Data stores are made to be spoken to by applications: many trust whoever connects, and what
    guards the rest is one password. Exposed ones are found within hours and emptied.

    Instances are judged hop by hop as PATH001 does it. Databases of RDS and Neptune and clusters
    of Redshift are judged where they are publicly accessible: their subnets, routes, network ACLs
    and groups, on the port that they listen on, or the engine's default one.

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
    resource "aws_security_group" "database" {
      vpc_id = aws_vpc.main.id
      ingress {
        protocol    = "tcp"
        from_port   = 5432
        to_port     = 5432
        cidr_blocks = ["0.0.0.0/0"]
      }
    }
    resource "aws_instance" "database" {
      ami                         = "ami-0123456789abcdef0"
      instance_type               = "t3.micro"
      subnet_id                   = aws_subnet.public.id
      associate_public_ip_address = true
      vpc_security_group_ids      = [aws_security_group.database.id]
    }
    ```

    ## Passes
    ```hcl
    resource "aws_vpc" "main" {
      cidr_block = "10.0.0.0/16"
    }
    resource "aws_subnet" "private" {
      vpc_id     = aws_vpc.main.id
      cidr_block = "10.0.1.0/24"
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
      ami                         = "ami-0123456789abcdef0"
      instance_type               = "t3.micro"
      subnet_id                   = aws_subnet.private.id
      associate_public_ip_address = false
      vpc_security_group_ids      = [aws_security_group.database.id]
    }
    ```

    ## How to mend it
    Move the data store to a private subnet and admit the application's security group only.

    ## References
    - [Infrastructure security in Amazon EC2](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/infrastructure-security.html)
    - [Hiding a DB instance in a VPC from the internet](https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_VPC.WorkingWithRDSInstanceinaVPC.html)
    """  # noqa: E501 - the summary is one line

    code = "PATH002"
    name = "internet-reaches-data-store"
    severity = Severity.CRITICAL
    since = "0.1.0"
    types = (*HOST_TYPES, Database)
    peers = name_lists(
        prowler=(
            "ec2_instance_port_mysql_exposed_to_internet "
            "ec2_instance_port_postgresql_exposed_to_internet "
            "ec2_instance_port_redis_exposed_to_internet "
            "ec2_instance_port_mongodb_exposed_to_internet"
        ),
    )
    supersedes = ("SG003", "SG005", "NET001", "PATH003")

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each workload and way in, and each managed store, that is open."""
        services = port_classes()["data store"]

        def counts(protocol: int, ports: PortSet) -> PortSet:
            return ports & services.ports(protocol)

        for entry in entries(graph, counts):
            what = f"{describe_services(entry.ports, services)} of {entry.resource.address}"
            yield reach_verdict(graph, entry, self.severity, what)
        for entry in store_entries(graph):
            what = f"{describe_open_ports(entry.ports)} of {entry.resource.address}"
            yield reach_verdict(graph, entry, self.severity, what)
