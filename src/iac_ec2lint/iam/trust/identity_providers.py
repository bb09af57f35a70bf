"""Identity providers whose tokens others than oneself can have, and the claims that say whose.

Sources: IAM User Guide, "Identity-provider controls for shared OIDC providers" (the shared issuers
and the claim that each needs; held against AWS's examples of resource control policies,
aws-samples/data-perimeter-policy-examples on GitHub), "Available keys for OIDC federation" and "for
SAML-based federation"; each provider's own page on the format of its subjects; EKS User Guide, "IAM
roles for service accounts"; semantics.md, D1. An issuer that is not here belongs to one
organisation.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from iac_ec2lint.source.regular_expression import regular_expression

if TYPE_CHECKING:
    from collections.abc import Mapping

END: Final = "\n"
"""Stands after a value that is known to its end, and in no claim."""

HOLE: Final = "\ue0f3"
"""Stands for an unknown piece of an issuer."""


class IdentityProvider(NamedTuple):
    """Whose tokens, or assertions, a trust policy admits.

    Attributes:
        name: What it is called.
        holders: Who can have a token of it, in words: ``a workflow of any GitHub account``.
        claims: The claims that say whose a token is (or a condition key of AWS's own), the usual
            first, each with what must be found
            in the known beginning of a value (and ``END`` where it is known to its end) for the
            value to be one's own.
        prefix: What stands before a claim in a condition key.
        public: Whether anybody can get a token of it; else whoever is inside already.
        lured: Those of the claims that say who did something, be it in others' project.
    """

    name: str
    holders: str
    claims: Mapping[str, re.Pattern[str]]
    prefix: str
    public: bool = True
    lured: frozenset[str] = frozenset()

    @property
    def key(self) -> str:
        """The condition key that should say whose a token is."""
        claim = next(iter(self.claims))
        return claim if ":" in claim else f"{self.prefix}:{claim}"


_WHOLE: Final = regular_expression(rf".+{END}")
"""A value that is known to its end."""


def _starting(*starts: str) -> re.Pattern[str]:
    """What begins with one of some patterns, or has one behind a colon."""
    return regular_expression(rf"(?:^|:)(?:{'|'.join(starts)})")


_GITHUB: Final = (
    # The claims that a subject is customised from are in it by name (GitHub Docs, "OpenID Connect
    # reference"); a colon in a name is escaped there.
    r"repo(?:sitory)?:[^/:]+/",
    rf"(?:repository|repository_owner|enterprise)_id:[^:]+[:{END}]",
    rf"(?:repository_owner|enterprise):[^:]+[:{END}]",
)
_GITLAB: Final = (r"project_path:[^/:]+/", rf"(?:project|namespace)_id:[^:]+[:{END}]")
_ORGANIZATION: Final = r"organization:[^:]+:"
_SERVICE_ACCOUNT: Final = r"system:serviceaccount:[^:]+"
_SESSION_NAME: Final = "sts:RoleSessionName"
_TURBONOMIC: Final = (
    "oidc.op1.openshiftapps.com/2c51blsaqa9gkjt0o9rt11mle8mmropu",
    "oidc.op1.openshiftapps.com/2f785sojlpb85i7402pk3qogugim5nfb",
    "rh-oidc.s3.us-east-1.amazonaws.com/22ejnvnnturfmt6km08idd0nt4hekbn7",
    "rh-oidc.s3.us-east-1.amazonaws.com/23e3sd27sju1hoou6ohfs68vbno607tr",
    "rh-oidc.s3.us-east-1.amazonaws.com/23ne21h005qjl3n33d8dui5dlrmv2tmg",
    "rh-oidc.s3.us-east-1.amazonaws.com/24jrf12m5dj7ljlfb4ta2frhrcoadm26",
)
"""The issuers of IBM Turbonomic, of which each serves several customers."""


def _shared(
    host: str,
    claims: Mapping[str, re.Pattern[str]],
    name: str = "",
    holders: str = "",
    lured: frozenset[str] = frozenset(),
) -> IdentityProvider:
    who = holders or f"any user of {name or host}"
    return IdentityProvider(name or host, who, claims, host, lured=lured)


COGNITO: Final = _shared(
    "cognito-identity.amazonaws.com",
    {"aud": _WHOLE, "sub": _WHOLE},
    "Amazon Cognito",
    "a user of any Cognito identity pool",
)

SHARED: Final = {
    one.prefix: one
    for one in (
        _shared(
            "token.actions.githubusercontent.com",
            {
                "sub": _starting(*_GITHUB),
                "repository": regular_expression("^[^/]+/"),
                "repository_id": _WHOLE,
                "repository_owner": _WHOLE,
                "repository_owner_id": _WHOLE,
                "enterprise_id": _WHOLE,
                "actor": _WHOLE,
                "actor_id": _WHOLE,
            },
            "GitHub Actions",
            "a workflow of any GitHub account",
            # Who stars a repository starts its workflows (GitHub Docs, "Events that trigger
            # workflows", ``watch``).
            frozenset({"actor", "actor_id"}),
        ),
        _shared(
            "vstoken.actions.githubusercontent.com",
            {"sub": _starting(*_GITHUB)},
            "GitHub Actions",
            "a workflow of any GitHub account",
        ),
        _shared(
            "gitlab.com",
            {"sub": _starting(*_GITLAB)},
            "GitLab.com",
            "a pipeline of any project of GitLab.com",
        ),
        _shared(
            "app.terraform.io",
            {"sub": _starting(_ORGANIZATION)},
            "HCP Terraform",
            "a workspace of any organization of HCP Terraform",
        ),
        _shared("agent.buildkite.com", {"sub": _starting(_ORGANIZATION)}, "Buildkite"),
        _shared("oidc.codefresh.io", {"sub": _starting("account:[^:]+:")}, "Codefresh"),
        _shared("scalr.io", {"sub": _starting("account:[^:]+:")}, "Scalr"),
        _shared("tokens.cloud.shisho.dev", {"sub": _starting("job:[^:]+:")}, "Shisho Cloud"),
        _shared("proidc.upbound.io", {"sub": _starting("mcp:[^/:]+/")}, "Upbound"),
        _shared("studio.datachain.ai/api", {"sub": _starting("credentials:[^/:]+/")}, "DVC Studio"),
        _shared(
            "oidc-configuration.audit-log.githubusercontent.com",
            {"sub": regular_expression(rf"^https://github\.com/(?:enterprises/)?[^/]+[/{END}]")},
            "GitHub's audit log",
        ),
        _shared(
            "api.pulumi.com/oidc",
            {"aud": _WHOLE, "sub": _starting("org:[^:]+:")},
            "Pulumi Cloud",
        ),
        _shared("sandboxes.cloud", {"aud": _WHOLE}),
        _shared("oidc.vercel.com", {"aud": _WHOLE, "sub": _starting("owner:[^:]+:")}, "Vercel"),
        _shared(
            "sts.windows.net/33e01921-4d64-4f8c-a055-5bdaffd5e33d",
            {_SESSION_NAME: regular_expression(rf"^MicrosoftSentinel_.+{END}")},
            "Microsoft Sentinel",
            "a workspace of Microsoft Sentinel of anybody",
        ),
        *(
            _shared(issuer, {"sub": _starting(f"{_SERVICE_ACCOUNT}:")}, "IBM Turbonomic")
            for issuer in _TURBONOMIC
        ),
        COGNITO,
        _shared(
            "accounts.google.com",
            {"aud": _WHOLE, "oaud": _WHOLE, "sub": _WHOLE},
            "Google",
            "anyone with a Google account",
        ),
        _shared(
            "graph.facebook.com",
            {"app_id": _WHOLE, "id": _WHOLE},
            "Facebook",
            "anyone with a Facebook account",
        ),
        _shared(
            "www.amazon.com",
            {"app_id": _WHOLE, "user_id": _WHOLE},
            "Login with Amazon",
            "anyone with an Amazon account",
        ),
    )
}
"""The issuers that many organisations share, by their URL without ``https://``."""

EKS: Final = IdentityProvider(
    "the EKS cluster",
    "any pod of the EKS cluster",
    {"sub": regular_expression(f"^{_SERVICE_ACCOUNT}")},
    "<the cluster's issuer>",
    public=False,
)
"""The issuer of an EKS cluster: any pod has a token of its service account."""

SAML: Final = IdentityProvider(
    "the SAML provider",
    "whoever has an assertion of the SAML provider for another recipient",
    {"aud": _WHOLE, "sub": _WHOLE},
    "SAML",
    public=False,
)

ANY: Final = IdentityProvider(
    "any identity provider",
    "whoever has a token of an identity provider",
    {
        "sub": regular_expression(
            rf".+{END}|" + _starting(*_GITHUB, *_GITLAB, _ORGANIZATION, _SERVICE_ACCOUNT).pattern
        )
    },
    "<its issuer>",
)
"""One that nobody knows: a subject that is known to its end, or written as one of those above, is
nobody else's."""

_CLUSTER: Final = regular_expression(
    rf"oidc\.eks(?:-fips)?\.[a-z0-9{HOLE}-]+\.(?:amazonaws\.com(?:\.cn)?|api\.aws|{HOLE})/.+"
)


def by_issuer(url: str) -> IdentityProvider | None:
    """The provider with an issuer; ``None`` where that is one organisation's own.

    Args:
        url: The issuer's URL, with ``https://`` or without, as text; ``HOLE`` for unknown pieces.
    """
    issuer = url.removeprefix("https://").rstrip("/").lower()
    return EKS if _CLUSTER.fullmatch(issuer) else SHARED.get(issuer)
