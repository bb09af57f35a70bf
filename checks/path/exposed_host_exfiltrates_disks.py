"""PATH013: a host that the internet reaches may copy disks out of the account."""

from collections.abc import Iterator

from iac_ec2lint.api import (
    YES,
    Answer,
    Check,
    Encryption,
    Entry,
    EscalationStep,
    Evidence,
    Graph,
    Holding,
    IamPrincipal,
    Metadata,
    Severity,
    Verdict,
    all_of,
    allowed,
    beginnings,
    encryption_of_images,
    encryption_of_snapshots,
    encryption_of_volumes,
    exfiltration_edges,
    may,
    path_verdict,
    preferred,
    through,
)


class ExposedHostExfiltratesDisks(Check):
    """A host reachable from the internet has a role that can copy disks or images out of the account (E PATH-07).

    ## Why it matters
    A snapshot of any disk can be shared with another account, or read block by block, with two
    permissions. A role that has them on every disk gives all of an account's data to whoever
    obtains its credentials.

    It is reported where the credentials can be had (an administration port, or IMDSv1), the role
    may do it to any snapshot or image, and the unit declares a volume, a snapshot or an image that is
    not encrypted, or whose key the role may use.

    ## Fails
    ```hcl
    resource "aws_default_vpc" "this" {}
    resource "aws_security_group" "ssh" {
      vpc_id = aws_default_vpc.this.id
      ingress {
        protocol    = "tcp"
        from_port   = 22
        to_port     = 22
        cidr_blocks = ["0.0.0.0/0"]
      }
    }
    resource "aws_iam_role" "backup" {
      assume_role_policy = jsonencode({
        Statement = [{
          Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ec2.amazonaws.com" }
        }]
      })
      inline_policy {
        name = "backup"
        policy = jsonencode({
          Statement = [{
            Effect   = "Allow"
            Action   = ["ec2:CreateSnapshot", "ec2:ModifySnapshotAttribute"]
            Resource = "*"
          }]
        })
      }
    }
    resource "aws_iam_instance_profile" "backup" {
      role = aws_iam_role.backup.name
    }
    resource "aws_instance" "backup" {
      ami                    = "ami-0123456789abcdef0"
      instance_type          = "t3.micro"
      iam_instance_profile   = aws_iam_instance_profile.backup.name
      vpc_security_group_ids = [aws_security_group.ssh.id]
    }
    resource "aws_ebs_volume" "data" {
      availability_zone = "eu-west-1a"
      size              = 100
      encrypted         = false
    }
    ```

    ## Passes
    ```hcl
    resource "aws_default_vpc" "this" {}
    resource "aws_security_group" "ssh" {
      vpc_id = aws_default_vpc.this.id
      ingress {
        protocol    = "tcp"
        from_port   = 22
        to_port     = 22
        cidr_blocks = ["0.0.0.0/0"]
      }
    }
    resource "aws_iam_role" "backup" {
      assume_role_policy = jsonencode({
        Statement = [{
          Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ec2.amazonaws.com" }
        }]
      })
      inline_policy {
        name = "backup"
        policy = jsonencode({
          Statement = [{ Effect = "Allow", Action = "ec2:CreateSnapshot", Resource = "*" }]
        })
      }
    }
    resource "aws_iam_instance_profile" "backup" {
      role = aws_iam_role.backup.name
    }
    resource "aws_instance" "backup" {
      ami                    = "ami-0123456789abcdef0"
      instance_type          = "t3.micro"
      iam_instance_profile   = aws_iam_instance_profile.backup.name
      vpc_security_group_ids = [aws_security_group.ssh.id]
    }
    resource "aws_ebs_volume" "data" {
      availability_zone = "eu-west-1a"
      size              = 100
      encrypted         = false
    }
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

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each way in to a host and each role of it that may copy disks."""
        found: dict[tuple[str, ...], Verdict] = {}
        # What a role may do, and which disk it can use, is the same for all of its hosts.
        roles: dict[str, tuple[tuple[EscalationStep, ...], tuple[Encryption, Answer] | None]] = {}
        disks: tuple[Encryption, ...] | None = None
        for entry, held, means in beginnings(graph):
            if (held.answer & means.answer).truth is False:
                continue
            role = held.role.resource.address
            if role not in roles:
                steps = tuple(exfiltration_edges(held.role))
                if steps and disks is None:
                    disks = _disks(graph)
                roles[role] = steps, _readable(disks or (), held.role) if steps else None
            steps, goal = roles[role]
            for step in steps:
                if goal is None:
                    break
                verdict = _verdict(graph, entry, held, means, step, goal)
                preferred(found, (entry.resource.address, entry.entrance.via, role), verdict)
        yield from found.values()


def _verdict(
    graph: Graph,
    entry: Entry,
    held: Holding,
    means: Metadata,
    step: EscalationStep,
    goal: tuple[Encryption, Answer],
) -> Verdict:
    disk, readable = goal
    role = held.role.resource
    actions = " and ".join(step.actions)
    name = disk.subject.address
    return path_verdict(
        graph,
        entry,
        f"anyone on the internet can obtain the credentials of role {role.address} {means.words} "
        f"and {step.kind.words}, among them that of {name}: "
        f"{entry.resource.address} is reachable{through(entry)}",
        held.answer & means.answer & step.answer & readable,
        severity=Severity.HIGH,
        hops=(
            means.hop,
            *held.hops,
            *allowed(held.role, step.actions),
            Evidence(disk.place.span, _fact(disk), name),
        ),
        edits=(
            means.edit,
            *(
                Evidence(hop.span, f"limit {actions} to tagged resources", hop.resource)
                for hop in list(allowed(held.role, step.actions))[:1]
            ),
        ),
        target=f"{role.address} {step.kind.name}",
        likely=means.likely and (held.answer & step.answer & readable).truth is True,
        also=(role, disk.subject),
    )


def _disks(graph: Graph) -> tuple[Encryption, ...]:
    return (
        *encryption_of_volumes(graph),
        *encryption_of_snapshots(graph),
        *encryption_of_images(graph),
    )


def _readable(
    disks: tuple[Encryption, ...], role: IamPrincipal
) -> tuple[Encryption, Answer] | None:
    """A disk that the role can use elsewhere: one that is surely so, else one that may be."""
    possible: tuple[Encryption, Answer] | None = None
    keys: Answer | None = None
    for disk in disks:
        answer = ~disk.encrypted
        if disk.confidence == "possible" and answer.truth:
            answer = Answer(None, disk.encrypted.causes)
        if answer.truth is not True:
            keys = _uses_keys(role) if keys is None else keys
            answer = answer | keys
        if answer.truth:
            return disk, answer
        if possible is None and answer.truth is None:
            possible = disk, answer
    return possible


def _uses_keys(role: IamPrincipal) -> Answer:
    """Whether a role may use any key, and so share what is encrypted with one."""
    needed = ("kms:Decrypt", "kms:CreateGrant", "ec2:CopySnapshot")
    return all_of((YES, *(may(role, action) for action in needed)))


def _fact(disk: Encryption) -> str:
    if disk.encrypted.truth is True:
        return f"{disk.subject.address} is encrypted, and the role may use every key"
    verb = "is not" if disk.encrypted.truth is False else "may not be"
    return f"{disk.subject.address} {verb} encrypted: {disk.words}"
