from collections.abc import Iterator
from typing import NamedTuple

from iac_ec2lint.api import Answer, Check, Graph, Severity, Verdict, all_of
from iac_ec2lint.api.audit import SessionPreferences, session_preferences
from iac_ec2lint.api.resources import SsmDocument


class SessionManagerNotLogged(Check):
    """Preferences of Session Manager leave sessions without a log, or without encryption.

    ## Why it matters
    Session Manager gives a shell on a host without SSH. CloudTrail records that a session began and
    ended, not what was done in it: only the log of the session tells that. A log that is not
    encrypted shows all that was typed and printed, passwords among it, to whoever reads the bucket.

    Judged are documents of the type `Session`, and `SSM-SessionManagerRunShell`, which has the
    preferences of the account. Without a bucket and without a log group, sessions are logged
    nowhere. A switch that turns encryption off counts for a destination that is named. A session
    without a KMS key is encrypted by TLS alone: that is low.

    ## Fails
    ```hcl
    resource "aws_ssm_document" "preferences" {
      name          = "SSM-SessionManagerRunShell"
      document_type = "Session"
      content = jsonencode({
        schemaVersion = "1.0"
        sessionType   = "Standard_Stream"
        inputs        = { kmsKeyId = "alias/sessions" }
      })
    }
    ```
    ```yaml
    Resources:
      Preferences:
        Type: AWS::SSM::Document
        Properties:
          Name: SSM-SessionManagerRunShell
          DocumentType: Session
          Content:
            schemaVersion: "1.0"
            sessionType: Standard_Stream
            inputs: {kmsKeyId: alias/sessions}
    ```

    ## Passes
    ```diff hcl
    -    inputs        = { kmsKeyId = "alias/sessions" }
    +    inputs = {
    +      cloudWatchLogGroupName      = "/sessions"
    +      cloudWatchEncryptionEnabled = true
    +      kmsKeyId                    = "alias/sessions"
    +    }
    ```
    ```diff yaml
    -        inputs: {kmsKeyId: alias/sessions}
    +        inputs:
    +          s3BucketName: sessions
    +          s3EncryptionEnabled: true
    +          kmsKeyId: alias/sessions
    ```

    ## How to mend it
    Name an encrypted log group or bucket, and a KMS key, in the document's `inputs`.

    ## References
    - [Logging session activity](https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager-logging.html)
    - [Session document schema](https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager-schema.html)
    - [Turn on KMS key encryption of session data](https://docs.aws.amazon.com/systems-manager/latest/userguide/session-preferences-enable-encryption.html)
    """

    code = "CMP012"
    name = "session-manager-not-logged"
    severity = Severity.MEDIUM
    since = "0.1.0"
    types = (SsmDocument,)

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each document of sessions that lacks a log or encryption, or may."""
        for preferences in session_preferences(graph):
            found = [one for one in _faults(preferences) if one.answer.may_be_true]
            wrong = [one for one in found if (one.answer & preferences.answer).truth]
            if not found:
                continue
            said = wrong or found
            undecided = not wrong
            causes = all_of((preferences.answer, *(one.answer for one in said))).causes
            words = " and ".join(one.perhaps if undecided else one.words for one in said)
            minor = all(one.minor for one in said)
            yield Verdict(
                subject=preferences.document,
                at=preferences.place(said[0].at),
                message=words,
                undecided=undecided,
                causes=causes if undecided else (),
                assumptions=tuple(s for one in said for s in one.answer.assumptions),
                severity=Severity.LOW if minor else None,
                value=", ".join(one.words for one in said),
            )


class _Fault(NamedTuple):
    """What is wrong: whether it is, in which words, at which input, and whether that is low."""

    answer: Answer
    words: str
    perhaps: str
    at: str = ""
    minor: bool = False


def _faults(preferences: SessionPreferences) -> Iterator[_Fault]:
    bucket = preferences.is_given("s3BucketName")
    group = preferences.is_given("cloudWatchLogGroupName")
    yield _Fault(~(bucket | group), "sessions are logged nowhere", "sessions may be logged nowhere")
    for named, name, what in (
        (bucket, "s3EncryptionEnabled", "bucket"),
        (group, "cloudWatchEncryptionEnabled", "log group"),
    ):
        yield _Fault(
            named & preferences.is_off(name),
            f"the {what} that sessions are logged to need not be encrypted",
            f"the {what} that sessions are logged to may not have to be encrypted",
            name,
        )
    yield _Fault(
        ~preferences.is_given("kmsKeyId"),
        "sessions have no KMS key",
        "sessions may have no KMS key",
        "kmsKeyId",
        minor=True,
    )
