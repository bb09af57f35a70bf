from collections.abc import Iterator

from iac_ec2lint.api import Check, Graph, Question, Severity, Verdict
from iac_ec2lint.api.attack import entries, store_entries
from iac_ec2lint.api.compute import HOST_TYPES
from iac_ec2lint.api.network import port_classes
from iac_ec2lint.api.resources import Database, DatabaseCluster, MessageBroker, Warehouse
from iac_ec2lint.api.verdicts import describe_open_ports, describe_services, reach_verdict


class InternetReachesDataStore(Check):
    """The internet can reach a data-store port of an instance or managed database, shown hop by hop.

    ## Why it matters
    Data stores are made to be spoken to by applications: many trust whoever connects, and what
    guards the rest is one password. Exposed ones are found within hours and emptied.

    Instances are judged hop by hop as PATH001 does it. Databases of RDS, Neptune and InfluxDB, clusters
    and workgroups of Redshift, brokers of Amazon MQ and clusters of MSK are judged where they are
    publicly accessible: their subnets, routes, network ACLs and groups, on the port that they
    listen on, or the default one of the engine.

    ## Fails
    On [docs/stages/public-instance](../stages/README.md), an instance that the internet reaches
    over HTTPS: one more rule:
    ```diff hcl stage=public-instance
    +resource "aws_vpc_security_group_ingress_rule" "postgres" {
    +  security_group_id = aws_security_group.host.id
    +  cidr_ipv4         = "0.0.0.0/0"
    +  ip_protocol       = "tcp"
    +  from_port         = 5432
    +  to_port           = 5432
    +}
    ```
    ```diff yaml stage=public-instance
     Resources:
    +  Postgres:
    +    Type: AWS::EC2::SecurityGroupIngress
    +    Properties:
    +      GroupId: !Ref HostGroup
    +      CidrIp: 0.0.0.0/0
    +      IpProtocol: tcp
    +      FromPort: 5432
    +      ToPort: 5432
    ```

    ## Passes
    ```diff hcl
     resource "aws_vpc_security_group_ingress_rule" "postgres" {
    -  cidr_ipv4         = "0.0.0.0/0"
    +  cidr_ipv4         = "10.0.0.0/16"
    ```
    ```diff yaml
       Postgres:
    -      CidrIp: 0.0.0.0/0
    +      CidrIp: 10.0.0.0/16
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
    asks = Question(("internet",), ("reaches",), ("host", "store"), ports=("data store",))
    accepted_with_rules = True
    types = (*HOST_TYPES, Database, DatabaseCluster, MessageBroker, Warehouse)
    supersedes = ("SG003", "SG005", "NET001", "PATH003")

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each workload and way in, and each managed store, that is open."""
        services = port_classes()[self.asks.ports[0]]
        hosts = entries(graph, self.asks.counts, http=False) if "host" in self.asks.ends else ()
        for entry in hosts:
            what = f"{describe_services(entry.ports, services)} of {entry.resource.address}"
            yield reach_verdict(graph, entry, self.severity, what)
        for entry in store_entries(graph) if "store" in self.asks.ends else ():
            what = f"{describe_open_ports(entry.ports)} of {entry.resource.address}"
            yield reach_verdict(graph, entry, self.severity, what)
