from collections.abc import Iterator

from iac_ec2lint.api import Answer, Check, Evidence, Graph, Question, Severity, Verdict
from iac_ec2lint.api.attack import CredentialPath, DiskCopy, credential_paths, disk_copies
from iac_ec2lint.api.compute import HOST_TYPES
from iac_ec2lint.api.iam import grant_evidence, limiting_edits
from iac_ec2lint.api.verdicts import WorstVerdicts, can, path_verdict, via_words


class ExposedHostExfiltratesDisks(Check):
    """A host reachable from the internet has a role that can copy disks or images out of the account.

    ## Why it matters
    A snapshot of any disk can be shared with another account, or read block by block, with two
    permissions; a copy of it, or the disk itself, can be attached to the host and read there. A role
    that has them on every disk gives all of an account's data to whoever obtains its credentials.

    It is reported where the credentials can be had (an administration port, or IMDSv1), the role
    may do it to any snapshot, volume or image, and the unit declares one that is not encrypted, or
    whose key the role may use. What is encrypted with AWS's own key (`aws/ebs`) cannot be shared
    before it is copied under another key, and keeps out nobody of the account who attaches a copy.
    To take a disk from the host that has it (`ec2:DetachVolume` with `ec2:AttachVolume`) is medium.
    Somebody who has only the credentials must control another instance, or start one, to read disks
    there.

    ## Fails
    On [docs/stages/public-instance](../stages/README.md), an instance that the internet reaches
    over HTTPS: SSH as well, and a role that shares snapshots:
    ```diff hcl stage=public-instance
    +resource "aws_vpc_security_group_ingress_rule" "ssh" {
    +  security_group_id = aws_security_group.host.id
    +  cidr_ipv4         = "0.0.0.0/0"
    +  ip_protocol       = "tcp"
    +  from_port         = 22
    +  to_port           = 22
    +}
    +resource "aws_iam_role_policy" "host" {
    +  role = aws_iam_role.host.name
    +  policy = jsonencode({
    +    Statement = [{
    +      Effect   = "Allow"
    +      Action   = ["ec2:CreateSnapshot", "ec2:ModifySnapshotAttribute"]
    +      Resource = "*"
    +    }]
    +  })
    +}
    +resource "aws_ebs_volume" "data" {
    +  availability_zone = "eu-west-1a"
    +  size              = 100
    +  encrypted         = false
    +}
    ```
    ```diff yaml stage=public-instance
     Resources:
    +  Ssh:
    +    Type: AWS::EC2::SecurityGroupIngress
    +    Properties:
    +      GroupId: !Ref HostGroup
    +      CidrIp: 0.0.0.0/0
    +      IpProtocol: tcp
    +      FromPort: 22
    +      ToPort: 22
    +  HostPolicy:
    +    Type: AWS::IAM::RolePolicy
    +    Properties:
    +      RoleName: !Ref HostRole
    +      PolicyName: host
    +      PolicyDocument:
    +        Statement:
    +          - Effect: Allow
    +            Action: ["ec2:CreateSnapshot", "ec2:ModifySnapshotAttribute"]
    +            Resource: "*"
    +  Data:
    +    Type: AWS::EC2::Volume
    +    Properties:
    +      AvailabilityZone: eu-west-1a
    +      Size: 100
    +      Encrypted: false
    ```

    ## Passes
    ```diff hcl
     resource "aws_iam_role_policy" "host" {
    -    Statement = [{
    -      Effect   = "Allow"
    -      Action   = ["ec2:CreateSnapshot", "ec2:ModifySnapshotAttribute"]
    -      Resource = "*"
    -    }]
    +    Statement = [{ Effect = "Allow", Action = "ec2:CreateSnapshot", Resource = "*" }]
    ```
    ```diff yaml
       HostPolicy:
    -          - Effect: Allow
    -            Action: ["ec2:CreateSnapshot", "ec2:ModifySnapshotAttribute"]
    -            Resource: "*"
    +          - {Effect: Allow, Action: "ec2:CreateSnapshot", Resource: "*"}
    ```

    ## How to mend it
    Limit the snapshot actions to tagged resources, or close the way in. Encrypt the disks with a
    key that the role cannot use.

    ## References
    - [Identity and access management for Amazon EC2](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/security-iam.html)
    - [Share an Amazon EBS snapshot](https://docs.aws.amazon.com/ebs/latest/userguide/ebs-modifying-snapshot-permissions.html)
    """  # noqa: E501 - the summary is one line

    code = "PATH013"
    name = "exposed-host-exfiltrates-disks"
    severity = Severity.HIGH
    since = "0.1.0"
    asks = Question(("internet",), ("reaches", "takes credentials", "copies out"), ("thing",))
    types = HOST_TYPES

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each way in to a host and each role of it that may copy disks."""
        found = WorstVerdicts()
        for path in credential_paths(graph):
            held, inside = path.held, path.means.login
            if not self.asks.walks(*path.over, "copies out"):
                continue
            for copy in disk_copies(graph, held.role, held.host, inside=inside):
                beyond = held.answer & copy.answer
                severity = Severity.MEDIUM if copy.step.kind.name == "disk-read" else Severity.HIGH
                reached = beyond & path.means.answer
                if found.may_improve(path.key, path.entry, reached, severity):
                    found.add(path.key, _verdict(graph, path, copy, beyond, severity))
        yield from found


def _verdict(
    graph: Graph, path: CredentialPath, copy: DiskCopy, beyond: Answer, severity: Severity
) -> Verdict:
    entry, held, means = path
    step, goal = copy.step, copy.goal
    role = held.role.resource
    actions = " and ".join(step.actions)
    disk = goal.disk
    name = disk.subject.address
    allowed = tuple(grant_evidence(held.role, (*step.asked, *goal.asked)))
    answer = beyond & means.answer
    return path_verdict(
        graph,
        entry,
        f"anyone on the internet {can(entry.answer & answer)} obtain the credentials of role "
        f"{role.address} {means.words} "
        f"and {step.kind.words}, among them that of {name}: "
        f"{entry.resource.address} is reachable{via_words(entry)}",
        answer,
        severity=severity,
        hops=(means.hop, *held.hops, *allowed, Evidence(disk.place.span, goal.words, name)),
        edits=(
            means.edit,
            *(
                Evidence(hop.span, f"limit {actions} to tagged resources", hop.resource)
                for hop in allowed[:1]
            ),
            *(
                edit
                for asked in goal.asked
                for edit in limiting_edits(held.role, asked)
                if edit.span.key not in {hop.span.key for hop in allowed[:1]}
            ),
        ),
        target=f"{role.address} {step.kind.name}",
        likely=means.likely and beyond.truth is True,
        also=(role, disk.subject),
    )
