from collections.abc import Iterator
from typing import Final

from iac_ec2lint.api import Check, Evidence, Graph, Remark, Severity, Verdict
from iac_ec2lint.api.scripts import (
    SCRIPT_TYPES,
    BootScript,
    HeldSecret,
    boot_scripts,
    given_scripts,
    held_secrets,
    is_dynamic,
    parameter_secrecy,
)

_WHERE: Final = {
    "user data": "the user data",
    "component": "the component",
    "document": "the document",
    "parameter": "what the document is given",
}
_NAMED: Final = 3
"""Secrets that a message names."""


class SecretInBootScript(Check):
    """A secret is written in user data, a document of Systems Manager or an image component.

    ## Why it matters
    User data is no place for secrets: the metadata service hands it to any process of the host, the
    EC2 API to whoever may describe the instance or its launch template, and it stays in the
    template's old versions when it is taken out. Documents and components are read by whoever may
    list them, and so are the parameters that associations and tasks of maintenance windows give.

    Scripts are read unpacked (Base64, gzip, the parts of a message) and with what is put into them.
    Keys and tokens of well-known vendors are told by their looks (by the patterns of
    detect-secrets, which come along as data), other secrets by what they are assigned or given to:
    what follows `DB_PASSWORD=` or `sshpass -p` is one, `SECRET_NAME=...` is none, and neither is
    what is made or fetched when the script runs. The default of an input that is called a password
    is one wherever it stands. Nothing is guessed from how random a word looks. A
    password that Terraform generates, or reads from Secrets Manager, ends in the script as well,
    and counts; so does a parameter of CloudFormation that has a default or lacks `NoEcho`. What
    CloudFormation itself reads by a dynamic reference, or hides by `NoEcho`, is a note. An input
    that has no value is undecided where it may be a secret. Reports quote nothing of what is found.

    ## Fails
    ```hcl
    resource "aws_instance" "web" {
      ami           = "ami-0123456789abcdef0"
      instance_type = "t3.micro"
      user_data     = <<-EOT
        #!/bin/sh
        export DB_PASSWORD=correcthorsebattery
        /opt/app/start
      EOT
    }
    ```
    ```yaml
    Resources:
      Web:
        Type: AWS::EC2::Instance
        Properties:
          ImageId: ami-0123456789abcdef0
          UserData:
            Fn::Base64: |
              #!/bin/sh
              export DB_PASSWORD=correcthorsebattery
              /opt/app/start
    ```

    ## Passes
    ```diff hcl
    -    export DB_PASSWORD=correcthorsebattery
    +    export DB_PASSWORD=$(aws ssm get-parameter --name db --with-decryption)
    ```
    ```diff yaml
    -          export DB_PASSWORD=correcthorsebattery
    +          export DB_PASSWORD=$(aws ssm get-parameter --name db --with-decryption)
    ```

    ## How to mend it
    Fetch the secret at run time from Secrets Manager, with the instance's role.
    Then replace the secret itself: it is in the history of the repository and of the template.

    ## References
    - [Data protection in Amazon EC2](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/data-protection.html)
    - [Run commands at launch with user data](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/user-data.html)
    - [Using Secrets Manager secrets in Parameter Store](https://docs.aws.amazon.com/systems-manager/latest/userguide/integration-ps-secretsmanager.html)
    - [detect-secrets](https://github.com/Yelp/detect-secrets)
    """

    code = "DATA007"
    name = "secret-in-boot-script"
    severity = Severity.CRITICAL
    since = "0.1.0"
    types = SCRIPT_TYPES
    supersedes = ("KEY003",)

    def examine(self, graph: Graph) -> Iterator[Verdict | Remark]:
        """A verdict for each script that holds a secret, or may: at the first that is certain."""
        for script in (*boot_scripts(graph), *given_scripts(graph)):
            if script.kind == "cfn-init":  # DATA008 judges it
                continue
            by_variant: dict[int, list[HeldSecret]] = {}
            for secret in held_secrets(script):
                if _is_hidden(secret):
                    yield _remark(script, secret)
                else:
                    by_variant.setdefault(id(secret.script.place.value), []).append(secret)
            for secrets in by_variant.values():
                yield _verdict(secrets)


def _is_hidden(secret: HeldSecret) -> bool:
    """Whether CloudFormation reads it, or hides it, and the template has none of it."""
    piece = secret.piece
    return piece is not None and (is_dynamic(piece) or parameter_secrecy(piece) == "hidden")


def _remark(script: BootScript, secret: HeldSecret) -> Remark:
    piece = secret.piece
    dynamic = piece is not None and is_dynamic(piece)
    what = "a dynamic reference" if dynamic else "a parameter with NoEcho"
    return Remark(
        name="secret-ends-in-boot-script",
        subject=script.resource,
        at=script.place._replace(span=secret.span),
        message=f"{what} ends in {_WHERE[script.kind]} as plain text",
    )


def _verdict(secrets: list[HeldSecret]) -> Verdict:
    sure = [secret for secret in secrets if secret.sure]
    found = sure or secrets[:1]
    first = found[0]
    script = first.script
    where = _WHERE[script.kind]
    holds = "holds" if sure else "may hold"
    kinds = list(dict.fromkeys(map(_kind, found)))
    more = f", and {len(kinds) - _NAMED} more" if len(kinds) > _NAMED else ""
    named = ", ".join([f"{kinds[0]}{_line(first)}", *kinds[1:_NAMED]])
    return Verdict(
        subject=script.resource,
        at=first.place,
        message=f"{where} {holds} {named}{more}",
        undecided=not sure,
        causes=() if sure else tuple(dict.fromkeys(c for one in found for c in one.answer.causes)),
        evidence=tuple(
            Evidence(
                one.span,
                f"{where} holds {_kind(one)}{_line(one)}",
                script.resource.address,
                quotable=False,
            )
            for one in found[1:]
        ),
        value="; ".join(sorted(kinds)),
        quotable=False,
    )


def _line(secret: HeldSecret) -> str:
    """Where in a script it is; a document is a structure, and has no lines."""
    has_lines = secret.line and secret.script.kind not in ("document", "parameter")
    return f" (line {secret.line} of the script)" if has_lines else ""


def _kind(secret: HeldSecret) -> str:
    """What it is; of a parameter that it is one."""
    secrecy = None if secret.piece is None else parameter_secrecy(secret.piece)
    if secrecy == "default":
        return "a parameter with NoEcho that has a default all the same"
    if secrecy == "written":
        return "a parameter with NoEcho that is given a text in a template"
    if secrecy == "shown" and secret.keyed:
        return "a password that is a parameter without NoEcho"
    return secret.kind
