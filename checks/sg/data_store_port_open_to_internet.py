"""SG005: a database, cache, queue or search port is open to the internet."""

from collections.abc import Iterator

from iac_ec2lint.api import Check, Graph, Severity, Verdict, name_lists
from iac_ec2lint.api.network import port_classes
from iac_ec2lint.api.resources import SecurityGroup, SeparateSecurityGroupRule
from iac_ec2lint.api.verdicts import services_open_to_internet


class DataStorePortOpenToInternet(Check):
    """A database, cache, queue or search port is open to the internet.

    ## Why it matters
    Data stores are made to be reached by the application next to them. Many ask for no password as
    installed, and those that do can be guessed at: what they hold is copied or held to ransom.

    Sources are judged as sets: several ranges of one group that together make up the internet,
    and prefix lists that hold such ranges, count like `0.0.0.0/0` and `::/0`. Port ranges that
    include the port count too.

    ## Fails
    ```hcl
    resource "aws_security_group" "open" {
      ingress {
        protocol    = "tcp"
        from_port   = 5432
        to_port     = 5432
        cidr_blocks = ["0.0.0.0/0"]
      }
    }
    ```
    ```yaml
    Resources:
      Open:
        Type: AWS::EC2::SecurityGroup
        Properties:
          GroupDescription: Open
          SecurityGroupIngress:
            - {IpProtocol: tcp, FromPort: 5432, ToPort: 5432, CidrIp: 0.0.0.0/0}
    ```

    ## Passes
    ```diff hcl
    -    cidr_blocks = ["0.0.0.0/0"]
    +    cidr_blocks = ["10.20.0.0/16"]
    ```
    ```diff yaml
    -        - {IpProtocol: tcp, FromPort: 5432, ToPort: 5432, CidrIp: 0.0.0.0/0}
    +        - {IpProtocol: tcp, FromPort: 5432, ToPort: 5432, CidrIp: 10.20.0.0/16}
    ```

    ## How to mend it
    Allow the port from the application tier's security group only.

    ## References
    - [Security group rules](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/security-group-rules.html)
    """

    code = "SG005"
    name = "data-store-port-open-to-internet"
    severity = Severity.CRITICAL
    since = "0.1.0"
    types = (SecurityGroup, SeparateSecurityGroupRule)
    compliance = name_lists(
        security_hub="EC2.19",
        nist_800_53_r5=(
            "AC-4 AC-4(21) CA-9(1) CM-2 CM-2(2) CM-7 SC-7 SC-7(4) SC-7(5) SC-7(11) SC-7(16) "
            "SC-7(21)"
        ),
        aws_config="restricted-common-ports",
    )
    peers = name_lists(
        terrascan=(
            "AC_AWS_0234 AC_AWS_0235 AC_AWS_0238 AC_AWS_0239 AC_AWS_0244 AC_AWS_0245 "
            "AC_AWS_0247 AC_AWS_0248 AC_AWS_0249 AC_AWS_0250 AC_AWS_0251 AC_AWS_0252 "
            "AC_AWS_0253 AC_AWS_0260 AC_AWS_0261 AC_AWS_0262 AC_AWS_0263 AC_AWS_0267 "
            "AC_AWS_0268 AC_AWS_0270 AC_AWS_0274"
        ),
        guard="RESTRICTED_INCOMING_TRAFFIC",
        regula=(
            "FG_R00242 FG_R00243 FG_R00248 FG_R00249 FG_R00256 FG_R00257 FG_R00258 FG_R00215 "
            "FG_R00216 FG_R00217 FG_R00261 FG_R00264 FG_R00265 FG_R00267 FG_R00212 FG_R00213 "
            "FG_R00214"
        ),
        prowler=(
            "ec2_securitygroup_allow_ingress_from_internet_to_tcp_port_cassandra_7199_9160_8888 "
            "ec2_securitygroup_allow_ingress_from_internet_to_tcp_port_elasticsearch_kibana_9200_9300_5601 "  # noqa: E501 - one name
            "ec2_securitygroup_allow_ingress_from_internet_to_tcp_port_kafka_9092 "
            "ec2_securitygroup_allow_ingress_from_internet_to_tcp_port_memcached_11211 "
            "ec2_securitygroup_allow_ingress_from_internet_to_tcp_port_mongodb_27017_27018 "
            "ec2_securitygroup_allow_ingress_from_internet_to_tcp_port_mysql_3306 "
            "ec2_securitygroup_allow_ingress_from_internet_to_tcp_port_oracle_1521_2483 "
            "ec2_securitygroup_allow_ingress_from_internet_to_tcp_port_postgres_5432 "
            "ec2_securitygroup_allow_ingress_from_internet_to_tcp_port_redis_6379 "
            "ec2_securitygroup_allow_ingress_from_internet_to_tcp_port_sql_server_1433_1434 "
            "ec2_instance_port_cassandra_exposed_to_internet "
            "ec2_instance_port_elasticsearch_kibana_exposed_to_internet "
            "ec2_instance_port_kafka_exposed_to_internet "
            "ec2_instance_port_memcached_exposed_to_internet "
            "ec2_instance_port_mongodb_exposed_to_internet "
            "ec2_instance_port_mysql_exposed_to_internet "
            "ec2_instance_port_oracle_exposed_to_internet "
            "ec2_instance_port_postgresql_exposed_to_internet "
            "ec2_instance_port_redis_exposed_to_internet "
            "ec2_instance_port_sqlserver_exposed_to_internet"
        ),
    )

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each rule that opens a port of a data store."""
        yield from services_open_to_internet(graph, port_classes()["data store"])
