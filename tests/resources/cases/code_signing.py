"""Cases of the classes in ``resources/code_signing.py``."""

from __future__ import annotations

from tests.resources.case import Case, Pair

CASES: list[Case] = [
    Pair(
        "aws_lambda_code_signing_config",
        {"policies": [{"untrusted_artifact_on_deployment": "Enforce"}]},
        "AWS::Lambda::CodeSigningConfig",
        {"CodeSigningPolicies": {"UntrustedArtifactOnDeployment": "Enforce"}},
    ),
]
