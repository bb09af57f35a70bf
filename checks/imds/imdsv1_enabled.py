from collections.abc import Iterator

from iac_ec2lint.api import Check, Evidence, Graph, Severity, Verdict, set_to
from iac_ec2lint.api.compute import HOST_TYPES, Decision, HostMetadata, decisions
from iac_ec2lint.api.resources import (
    EmrSecurityConfiguration,
    InfrastructureConfiguration,
    NotebookInstance,
    UnreadModule,
)
from iac_ec2lint.api.verdicts import handed_to_unread_modules


class Imdsv1Enabled(Check):
    """Instances answer IMDSv1 requests, so a server-side request forgery can steal their role credentials.

    ## Why it matters
    A request forged through a web application is a plain GET, which IMDSv1 answers with the
    credentials of the instance's role. IMDSv2 first asks for a token that such a request cannot
    fetch.

    What counts is what is in effect: the instance's options, then its launch template's, then the
    account's defaults and the image's setting where they are declared. The finding is at the place
    that decides: at the launch template, once, where that decides for many.

    ## Fails
    ```hcl
    resource "aws_launch_template" "web" {
      metadata_options {
        http_tokens = "optional"
      }
    }
    ```
    ```yaml
    Resources:
      Web:
        Type: AWS::EC2::LaunchTemplate
        Properties:
          LaunchTemplateData:
            MetadataOptions: {HttpTokens: optional}
    ```

    ## Passes
    ```diff hcl
    -    http_tokens = "optional"
    +    http_tokens = "required"
    ```
    ```diff yaml
    -        MetadataOptions: {HttpTokens: optional}
    +        MetadataOptions: {HttpTokens: required}
    ```

    ## How to mend it
    Set `http_tokens = "required"` (`HttpTokens: required`) in the metadata options. Services say it
    in their own words: `MinimumInstanceMetadataServiceVersion` 2 in the security configuration of an
    EMR cluster, or for a notebook; `DisableIMDSv1` in Elastic Beanstalk. A node group of EKS has a
    launch template for it, or an AMI type of Amazon Linux 2023.

    ## References
    - [Instance metadata options](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-options.html)
    """  # noqa: E501 - the summary is one line

    code = "IMDS001"
    name = "imdsv1-enabled"
    severity = Severity.HIGH
    since = "0.1.0"
    types = (
        *HOST_TYPES,
        EmrSecurityConfiguration,
        InfrastructureConfiguration,
        NotebookInstance,
        UnreadModule,
    )

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each place that decides whether tokens are required."""
        for decision in decisions(graph, "http_tokens"):
            worst = decision.worst
            enforced = worst.imdsv2_enforced
            if enforced.truth is True:
                continue
            undecided = enforced.truth is None
            wanted = _wanted(worst)
            yield Verdict(
                subject=decision.resource,
                at=decision.place_for(worst),
                message=f"{_verdict(worst)}: {worst.explanation}",
                causes=enforced.causes,
                undecided=undecided,
                severity=Severity.LOW if worst.required_by_family else None,
                assumptions=enforced.assumptions,
                evidence=tuple(_users(decision)),
                value="?" if undecided else "optional",
                fix=None if wanted is None else set_to(wanted),
            )
        for handed in handed_to_unread_modules(graph):
            value = handed.sets("http_tokens", "optional")
            if value is not None:
                yield handed.verdict(value, 'IMDSv1 requests may be answered: "optional"')


def _verdict(worst: HostMetadata) -> str:
    """What the settings come to; how firmly hangs on what decides them."""
    if worst.required_by_family:
        return "only the image turns IMDSv1 off"
    if worst.imdsv1_usable.truth is True:
        return "IMDSv1 requests are answered"
    if worst.imdsv2_enforced.truth is False:
        return "IMDSv1 requests are answered unless the account or the image turns them off"
    return "IMDSv1 requests may be answered"


def _wanted(worst: HostMetadata) -> str | bool | None:
    """What requires tokens where it is said; ``None`` where that is a part of a text."""
    setting = worst.http_tokens
    if setting.source == "service":
        return None
    if setting.source != "configuration":
        return "required"
    if isinstance(setting.resource, NotebookInstance):
        return "2"
    return True if setting.place.name == "imdsv1_disabled" else None


def _users(decision: Decision) -> Iterator[Evidence]:
    """Where the value comes from, and the hosts that it decides for."""
    worst = decision.worst.http_tokens
    origin = worst.origin
    if origin is not None:
        source = "account's default" if worst.source == "account" else "image's setting"
        yield Evidence(origin.span, f"the {source} decides")
    for one in decision.hosts:
        if one.host is not decision.resource:
            address = one.host.address
            yield Evidence(one.host.span, f"{address} is launched with it", address)
