from collections.abc import Iterator

from iac_ec2lint.api import Check, Graph, Severity, Unknown, Verdict, parameter, require
from iac_ec2lint.api.resources import AllowedImagesSettings, ImageDataSource, NullResource
from iac_ec2lint.api.scripts import SCRIPT_TYPES, image_lookups
from iac_ec2lint.api.upkeep import allowed_providers, image_owners


class AmiOwnerNotVerified(Check):
    """An image is looked up, or allowed, without a trusted owner.

    ## Why it matters
    Everybody may publish an image under any name. A lookup by name that takes the newest match of
    whatever owner launches the image of whoever publishes one with that name and a later date: code
    of a stranger, with the instance's role.

    A lookup passes whose owners, or whose filter `owner-id` or `owner-alias`, are your own account,
    an alias of AWS, or a vendor of an operating system whose account is known (as dated data). An
    account that is none of these is reported as info: it may be your own, and is named by
    `--set UPD005.trusted_owners=...` or `trusted_accounts`. Commands of boot scripts and
    provisioners that describe images without an owner are reported as well, and Allowed AMIs that
    are switched off, or let through whatever provider.

    ## Fails
    ```hcl
    data "aws_ami" "ubuntu" {
      most_recent = true
      filter {
        name   = "name"
        values = ["ubuntu/images/hvm-ssd/ubuntu-jammy-22.04-amd64-server-*"]
      }
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
              aws ec2 describe-images --filters Name=name,Values='base-*' > /etc/id
    ```

    ## Passes
    ```diff hcl
       most_recent = true
    +  owners      = ["099720109477"] # Canonical
    ```
    ```diff yaml
    -          aws ec2 describe-images --filters Name=name,Values='base-*' > /etc/id
    +          aws ec2 describe-images --owners self --filters Name=name,Values='base-*' > /etc/id
    ```

    ## How to mend it
    Set `owners` to `self`, `amazon`, or the account of the vendor.

    ## References
    - [Find shared AMIs, and verify who owns them](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/usingsharedamis-finding.html)
    - [Control the discovery and use of AMIs with Allowed AMIs](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-allowed-amis.html)
    - [aws_ami](https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/ami)
    """

    code = "UPD005"
    name = "ami-owner-not-verified"
    severity = Severity.HIGH
    since = "0.1.0"
    types = (*SCRIPT_TYPES, AllowedImagesSettings, ImageDataSource, NullResource)
    trusted_owners = parameter.texts(
        default=("self", "amazon", "aws-marketplace", "aws-backup-vault"),
        help="Accounts and aliases whose images are trusted, beside those of known vendors.",
    )
    trusted_accounts = parameter.TRUSTED_ACCOUNTS

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each lookup and setting that accepts whatever owner, or may."""
        trusted = frozenset((*self.trusted_owners, *self.trusted_accounts))
        for lookup in graph.all(ImageDataSource):
            yield from _of_lookup(lookup, trusted)
        for settings in graph.all(AllowedImagesSettings):
            yield from _of_settings(settings, trusted)
        for action in image_lookups(graph):
            yield Verdict(
                subject=action.script.resource,
                at=action.script.place._replace(span=action.span),
                message="the script may look up images whoever owns them"
                if action.answer.truth is None
                else "the script looks up images whoever owns them",
                undecided=action.answer.truth is None,
                causes=action.answer.causes,
                value=" ".join(action.words),
                quotable=action.quotable,
            )


def _of_lookup(lookup: ImageDataSource, trusted: frozenset[str]) -> Iterator[Verdict]:
    owners = image_owners(lookup, trusted)
    worst = next(
        (one for kind in ("anyone", "unknown", "other") for one in owners if one.kind == kind), None
    )
    if worst is None:
        return
    at = worst.part.place(worst.name, worst.value) if worst.value is not None else lookup
    causes = tuple(one.value for one in owners if isinstance(one.value, Unknown))
    if worst.value is None:
        yield from require(
            ~lookup.equals("most_recent", True),
            of=lookup,
            at=at,
            otherwise="the newest image with a matching name is taken, whoever owns it",
            perhaps="the newest image with a matching name may be taken, whoever owns it",
        )
    elif worst.kind == "anyone":
        yield Verdict(subject=lookup, at=at, message=f'owners "{worst.value.text}" are everybody')
    elif worst.kind == "unknown":
        yield Verdict(
            subject=lookup,
            at=at,
            message="the owner of the image may be anybody",
            undecided=True,
            causes=causes,
        )
    else:
        yield Verdict(
            subject=lookup,
            at=at,
            message=f"the owner {worst.value.text} is no known vendor, and not said to be trusted",
            severity=Severity.INFO,
        )


def _of_settings(settings: AllowedImagesSettings, trusted: frozenset[str]) -> Iterator[Verdict]:
    """Of the account's setting: audit-mode restricts nothing yet."""
    enabled = settings.equals("state", "enabled")
    if enabled.truth is not True:
        audit = settings.equals("state", "audit-mode").truth is True
        said = "only audited" if audit else "not restricted"
        yield Verdict(
            subject=settings,
            at=settings.place("state"),
            message=f"the images that the account may use are {said}"
            if enabled.truth is False
            else "the images that the account may use may be not restricted",
            undecided=enabled.truth is None,
            causes=enabled.causes,
            severity=Severity.LOW if audit else None,
        )
    for criterion in settings.criteria:
        kind = allowed_providers(criterion, trusted)
        values = tuple(v for v in criterion.image_providers if isinstance(v, Unknown))
        if kind in ("anyone", "unknown"):
            yield Verdict(
                subject=settings,
                at=criterion.place("image_providers") if criterion.image_providers else criterion,
                message="a criterion lets images of whatever provider through"
                if kind == "anyone"
                else "a criterion may let images of whatever provider through",
                undecided=kind == "unknown",
                causes=values,
            )
