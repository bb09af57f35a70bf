"""What the guests of an identity pool of Cognito may do at most.

In the enhanced flow AWS bounds their sessions by an inline policy and a managed one, whatever their
role may do: the services that the guide lists, each whole or by the actions named there. In the
basic one (``AllowClassicFlow``) they ask STS for the role themselves, and nothing bounds them.
Source: Amazon Cognito Developer Guide, "IAM roles", "Access policies".
"""

from __future__ import annotations

import json
from collections import defaultdict
from typing import Final

from iac_ec2lint.iam.policy.document import PolicyDocument
from iac_ec2lint.iam.policy.managed import document_of, managed_policy
from iac_ec2lint.iam.principal import Grant, Principal
from iac_ec2lint.values import Value

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

    The two policies of the session allow what either allows; a permissions boundary of the role's
    own bounds that once more (IAM User Guide, "Policies and permissions", session policies).

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
    if principal.boundary is None:
        return principal._replace(boundary=tuple(bounds), answers=defaultdict(dict))
    left = [one.text for each in bounds for s in each.statements for one in s.actions or ()]
    outside = {"Statement": [{"Effect": "Deny", "NotAction": left, "Resource": "*"}]}
    document = PolicyDocument.read(Value(json.dumps(outside), span))
    place = principal.resource.place("permissions_boundary")
    grants = (*principal.grants, Grant(document, principal.resource, place))
    return principal._replace(grants=grants, answers=defaultdict(dict))
