from collections.abc import Iterator

from iac_ec2lint.api import Check, Evidence, Graph, Severity, Verdict
from iac_ec2lint.api.scripts import SCRIPT_TYPES, UpdateSwitch, boot_scripts, update_switches


class BootScriptDisablesUpdates(Check):
    """A boot script switches off security updates.

    ## Why it matters
    Amazon Linux and Ubuntu install security updates by themselves, or at the first boot. A script
    that switches this off leaves each instance with the holes of its image, for as long as it runs;
    one without the SSM Agent cannot be patched by Systems Manager either.

    It is reported where `repo_upgrade` is `none`, where `unattended-upgrades`, `apt-daily`,
    `dnf-automatic`, `yum-cron`, `kpatch`, the Windows Update service or the SSM Agent is disabled,
    masked or removed, and is not switched on again by the same script. What is only stopped comes
    back at the next boot.

    ## Fails
    ```hcl
    resource "aws_instance" "web" {
      ami           = "ami-0123456789abcdef0"
      instance_type = "t3.micro"
      user_data     = <<-EOT
        #!/bin/sh
        systemctl disable --now unattended-upgrades
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
              repo_upgrade: none
    ```

    ## Passes
    ```diff hcl
    -    systemctl disable --now unattended-upgrades
    +    dnf install -y dnf-automatic
    +    systemctl enable --now dnf-automatic.timer
    ```
    ```diff yaml
    -          repo_upgrade: none
    +          repo_upgrade: security
    ```

    ## How to mend it
    Leave the update service on, or patch the instances by Systems Manager.

    ## References
    - [Update management in Amazon EC2](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/update-management.html)
    - [Security updates at the first boot of Amazon Linux](https://docs.aws.amazon.com/linux/al2/ug/security-updates.html)
    - [Patch Manager](https://docs.aws.amazon.com/systems-manager/latest/userguide/patch-manager.html)
    """

    code = "UPD009"
    name = "boot-script-disables-updates"
    severity = Severity.MEDIUM
    since = "0.1.0"
    types = SCRIPT_TYPES

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each script that switches updates off, or may: at the first place."""
        for script in boot_scripts(graph):
            by_variant: dict[int, list[UpdateSwitch]] = {}
            for switch in update_switches(script):
                by_variant.setdefault(id(switch.action.script.place.value), []).append(switch)
            for switches in by_variant.values():
                yield _verdict(switches)


def _verdict(switches: list[UpdateSwitch]) -> Verdict:
    sure = [one for one in switches if one.what and one.action.answer.truth]
    found = sure or switches[:1]
    first = found[0]
    script = first.action.script
    what = first.what or "security updates"
    return Verdict(
        subject=script.resource,
        at=script.place._replace(span=first.action.span),
        message=f"the script switches {what} off" if sure else f"the script may switch {what} off",
        undecided=not sure,
        causes=() if sure else first.action.answer.causes,
        evidence=tuple(
            Evidence(
                one.action.span,
                f"the script switches {one.what} off",
                script.resource.address,
                quotable=one.action.quotable,
            )
            for one in found[1:]
        ),
        value="; ".join(sorted(one.what for one in found)),
        quotable=first.action.quotable,
    )
