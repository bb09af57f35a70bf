from collections.abc import Iterator

from iac_ec2lint.api import Check, Graph, Severity, Verdict, require, set_to
from iac_ec2lint.api.resources import SerialConsoleAccess


class SerialConsoleEnabled(Check):
    """Account-wide access to the EC2 serial console is switched on.

    ## Why it matters
    The serial console leads to an instance without its network: no security group, network ACL or
    route stands before it, and sessions do not end by themselves when access is taken away. AWS
    leaves it off in every account and Region; where it is on, a permission of IAM and a password
    on the host are all that is left.

    The resource itself is the switch: without `enabled` it switches access on.

    ## Fails
    ```hcl
    resource "aws_ec2_serial_console_access" "region" {
      enabled = true
    }
    ```

    ## Passes
    ```hcl
    resource "aws_ec2_serial_console_access" "region" {
      enabled = false
    }
    ```

    ## How to mend it
    Set `enabled = false`, and switch access on for as long as an instance is being repaired.

    ## References
    - [Configure access to the EC2 Serial Console](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configure-access-to-serial-console.html)
    - [EC2 Serial Console for instances](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-serial-console.html)
    """

    code = "KEY005"
    name = "serial-console-enabled"
    severity = Severity.MEDIUM
    since = "0.1.0"
    types = (SerialConsoleAccess,)

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each Region's setting that switches access on, or may."""
        for access in graph.all(SerialConsoleAccess):
            said = "" if access.is_set("enabled").truth else ": enabled is not set, so it is true"
            yield from require(
                access.equals("enabled", False),
                of=access,
                at=access.place("enabled"),
                otherwise=f"access to the serial console is on{said}",
                perhaps="access to the serial console may be on",
                fix=set_to(False),
            )
