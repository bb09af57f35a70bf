from collections.abc import Iterator

from iac_ec2lint.api import (
    YES,
    Answer,
    Check,
    Graph,
    Severity,
    Unknown,
    Val,
    Verdict,
    all_of,
    any_of,
    parameter,
    require,
    set_to,
)
from iac_ec2lint.api.audit import omits_service
from iac_ec2lint.api.resources import InspectorEnabler, InspectorOrganization


class InspectorEc2ScanningOff(Check):
    """Amazon Inspector is configured without EC2 scanning.

    ## Why it matters
    Inspector finds the packages of an instance that have known vulnerabilities. Switched on for
    images and functions alone, it never looks at instances, while the account looks scanned.

    ## Fails
    ```hcl
    resource "aws_inspector2_enabler" "main" {
      account_ids    = ["111122223333"]
      resource_types = ["ECR"]
    }
    ```

    ## Passes
    ```diff hcl
    -  resource_types = ["ECR"]
    +  resource_types = ["EC2", "ECR"]
    ```

    ## How to mend it
    Add `EC2` to the resource types that Inspector scans.

    ## References
    - [Scanning Amazon EC2 instances with Amazon Inspector](https://docs.aws.amazon.com/inspector/latest/user/scanning-ec2.html)
    """

    code = "CMP009"
    name = "inspector-ec2-scanning-off"
    severity = Severity.HIGH
    since = "0.1.0"
    types = (InspectorEnabler, InspectorOrganization)
    of_units = True
    require = parameter.boolean(
        default=False, help="Whether a root module that manages account services must declare it."
    )

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each declaration by which instances are not, or may not be, scanned."""
        enablers = [*graph.all(InspectorEnabler)]
        scanning = [one for one in enablers if _scans_instances(one).may_be_true]
        for enabler in enablers:
            scanned = all_of(
                any_of(_scans_account(other, account) for other in scanning)
                for account in enabler.accounts
            )
            yield from require(
                _scans_instances(enabler) | (scanned & Answer(bool(enabler.accounts))),
                of=enabler,
                at=enabler.place("resource_types"),
                otherwise="instances are not scanned",
                perhaps="instances may not be scanned",
            )
        for organization in graph.all(InspectorOrganization):
            yield from require(
                organization.equals("ec2", True),
                of=organization,
                at=organization.place("ec2"),
                otherwise="instances of new accounts are not scanned",
                perhaps="instances of new accounts may not be scanned",
                fix=set_to(True),
            )
        if self.require:
            yield from require(
                ~omits_service(graph, InspectorEnabler, InspectorOrganization),
                of=graph.unit,
                at=graph.unit,
                otherwise="Inspector is not declared",
                perhaps="Inspector may not be declared",
            )


def _scans_instances(enabler: InspectorEnabler) -> Answer:
    return any_of(kind.equals("EC2") for kind in enabler.resource_types)


def _scans_account(enabler: InspectorEnabler, account: Val) -> Answer:
    """Whether instances of one account are scanned by another enabler."""
    listed = any_of(_are_same(account, other) for other in enabler.accounts)
    return enabler.presence.answer & listed & _scans_instances(enabler)


def _are_same(account: Val, other: Val) -> Answer:
    if account.text is not None:
        return other.equals(account.text)
    unknown = tuple(one for one in (account, other) if isinstance(one, Unknown))
    if len({(one.cause, one.reason) for one in unknown}) == 1 == len(unknown) - 1:
        return YES  # the same input, or the same attribute of the same thing
    return Answer(None, unknown)
