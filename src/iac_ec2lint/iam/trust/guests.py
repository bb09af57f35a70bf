"""What the guests of an identity pool of Cognito may do at most.

In the enhanced flow AWS bounds their sessions by an inline policy and a managed one, whatever their
role may do. In the basic one (``AllowClassicFlow``) they ask STS for the role themselves, and
nothing bounds them. Source: Amazon Cognito Developer Guide, "IAM roles", "Access policies".
"""

from __future__ import annotations

import json
from collections import defaultdict
from typing import TYPE_CHECKING, Final

from iac_ec2lint.iam.policy.document import PolicyDocument
from iac_ec2lint.iam.policy.managed import document_of, managed_policy
from iac_ec2lint.values import Value

if TYPE_CHECKING:
    from iac_ec2lint.iam.principals import Principal

_MANAGED: Final = "arn:aws:iam::aws:policy/AmazonCognitoUnAuthedIdentitiesSessionPolicy"
_INLINE: Final = (
    "appsync:*",
    "cloudwatch:*",
    "codewhisperer:*",
    "cognito-identity:*",
    "cognito-idp:*",
    "cognito-sync:*",
    "comprehend:*",
    "dynamodb:*",
    "execute-api:*",
    "firehose:*",
    "gamelift:*",
    "iot:*",
    "kinesis:*",
    "lambda:*",
    "lex:*",
    "logs:*",
    "machinelearning:*",
    "mobileanalytics:*",
    "mobiletargeting:*",
    "personalize:*",
    "polly:*",
    "rekognition:*",
    "s3:*",
    "sagemaker:InvokeEndpoint",
    "sdb:*",
    "ses:*",
    "sns:*",
    "sqs:*",
    "textract:AnalyzeDocument",
    "textract:DetectDocumentText",
    "transcribe:*",
    "translate:*",
)


def as_guest(principal: Principal) -> Principal:
    """A role as a guest of an identity pool has it in the enhanced flow.

    A permissions boundary of the role's own is left out: what bounds guests is seldom wider.

    Args:
        principal: The role.
    """
    span = principal.resource.span
    inline = {"Statement": [{"Effect": "Allow", "Action": list(_INLINE), "Resource": "*"}]}
    bounds = [PolicyDocument.read(Value(json.dumps(inline), span))]
    arn = Value(_MANAGED, span)
    policy = managed_policy(arn)
    if policy is not None:
        bounds.append(document_of(policy, arn))
    return principal._replace(boundary=tuple(bounds), answers=defaultdict(dict))
