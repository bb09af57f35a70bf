from collections.abc import Iterator

from iac_ec2lint.api import Check, Evidence, Graph, Severity, Verdict
from iac_ec2lint.api.groups import data_tier, store_ports
from iac_ec2lint.api.network import Exposure, attached_to, exposures_of_all
from iac_ec2lint.api.resources import (
    Cache,
    Database,
    DatabaseCluster,
    Instance,
    SecurityGroup,
    SeparateSecurityGroupRule,
    Warehouse,
)
from iac_ec2lint.api.verdicts import describe_every_port, exposure_verdict

_MANAGED = (Cache, Database, DatabaseCluster)
"""What opens connections only as a client of something else (RDS User Guide)."""


class DatabaseTierEgressUnrestricted(Check):
    """A database tier can open connections to the internet on any port.

    ## Why it matters
    A database answers and seldom asks. With a way out on every port, whoever takes it over copies
    the data to an address of theirs, and nothing in the network is in the way.

    A group is that of a database tier where a managed data store has it, or a host whose groups
    admit the port of one. Where managed databases and caches alone have it, it is low: they open
    connections only as clients of others, such as for replication or a linked server, and nobody
    runs programs on them.

    ## Fails
    ```hcl
    resource "aws_security_group" "db" {
      egress {
        protocol    = "-1"
        from_port   = 0
        to_port     = 0
        cidr_blocks = ["0.0.0.0/0"]
      }
    }

    resource "aws_db_instance" "main" {
      instance_class         = "db.t4g.micro"
      vpc_security_group_ids = [aws_security_group.db.id]
    }
    ```
    ```yaml
    Resources:
      Group:
        Type: AWS::EC2::SecurityGroup
        Properties:
          GroupDescription: Database
      Database:
        Type: AWS::RDS::DBInstance
        Properties:
          VPCSecurityGroups: [!GetAtt Group.GroupId]
    ```

    ## Passes
    ```diff hcl
     resource "aws_security_group" "db" {
    -    protocol    = "-1"
    -    from_port   = 0
    -    to_port     = 0
    -    cidr_blocks = ["0.0.0.0/0"]
    +    protocol    = "tcp"
    +    from_port   = 443
    +    to_port     = 443
    +    cidr_blocks = ["10.0.0.0/16"]
    ```
    ```diff yaml
           GroupDescription: Database
    +      SecurityGroupEgress:
    +        - IpProtocol: tcp
    +          FromPort: 443
    +          ToPort: 443
    +          CidrIp: 10.0.0.0/16
    ```

    ## How to mend it
    Replace the outbound rule by the targets of updates and replication alone.
    In CloudFormation a group without `SecurityGroupEgress` keeps AWS's rule, which lets all out.

    ## References
    - [Controlling access with security groups](https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.RDSSecurityGroups.html)
    - [Security group rules for different use cases](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/security-group-rules-reference.html)
    - [Default security group rules](https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html)
    """

    code = "SG013"
    name = "database-tier-egress-unrestricted"
    severity = Severity.MEDIUM
    since = "0.1.0"
    types = (
        Cache,
        Database,
        DatabaseCluster,
        Instance,
        SecurityGroup,
        SeparateSecurityGroupRule,
        Warehouse,
    )

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for egress rules of a database tier that allow all ports, alone or together."""
        for exposure in exposures_of_all(graph, Exposure.every_port, "egress"):
            tier = data_tier(graph, exposure.group)
            if tier is None or tier.answer.truth is False:
                continue
            ports = exposure.every_port()
            words = describe_every_port(ports)
            verdict = exposure_verdict(graph, exposure, words, ports, direction="egress")
            if tier.member is not None:
                fact = f"{tier.member.address} has the group"
                hops = [Evidence(tier.member.span, fact, tier.member.address)]
                if tier.rule is not None:
                    fact = f"its rule for {store_ports(tier.rule)} is taken for a data store's"
                    hops.append(Evidence(tier.rule.rule.span, fact, tier.rule.resource.address))
                verdict = verdict._replace(evidence=(*hops, *verdict.evidence))
            if all(isinstance(one, _MANAGED) for one in attached_to(graph, exposure.group)):
                low = Severity.LOW if tier.member is not None else None
                verdict = verdict._replace(severity=low)
            if tier.answer.truth is None and not verdict.undecided:
                verdict = verdict._replace(
                    message=f"{words} may be open towards the internet from a database tier",
                    undecided=True,
                    causes=tier.answer.causes,
                    confidence=None,
                )
            yield verdict
