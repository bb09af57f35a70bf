from collections.abc import Iterator

from iac_ec2lint.api import (
    NO,
    Answer,
    Check,
    Graph,
    Severity,
    Unknown,
    Val,
    Verdict,
    require,
    set_to,
)
from iac_ec2lint.api.iam import is_account_number
from iac_ec2lint.api.resources import SsmDocument, SsmServiceSetting

_SETTING = "/ssm/documents/console/public-sharing-permission"


class SsmDocumentPublic(Check):
    """A Systems Manager document is shared with every account, or such sharing is allowed.

    ## Why it matters
    A document of commands shows how hosts are set up: names, paths, addresses, often a password.
    Every AWS account reads one that is public, and can run it. The account-wide setting that allows
    public sharing lets anybody who may share documents make one public by mistake.

    What is shared with named accounts passes.

    ## Fails
    ```hcl
    resource "aws_ssm_document" "install" {
      name          = "install"
      document_type = "Command"
      content       = jsonencode({ schemaVersion = "2.2", mainSteps = [] })
      permissions = {
        type        = "Share"
        account_ids = "All"
      }
    }
    ```

    ## Passes
    ```diff hcl
    -    account_ids = "All"
    +    account_ids = "111122223333"
     }
    +resource "aws_ssm_service_setting" "sharing" {
    +  setting_id    = "/ssm/documents/console/public-sharing-permission"
    +  setting_value = "Disable"
    +}
    ```

    ## How to mend it
    Share the document with named accounts, and set public sharing of documents to `Disable`.

    ## References
    - [Sharing SSM documents](https://docs.aws.amazon.com/systems-manager/latest/userguide/documents-ssm-sharing.html)
    - [Best practices for shared SSM documents](https://docs.aws.amazon.com/systems-manager/latest/userguide/documents-ssm-sharing.html#best-practices-shared)
    """

    code = "IAM019"
    name = "ssm-document-public"
    severity = Severity.CRITICAL
    since = "0.1.0"
    types = (SsmDocument, SsmServiceSetting)
    languages = ("terraform",)

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each document that is public, and each setting that allows it."""
        for document in graph.all(SsmDocument):
            if document.shared_with is None:
                continue
            yield from require(
                ~_with_everyone(document.shared_with),
                of=document,
                at=document.place("shared_with"),
                otherwise=f"{document.address} is shared with every AWS account",
                perhaps=f"{document.address} may be shared with every AWS account",
            )
        for setting in graph.all(SsmServiceSetting):
            yield from require(
                ~setting.is_setting(_SETTING) | setting.equals("value", "Disable"),
                of=setting,
                at=setting.place("value"),
                otherwise="documents may be shared with every AWS account",
                perhaps="whether documents may be shared with every AWS account is not known",
                severity=Severity.MEDIUM,
                fix=set_to("Disable"),
            )


def _with_everyone(shared: Val) -> Answer:
    pieces = (shared.parts or (shared,)) if isinstance(shared, Unknown) else ()
    if pieces and not any(_may_be_everyone(piece) for piece in pieces):
        return NO
    return shared.test(_has_everyone)


def _may_be_everyone(piece: Unknown | str) -> bool:
    if isinstance(piece, str):
        return _has_everyone(piece)
    read = piece.references
    return not read or not all(map(is_account_number, read))


def _has_everyone(data: object) -> bool:
    texts = data.split(",") if isinstance(data, str) else []
    return any(text.strip().lower() == "all" for text in texts)
