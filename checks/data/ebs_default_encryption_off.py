from collections.abc import Iterator

from iac_ec2lint.api import Check, Graph, Severity, Verdict, parameter, require, set_to
from iac_ec2lint.api.compute import omits
from iac_ec2lint.api.resources import EncryptionByDefault


class EbsDefaultEncryptionOff(Check):
    """Account-level EBS encryption by default is switched off.

    ## Why it matters
    With it, each new volume and snapshot copy in the Region is encrypted, whoever makes it and
    whatever they forget. Switched off, one forgotten flag is an unencrypted disk.

    ## Fails
    ```hcl
    resource "aws_ebs_encryption_by_default" "region" {
      enabled = false
    }
    ```

    ## Passes
    ```hcl
    resource "aws_ebs_encryption_by_default" "region" {
      enabled = true
    }
    ```

    ## How to mend it
    Set `enabled = true` in every Region that is used.

    ## References
    - [Enable Amazon EBS encryption by default](https://docs.aws.amazon.com/ebs/latest/userguide/encryption-by-default.html)
    """

    code = "DATA002"
    name = "ebs-default-encryption-off"
    severity = Severity.MEDIUM
    since = "0.1.0"
    types = (EncryptionByDefault,)
    of_units = True

    require = parameter.boolean(
        default=False, help="Whether a root module that manages account settings must declare it."
    )

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each declaration that switches it off."""
        for setting in graph.all(EncryptionByDefault):
            yield from require(
                setting.enabled.is_true(),
                of=setting,
                at=setting.place("enabled"),
                otherwise="EBS encryption by default is switched off",
                perhaps="EBS encryption by default may be switched off",
                fix=set_to(True),
            )
        if self.require and omits(graph, EncryptionByDefault):
            yield Verdict(
                subject=graph.unit,
                at=graph.unit,
                message="no encryption by default is declared, so volumes may be plain",
            )
