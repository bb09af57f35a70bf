from collections.abc import Iterable, Iterator
from typing import Final

from iac_ec2lint.api import Check, Evidence, Graph, Severity, Verdict
from iac_ec2lint.api.scripts import SCRIPT_TYPES, SshWeakening, WeakeningScript, ssh_weakenings

_WORDS: Final = {
    "setting": ("sets {}", "may set {}"),
    "password": ("sets a password that is written in it", "may set a password of its own"),
    "key": ("adds an SSH key that is written in it", "may add an SSH key of its own"),
    "sudo": (
        "lets every user become root without a password",
        "may let every user become root without a password",
    ),
    "anything": ("", "may open logins with passwords or as root, or add SSH keys"),
}
"""What a script does, and what it may do."""


class BootScriptWeakensSsh(Check):
    """A boot script opens password or root logins, or adds its own SSH keys.

    ## Why it matters
    Images for EC2 let people in with the key of the instance's key pair alone, as a user that is
    not root. A script that allows passwords opens the host to whoever guesses one; a password or a
    key in user data is the same on each host, and known to all who may read the configuration or
    describe the instance. Nobody who takes away the key pair knows of them.

    Shell scripts and cloud-config are read, also packed and in several parts, and so are the steps
    of Image Builder's components and of Systems Manager's documents, and the commands that it is
    told to run: what they write into an image every host of it has. Looked for are `sshd_config`,
    `authorized_keys`, `sudoers` and `cloud.cfg` as they are written or edited, `ssh_pwauth`,
    `disable_root`, passwords and keys of users. What a script only prints, asks or has in a comment
    does nothing, and neither does a password that is made or fetched when it runs. The public half
    of a key pair of the unit is no other key. Reports quote nothing of what is a password.

    ## Fails
    ```hcl
    resource "aws_instance" "web" {
      ami           = "ami-0123456789abcdef0"
      instance_type = "t3.micro"
      user_data     = <<-EOT
        #!/bin/bash
        sed -i 's/^#*PasswordAuthentication .*/PasswordAuthentication yes/' /etc/ssh/sshd_config
        systemctl restart sshd
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
              #cloud-config
              ssh_pwauth: true
              disable_root: false
    ```

    ## Passes
    ```diff hcl
    -    sed -i 's/^#*PasswordAuthentication .*/PasswordAuthentication yes/' /etc/ssh/sshd_config
    +    echo 'PermitRootLogin no' > /etc/ssh/sshd_config.d/10-root.conf
    ```
    ```diff yaml
    -          ssh_pwauth: true
    -          disable_root: false
    +          ssh_pwauth: false
    +          packages: [nginx]
    ```

    ## How to mend it
    Leave the image's SSH defaults and manage access through Session Manager or key pairs.

    ## References
    - [Recommendations for creating shared Linux AMIs](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/building-shared-amis.html)
    - [Run commands when you launch an EC2 instance with user data input](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/user-data.html)
    - [AWS-RunShellScript](https://docs.aws.amazon.com/systems-manager/latest/userguide/walkthrough-cli.html)
    - [Manage system users on your Linux instance](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/managing-users.html)
    - [cloud-init: SSH, Set Passwords, Users and Groups](https://docs.cloud-init.io/en/latest/reference/modules.html)
    """

    code = "KEY006"
    name = "boot-script-weakens-ssh"
    severity = Severity.HIGH
    since = "0.1.0"
    types = SCRIPT_TYPES

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each script that weakens logins, or may: at the first place that does."""
        for found in ssh_weakenings(graph):
            yield _verdict(found)


def _verdict(found: WeakeningScript) -> Verdict:
    script, first = found.script, found.weakenings[0]
    resource = script.resource
    said = _said(found.weakenings)
    undecided = first.answer.truth is None
    return Verdict(
        subject=resource,
        at=script.place._replace(span=first.span),
        message=f"the boot script {', and '.join(said)}",
        undecided=undecided,
        causes=tuple(dict.fromkeys(c for one in found.weakenings for c in one.answer.causes)),
        evidence=tuple(
            Evidence(
                one.span,
                f"the boot script {_word(one)}",
                resource.address,
                quotable=one.kind != "password",
            )
            for one in found.weakenings[1:]
        ),
        value="; ".join(sorted(said)),
        quotable=all(one.kind != "password" for one in found.weakenings),
    )


def _said(weakenings: Iterable[SshWeakening]) -> list[str]:
    """What a script does, each thing once."""
    return list(dict.fromkeys(map(_word, weakenings)))


def _word(weakening: SshWeakening) -> str:
    sure, perhaps = _WORDS[weakening.kind]
    return (sure if weakening.answer.truth else perhaps).format(weakening.what)
