from collections.abc import Iterator

from iac_ec2lint.api import NO, Check, Graph, Severity, Verdict, parameter, require, set_to
from iac_ec2lint.api.compute import omits
from iac_ec2lint.api.resources import MetadataDefaults


class AccountImdsDefaultNotV2(Check):
    """The Region's metadata defaults leave IMDSv1 available to new instances.

    ## Why it matters
    The account's defaults apply to each instance that says nothing itself, whoever launches it.
    Declared and left at `optional` or `no-preference`, they protect nothing.

    ## Fails
    ```hcl
    resource "aws_ec2_instance_metadata_defaults" "region" {
      http_tokens = "optional"
    }
    ```

    ## Passes
    ```hcl
    resource "aws_ec2_instance_metadata_defaults" "region" {
      http_tokens = "required"
    }
    ```

    ## How to mend it
    Set `http_tokens = "required"`.

    ## References
    - [Set IMDSv2 as the default for the account](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-IMDS-new-instances.html)
    """

    code = "IMDS003"
    name = "account-imds-default-not-v2"
    severity = Severity.MEDIUM
    since = "0.1.0"
    types = (MetadataDefaults,)
    of_units = True

    require = parameter.boolean(
        default=False, help="Whether a root module that manages account settings must declare it."
    )

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each declaration of defaults that does not require tokens."""
        for defaults in graph.all(MetadataDefaults):
            tokens = defaults.http_tokens
            safe = NO if tokens is None else tokens.equals("required")
            said = "not set" if tokens is None else "not known"
            if tokens is not None and tokens.text is not None:
                said = f'"{tokens.text}"'
            yield from require(
                safe,
                of=defaults,
                at=defaults.place("http_tokens"),
                otherwise=f"the defaults leave IMDSv1 available: http_tokens is {said}",
                perhaps=f"the defaults may leave IMDSv1 available: http_tokens is {said}",
                fix=set_to("required"),
            )
        if self.require and omits(graph, MetadataDefaults):
            yield Verdict(
                subject=graph.unit,
                at=graph.unit,
                message="no metadata defaults are declared, so new instances may answer IMDSv1",
            )
