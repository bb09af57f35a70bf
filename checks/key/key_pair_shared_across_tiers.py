from collections.abc import Iterator

from iac_ec2lint.api import Check, Graph, Severity, Verdict
from iac_ec2lint.api.attack import KeyAcrossTiers, keys_across_tiers
from iac_ec2lint.api.compute import HOST_TYPES
from iac_ec2lint.api.verdicts import join_words

_SHOWN = 4
"""So many tiers are named, and twice as many are shown."""


class KeyPairSharedAcrossTiers(Check):
    """One key pair opens instances of different tiers, so one lost key opens them all.

    ## Why it matters
    Whoever has the private key, or finds it on one of the instances, in an agent or a file, gets on
    to the others. AWS keeps no copy of the key, sees no login and cannot take it back.

    Key pairs are the same where they are one resource, have one name in one Region, or one public
    key. An input that is not set is the same key pair wherever it is used. Instances are of
    different tiers where their security groups differ, where the subnets of one are public and
    those of the other are not, or where tags `Tier` or `Role` say so. All instances of one Auto
    Scaling group, fleet or node group are of one tier. If the internet reaches one of the instances
    over SSH, and it the others, PATH011 reports it instead.

    ## Fails
    ```hcl
    resource "aws_instance" "web" {
      ami                    = "ami-0123456789abcdef0"
      instance_type          = "t3.micro"
      key_name               = "operations"
      vpc_security_group_ids = [aws_security_group.web.id]
    }
    resource "aws_instance" "database" {
      ami                    = "ami-0123456789abcdef0"
      instance_type          = "t3.micro"
      key_name               = "operations"
      vpc_security_group_ids = [aws_security_group.database.id]
    }
    resource "aws_security_group" "web" {}
    resource "aws_security_group" "database" {}
    ```
    ```yaml
    Resources:
      Web:
        Type: AWS::EC2::Instance
        Properties:
          ImageId: ami-0123456789abcdef0
          KeyName: operations
          SecurityGroupIds: [!GetAtt WebGroup.GroupId]
      Database:
        Type: AWS::EC2::Instance
        Properties:
          ImageId: ami-0123456789abcdef0
          KeyName: operations
          SecurityGroupIds: [!GetAtt DatabaseGroup.GroupId]
      WebGroup:
        Type: AWS::EC2::SecurityGroup
        Properties: {GroupDescription: Web}
      DatabaseGroup:
        Type: AWS::EC2::SecurityGroup
        Properties: {GroupDescription: Database}
    ```

    ## Passes
    ```diff hcl
     resource "aws_instance" "database" {
    -  key_name               = "operations"
    +  key_name               = "database"
    ```
    ```diff yaml
       Database:
    -      KeyName: operations
    +      KeyName: database
    ```

    ## How to mend it
    Give each tier its own key pair, or none: sessions of Session Manager need no key.

    ## References
    - [Amazon EC2 key pairs and Amazon EC2 instances](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-key-pairs.html)
    """

    code = "KEY002"
    name = "key-pair-shared-across-tiers"
    severity = Severity.MEDIUM
    since = "0.1.0"
    types = HOST_TYPES

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each key pair that opens several tiers, or may."""
        for shared in keys_across_tiers(graph):
            yield _verdict(shared)


def _verdict(shared: KeyAcrossTiers) -> Verdict:
    first = shared.hosts[0]
    declaring, place = shared.place
    undecided = shared.answer.truth is None
    pair = "one key pair"
    if len(shared.pairs) > 1:
        quoted = [f'"{name}"' for name in shared.pairs]
        pair = f"one key, of the key pairs {join_words(quoted)},"
    elif place.value is not None and place.value.text:
        pair += f' "{place.value.text}"'
    names = [host.host.address for host in shared.hosts[:_SHOWN]]
    if len(shared.hosts) > _SHOWN:
        names.append(f"{len(shared.hosts) - _SHOWN} more")
    differ = f"; their {join_words(list(shared.differs))} differ" if shared.differs else ""
    may = "may open" if undecided else "opens"
    return Verdict(
        subject=first.host,
        resource=declaring,
        at=place,
        message=f"{pair} {may} several tiers: {join_words(names)}{differ}",
        causes=shared.answer.causes,
        undecided=undecided,
        evidence=shared.hops[: 2 * _SHOWN],
        assumptions=shared.answer.assumptions,
        value=" ".join(sorted(host.host.address for host in shared.hosts)),
    )
