from collections.abc import Iterator

from iac_ec2lint.api import Check, Evidence, Graph, Severity, Unknown, Val, Verdict
from iac_ec2lint.api.compute import HOST_TYPES
from iac_ec2lint.api.scripts import (
    HeldSecret,
    InitCredential,
    boot_scripts,
    held_secrets,
    init_credentials,
    is_dynamic,
    parameter_secrecy,
)


class CfnInitCredentials(Check):
    """Metadata of CloudFormation carries credentials in plain text.

    ## Why it matters
    What stands in the metadata of a resource is shown to whoever may call `GetTemplate` or
    `DescribeStackResource`, and cfn-init fetches it from any process of the host. `NoEcho` does
    not hide a parameter there, and dynamic references to secrets are not resolved in metadata.

    `AWS::CloudFormation::Authentication` is read for access keys and passwords,
    `AWS::CloudFormation::Init` for secrets in the files that it writes and the commands that it
    runs, with their environment. A parameter without `NoEcho` counts where it is asked for as a
    password, one with `NoEcho` always: as medium, where it has no default. The secret key of an
    `AWS::IAM::AccessKey` counts as well. Templates that Terraform gives to
    `aws_cloudformation_stack` are read too. Reports quote nothing of what is found.

    ## Fails
    ```yaml
    Resources:
      Web:
        Type: AWS::EC2::Instance
        Metadata:
          AWS::CloudFormation::Authentication:
            Files:
              type: S3
              buckets: [example-files]
              accessKeyId: AKIAIOSFODNN7EXAMPLE
              secretKey: wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY
        Properties:
          ImageId: ami-0123456789abcdef0
    ```

    ## Passes
    ```diff yaml
    -          accessKeyId: AKIAIOSFODNN7EXAMPLE
    -          secretKey: wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY
    +          roleName: !Ref FilesRole
           ImageId: ami-0123456789abcdef0
    +  FilesRole:
    +    Type: AWS::IAM::Role
    +    Properties:
    +      AssumeRolePolicyDocument:
    +        Statement:
    +          - Effect: Allow
    +            Principal: {Service: ec2.amazonaws.com}
    +            Action: sts:AssumeRole
    ```

    ## How to mend it
    Give `roleName` in the authentication block; let the host fetch passwords at its start.

    ## References
    - [AWS::CloudFormation::Authentication](https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-authentication.html)
    - [AWS::CloudFormation::Init](https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-init.html)
    - [NoEcho of parameters](https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html)
    """

    code = "DATA008"
    name = "cfn-init-credentials"
    severity = Severity.HIGH
    since = "0.1.0"
    types = HOST_TYPES
    languages = ("cloudformation",)
    supersedes = ("KEY003",)

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each block of credentials, and for each script that holds one, or may."""
        blocks: dict[tuple[str, str], list[InitCredential]] = {}
        for credential in init_credentials(graph):
            key = (credential.resource.address, credential.block)
            blocks.setdefault(key, []).append(credential)
        for block in blocks.values():
            yield _of_block(block)
        groups: dict[tuple[str, str], list[HeldSecret]] = {}
        for script in boot_scripts(graph):
            for secret in held_secrets(script) if script.kind == "cfn-init" else ():
                if secret.piece is None or _counts(secret.piece):
                    # A parameter is used in many places, and is one thing to mend.
                    one = "" if _severity(secret.piece) is not None else script.place.attribute
                    groups.setdefault((script.resource.address, one), []).append(secret)
        for secrets in groups.values():
            yield _of_scripts(secrets)


def _of_block(block: list[InitCredential]) -> Verdict:
    sure = [credential for credential in block if credential.answer.truth]
    found = sure or block
    first = found[0]
    return Verdict(
        subject=first.resource,
        at=first.place,
        message=f"{first.name} of cfn-init's credentials {'is' if sure else 'may be'} readable in "
        "the metadata",
        severity=_severity(first.place.value) if sure else None,
        undecided=not sure,
        causes=first.answer.causes,
        evidence=tuple(
            Evidence(
                one.place.span, f"{one.name} stands beside it", one.resource.address, quotable=False
            )
            for one in found[1:]
        ),
        value=f"{first.block} {first.name}",
        quotable=False,
    )


def _counts(piece: Unknown) -> bool:
    """Whether what is put into a script can be there: dynamic references are not resolved."""
    return not is_dynamic(piece)


def _of_scripts(secrets: list[HeldSecret]) -> Verdict:
    secrets = sorted(secrets, key=_rank)
    sure = [secret for secret in secrets if secret.sure]
    found = sure or secrets[:1]
    first = found[0]
    script = first.script
    return Verdict(
        subject=script.resource,
        at=first.place,
        message=f"{_where(first)} of cfn-init {'holds' if sure else 'may hold'} {_kind(first)}",
        severity=_severity(first.piece) if sure else None,
        undecided=not sure,
        causes=() if sure else first.answer.causes,
        evidence=tuple(
            Evidence(
                one.span,
                f"{_where(one)} of cfn-init holds {_kind(one)}",
                script.resource.address,
                quotable=False,
            )
            for one in found[1:]
        ),
        value=f"{script.place.attribute} {_kind(first)}",
        quotable=False,
    )


def _rank(secret: HeldSecret) -> tuple[bool, str, str, int]:
    """The gravest first, then by name: the order in which files are written means nothing."""
    is_less = _severity(secret.piece) is not None
    return is_less, secret.script.path or "", secret.script.place.attribute, secret.line


def _where(secret: HeldSecret) -> str:
    return f"the file {secret.script.path}" if secret.script.path else "a command"


def _severity(value: Val | None) -> Severity | None:
    """Less where the template itself has none of it."""
    hidden = isinstance(value, Unknown) and parameter_secrecy(value) == "hidden"
    return Severity.MEDIUM if hidden else None


def _kind(secret: HeldSecret) -> str:
    """What it is; of a parameter that it is one."""
    secrecy = None if secret.piece is None else parameter_secrecy(secret.piece)
    if secrecy in ("default", "hidden", "written"):
        return "a parameter with NoEcho in clear"
    if secrecy == "shown" and secret.keyed:
        return "a password that is a parameter without NoEcho"
    return secret.kind
