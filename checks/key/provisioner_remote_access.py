from collections.abc import Iterator
from typing import Final

from iac_ec2lint.api import (
    NO,
    YES,
    Answer,
    Check,
    Evidence,
    Graph,
    Resource,
    Severity,
    Unknown,
    Val,
    Verdict,
    all_of,
    any_of,
    require,
)
from iac_ec2lint.api.compute import HOST_TYPES, connections, provisioners
from iac_ec2lint.api.resources import Connection, Instance, NullResource, Provisioner

_DOES: Final = {
    "remote-exec": "logs in to the host to run commands",
    "file": "logs in to the host to copy files",
    "local-exec": "runs commands where Terraform runs",
}
_SECRETS: Final = ("password", "private_key", "bastion_password", "bastion_private_key")
_PEM: Final = "-----BEGIN"


class ProvisionerRemoteAccess(Check):
    """Terraform logs in to the instance to run commands, with a key or password held by the pipeline.

    ## Why it matters
    Whatever runs Terraform holds a login to the host and needs a way to it: SSH or WinRM open to the
    pipeline, and a private key or a password in its settings, often in the state as well. Without a
    `host_key` it believes whichever host answers; WinRM without `https` speaks in clear text. What
    is done that way once is not done to instances that are launched later.

    A key or a password that is written down, in a file beside the configuration too, makes it high.
    `null_resource` and `terraform_data` count where they log in somewhere, in a unit that has an EC2
    host: commands that they run where Terraform runs are not about a host. Reports quote nothing of
    what is a secret.

    ## Fails
    ```hcl
    resource "aws_instance" "web" {
      ami           = "ami-0123456789abcdef0"
      instance_type = "t3.micro"
      key_name      = "operations"

      connection {
        host        = self.public_ip
        user        = "ec2-user"
        private_key = file("~/.ssh/operations")
      }
      provisioner "remote-exec" {
        inline = ["sudo dnf install -y nginx"]
      }
    }
    ```

    ## Passes
    ```hcl
    resource "aws_instance" "web" {
      ami           = "ami-0123456789abcdef0"
      instance_type = "t3.micro"
      user_data     = <<-EOT
        #!/bin/bash
        dnf install -y nginx
      EOT
    }
    ```

    ## How to mend it
    Configure the host through user data, an image, or Systems Manager.

    ## References
    - [Run commands when you launch an EC2 instance with user data input](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/user-data.html)
    - [Amazon EC2 key pairs and Amazon EC2 instances](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-key-pairs.html)
    - [Provisioner connection settings](https://developer.hashicorp.com/terraform/language/resources/provisioners/connection)
    """  # noqa: E501 - the summary is one line

    code = "KEY007"
    name = "provisioner-remote-access"
    severity = Severity.HIGH
    since = "0.1.0"
    types = (Instance, NullResource)
    languages = ("terraform",)

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each provisioner that counts, and each connection that gives a secret away.

        Of a connection that nothing which counts uses, all that is wrong is judged. Where the unit
        has no EC2 host, a null_resource logs in to hosts of another cloud, or to none.
        """
        types = self.types if next(iter(graph.all(*HOST_TYPES)), None) is not None else (Instance,)
        for resource in graph.all(*types):
            shared, every = connections(resource), provisioners(resource)
            counted = [one for one in every if _counts(resource, one)]
            for provisioner in counted:
                own = (provisioner.connection,) if provisioner.connection.written else shared
                yield _of_provisioner(resource, provisioner, own)
            for connection in shared:
                yield from _of_connection(resource, connection, used=bool(counted))
            for provisioner in every:
                if provisioner.connection.written:
                    used = provisioner in counted
                    yield from _of_connection(resource, provisioner.connection, used=used)


def _counts(resource: Resource, provisioner: Provisioner) -> bool:
    """Whether a provisioner alone is wrong: not one that runs on no host, and is about none."""
    elsewhere = provisioner.label == "local-exec" and isinstance(resource, NullResource)
    return provisioner.label in _DOES and not elsewhere


def _of_provisioner(
    resource: Resource, provisioner: Provisioner, used: tuple[Connection, ...]
) -> Verdict:
    label = provisioner.label
    facts = [
        Evidence(
            connection.place(name).span, words, resource.address, quotable=name not in _SECRETS
        )
        for connection in used
        if label != "local-exec"
        for name, words, safe in _faults(connection)
        if safe.truth is False
    ]
    return Verdict(
        subject=resource,
        at=provisioner,
        message=f"a {label} provisioner {_DOES[label]}",
        severity=Severity.MEDIUM,
        evidence=tuple(facts),
        value=label,
    )


def _of_connection(resource: Resource, connection: Connection, *, used: bool) -> Iterator[Verdict]:
    """Verdicts on what a connection has written down, and else on it as a whole."""
    written = [(name, _is_written_down(name, getattr(connection, name))) for name in _SECRETS]
    for name, answer in written:
        if answer.truth is not False:
            may = "may be" if answer.truth is None else "is"
            yield Verdict(
                subject=resource,
                at=connection.place(name),
                message=f"{name} of the connection {may} written down in the configuration",
                undecided=answer.truth is None,
                causes=answer.causes,
                value=f"{name} in {connection.path}",
                quotable=False,
            )
    if used or any_of(answer for _, answer in written).truth is not False:
        return
    faults = list(_faults(connection))
    wrong = [words for _, words, safe in faults if safe.truth is False]
    yield from require(
        all_of(safe for _, _, safe in faults),
        of=resource,
        at=connection,
        otherwise=f"Terraform can log in to a host: {'; '.join(wrong)}",
        perhaps="Terraform may log in to a host with a secret, or without knowing the host",
        severity=Severity.MEDIUM,
        value=connection.path,
    )


def _faults(connection: Connection) -> Iterator[tuple[str, str, Answer]]:
    """What can be wrong with a connection: the field, the fault in words, whether it is right."""
    for name in _SECRETS:
        yield name, f"it logs in with {name}", ~connection.is_set(name)
    ssh, winrm = (connection.equals("type", one) for one in ("ssh", "winrm"))
    known = ~ssh | connection.is_set("host_key")
    yield "host_key", "host_key is not set, so it believes whichever host answers", known
    words = "https is not on, so WinRM speaks in clear text"
    yield "https", words, ~winrm | connection.equals("https", True)


def _is_written_down(name: str, value: Val | None) -> Answer:
    """Whether a secret is known to whoever reads the configuration.

    A private key is in PEM, or Terraform cannot read it: the path of its file gives nothing away.
    """
    if value is None:
        return NO
    mark = _PEM if name.endswith("private_key") else ""
    if not isinstance(value, Unknown):
        return YES if value.text and mark in value.text else NO
    some = any(candidate.text and mark in candidate.text for candidate in value.candidates)
    return Answer(None, (value,)) if some else NO
