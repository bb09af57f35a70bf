"""Taking another's place through IAM itself.

``assertions``: whose metadata a SAML provider has signs whom it likes in (IAM API Reference,
UpdateSAMLProvider). ``identity-pool``: whoever changes a pool of Cognito says whose sign-ins it
takes, and that its users ask for roles themselves, which are those that trust the pool (Amazon
Cognito Federated Identities API Reference, UpdateIdentityPool, ``AllowClassicFlow`` and
``SupportedLoginProviders``; Developer Guide, "Identity pools authentication flow"). ``pool-roles``:
whoever sets the roles of its users needs to be one of these (SetIdentityPoolRoles), which whoever
says so of himself is (GetOpenIdTokenForDeveloperIdentity; Developer Guide, "Developer-authenticated
identities"); guests are given no more than AWS lets them ("Access policies").
"""

from __future__ import annotations

from typing import Final

from iac_ec2lint.iam.escalation.rows.kinds import EdgeKind, sets_of

UPDATE_TRUST: Final = EdgeKind(
    "update-trust", sets_of("iam:UpdateAssumeRolePolicy"), "change who may assume"
)
ASSERTIONS: Final = EdgeKind(
    "assertions", sets_of("iam:UpdateSAMLProvider"), "sign in by SAML assertions of its own to"
)
IDENTITY_POOL: Final = EdgeKind(
    "identity-pool",
    sets_of("cognito-identity:UpdateIdentityPool"),
    "assume, by an identity pool that it changes,",
)
POOL_ROLES: Final = EdgeKind(
    "pool-roles",
    sets_of(
        "cognito-identity:SetIdentityPoolRoles cognito-identity:GetOpenIdTokenForDeveloperIdentity",
        "cognito-identity:SetIdentityPoolRoles",
    ),
    "assume, by an identity pool that it gives the role,",
)
ROLE_POLICY: Final = EdgeKind(
    "role-policy",
    sets_of("iam:PutRolePolicy", "iam:AttachRolePolicy"),
    "assume, and make an administrator of,",
    lifts=True,
)
POLICY_VERSION: Final = EdgeKind(
    "policy-version",
    sets_of("iam:CreatePolicyVersion"),
    "assume, and make an administrator of,",
    lifts=True,
)
CREDENTIALS: Final = EdgeKind(
    "credentials",
    sets_of("iam:CreateAccessKey", "iam:CreateLoginProfile", "iam:UpdateLoginProfile"),
    "make credentials of",
)
JOIN_GROUP: Final = EdgeKind("join-group", sets_of("iam:AddUserToGroup"), "join")

ASSUME: Final = EdgeKind("assume", sets_of("sts:AssumeRole"), "assume")

ADMINISTER: Final = EdgeKind("administer", (), "make itself administrator")
"""What is no edge to another: the principal may write its own policies, or somebody's."""
