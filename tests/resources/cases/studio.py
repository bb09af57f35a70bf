"""Cases of the classes in ``resources/studio.py``."""

from __future__ import annotations

from tests.graph.declarations import ref
from tests.resources.case import Case, Pair
from tests.resources.settings import GROUP

CASES: list[Case] = [
    Pair(
        "aws_sagemaker_domain",
        {
            "auth_mode": "IAM",
            "default_user_settings": [
                {"execution_role": ref("role", "arn"), "security_groups": [GROUP]}
            ],
        },
        "AWS::SageMaker::Domain",
        {
            "AuthMode": "IAM",
            "DefaultUserSettings": {
                "ExecutionRole": ref("role", "Arn"),
                "SecurityGroups": [GROUP],
            },
        },
    ),
    Pair(
        "aws_sagemaker_user_profile",
        {
            "domain_id": ref("domain", "id"),
            "user_profile_name": "ada",
            "user_settings": [{"execution_role": ref("role", "arn")}],
        },
        "AWS::SageMaker::UserProfile",
        {
            "DomainId": ref("domain", "Ref"),
            "UserProfileName": "ada",
            "UserSettings": {"ExecutionRole": ref("role", "Arn")},
        },
    ),
]
