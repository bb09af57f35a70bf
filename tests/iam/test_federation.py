"""Whose tokens trust policies admit; how PATH018 words it is in its fixtures."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.network.infrastructure import graph

from iac_ec2lint.iam.trust.federation import federated_trust
from iac_ec2lint.iam.trust.identity_providers import SHARED
from iac_ec2lint.resources.iam_role import Role

GITHUB = "token.actions.githubusercontent.com"
WEB = '"sts:AssumeRoleWithWebIdentity"'
VARIABLES = "".join(f'variable "{name}" {{}}\n' for name in ("text", "map", "list"))
CHOICE = 'variable "own" {}\n'


def provider(host: str) -> str:
    """A ``Principal`` that names a provider by its ARN, or a built-in one."""
    built_in = host.startswith(("cognito-", "accounts.", "graph.", "www."))
    return host if built_in else f"arn:aws:iam::123456789012:oidc-provider/{host}"


def statement(
    federated: str = f'"{provider(GITHUB)}"',
    condition: str = "",
    action: str = WEB,
    effect: str = '"Allow"',
) -> str:
    """A statement of a trust policy, as HCL."""
    limit = f", Condition = {condition}" if condition else ""
    principal = f"{{ Federated = {federated} }}"
    return f"{{ Effect = {effect}, Action = {action}, Principal = {principal}{limit} }}"


def admitted(folder: Path, *statements: str) -> list[tuple[str, bool | None]]:
    """Whom a trust policy of these statements admits, and whether it surely does."""
    listed = ", ".join(statements)
    text = f"""{VARIABLES}{CHOICE}
resource "aws_iam_role" "r" {{
  assume_role_policy = jsonencode({{ Statement = [{listed}] }})
}}
"""
    made = graph(text, folder)
    (role,) = made.all(Role)
    return [(one.provider.name, one.answer.truth) for one in federated_trust(made, role)]


def sub(value: str, operator: str = "StringLike", claim: str = f"{GITHUB}:sub") -> str:
    """A condition on a claim, as HCL."""
    return f'{{ "{operator}" = {{ "{claim}" = {value} }} }}'


OWN = {
    GITHUB: ("sub", "repo:acme/infra:*"),
    "gitlab.com": ("sub", "project_path:acme/infra:*"),
    "app.terraform.io": ("sub", "organization:acme:project:*"),
    "agent.buildkite.com": ("sub", "organization:acme:pipeline:*"),
    "oidc.codefresh.io": ("sub", "account:64f0a7:pipeline:*"),
    "scalr.io": ("sub", "account:acme:environment:*"),
    "tokens.cloud.shisho.dev": ("sub", "job:acme:*"),
    "proidc.upbound.io": ("sub", "mcp:acme/*"),
    "studio.datachain.ai/api": ("sub", "credentials:acme/*"),
    "oidc-configuration.audit-log.githubusercontent.com": ("sub", "https://github.com/acme"),
    "api.pulumi.com/oidc": ("aud", "acme"),
    "sandboxes.cloud": ("aud", "acme"),
    "oidc.vercel.com": ("aud", "https://vercel.com/acme"),
    "accounts.google.com": ("aud", "66677788899900pro0"),
    "graph.facebook.com": ("app_id", "111222333444555"),
    "www.amazon.com": ("app_id", "amzn1.application-oa2-client.example"),
    "vstoken.actions.githubusercontent.com": ("sub", "repo:acme/infra:*"),
    "oidc.op1.openshiftapps.com/2f785sojlpb85i7402pk3qogugim5nfb": (
        "sub",
        "system:serviceaccount:acme:t8c",
    ),
    "sts.windows.net/33e01921-4d64-4f8c-a055-5bdaffd5e33d": (
        "sts:RoleSessionName",
        "MicrosoftSentinel_6f1c9e0a",
    ),
}
"""A condition for each shared issuer that names one organisation, or one application."""


def test_each_shared_issuer_has_its_condition_here() -> None:
    others = {name for name, one in SHARED.items() if one.name == "IBM Turbonomic"} - OWN.keys()
    assert len(others) == 5
    assert OWN.keys() == SHARED.keys() - others - {"cognito-identity.amazonaws.com"}


@pytest.mark.parametrize("host", OWN)
def test_an_issuer_that_many_share_needs_a_condition_on_whose_its_token_is(
    host: str, tmp_path: Path
) -> None:
    claim, value = OWN[host]
    key = claim if ":" in claim else f"{host}:{claim}"
    name = SHARED[host].name
    federated = f'"{provider(host)}"'
    open_ = [(name, True)]
    assert admitted(tmp_path, statement(federated)) == open_
    assert admitted(tmp_path, statement(federated, sub('"*"', claim=key))) == open_
    prefix = value[: value.index("acme") + 4] if ":acme" in value or "/acme" in value else "a"
    half = sub(f'"{prefix}*"', claim=key)
    assert admitted(tmp_path, statement(federated, half)) == open_
    own = sub(f'"{value}"', claim=key)
    assert admitted(tmp_path, statement(federated, own)) == []


@pytest.mark.parametrize(
    ("condition", "truth"),
    [
        # Whatever is not known never makes safe.
        (sub("var.text"), None),
        (sub('"repo:${var.text}/infra:*"'), None),
        (sub('"repo:acme/${var.text}"'), False),
        (sub('["repo:acme/*", var.text]'), None),
        (sub("var.list"), None),
        ("var.map", None),
        ("{ StringLike = var.map }", None),
        (sub('var.own ? "repo:acme/*" : "repo:*"'), None),
        (sub('var.own ? "repo:acme/a:*" : "repo:acme/b:*"'), False),
        # An exact subject that is written otherwise may be customised by others too.
        (sub('"environment:production"', "StringEquals"), None),
        # A network is a bound as well; what callers choose themselves is none.
        ('{ IpAddress = { "aws:SourceIp" = "203.0.113.0/24" } }', False),
        ('{ StringEquals = { "sts:RoleSessionName" = "ci" } }', True),
        ('{ StringEquals = { "aws:RequestTag/team" = "x" } }', True),
        (f'{{ Null = {{ "{GITHUB}:sub" = "false" }} }}', True),
        (sub('"acme"', "StringEquals", f"{GITHUB}:repository_owner"), False),
        (sub('"acme*"', "StringLike", f"{GITHUB}:repository_owner"), True),
        (sub('"acme/*"', "StringLike", f"{GITHUB}:job_workflow_ref"), True),
    ],
)
def test_which_conditions_bound_whose_a_token_is(
    condition: str, truth: bool | None, tmp_path: Path
) -> None:
    found = admitted(tmp_path, statement(condition=condition))
    assert found == ([] if truth is False else [("GitHub Actions", truth)])


CLUSTER = "oidc.eks.eu-west-1.amazonaws.com/id/"
ONE = f'"{provider(CLUSTER + "A1")}"'


@pytest.mark.parametrize("operator", ["ForAllValues:StringLike", "StringLikeIfExists"])
@pytest.mark.parametrize(
    ("federated", "claim", "value", "truth"),
    [
        # Every token has a subject and an audience, and no other claim for sure.
        (f'"{provider(GITHUB)}"', f"{GITHUB}:sub", "repo:acme/*", False),
        (f'"{provider("gitlab.com")}"', "gitlab.com:sub", "project_path:acme/*", False),
        (f'"{provider("app.terraform.io")}"', "app.terraform.io:sub", "organization:a:*", False),
        ('"accounts.google.com"', "accounts.google.com:aud", "66677788899900pro0", False),
        ('"accounts.google.com"', "accounts.google.com:oaud", "66677788899900pro0", True),
        ('"graph.facebook.com"', "graph.facebook.com:app_id", "1112", True),
        (f'"{provider(GITHUB)}"', f"{GITHUB}:repository", "acme/infra", True),
        (f'"{provider(GITHUB)}"', f"{GITHUB}:sub", "repo:*", True),
        (ONE, f"{CLUSTER}A1:sub", "system:serviceaccount:a:b", False),
        # A token has no claims of another provider.
        (f'"{provider(GITHUB)}"', "gitlab.com:sub", "repo:acme/*", True),
        (ONE, f"{CLUSTER}B2:sub", "system:serviceaccount:a:b", True),
        # Whose claim, or whose token it is, is not known.
        (ONE, "${var.text}:sub", "system:serviceaccount:a:b", None),
        ("var.text", f"{GITHUB}:sub", "repo:acme/*", None),
        ('"*"', f"{GITHUB}:sub", "repo:acme/*", True),
        (f'["{provider(GITHUB)}", "{provider("gitlab.com")}"]', f"{GITHUB}:sub", "repo:a/*", True),
    ],
)
def test_a_condition_that_holds_without_its_key_bounds_by_claims_that_all_tokens_have(
    operator: str, federated: str, claim: str, value: str, truth: bool | None, tmp_path: Path
) -> None:
    found = admitted(tmp_path, statement(federated, sub(f'"{value}"', operator, claim)))
    assert [answer for _, answer in found] == ([] if truth is False else [truth])


def test_nobody_has_a_token_without_a_subject(tmp_path: Path) -> None:
    assert admitted(tmp_path, statement(condition=sub('"true"', "Null"))) == []
    owner = sub('"true"', "Null", f"{GITHUB}:repository_owner")
    assert admitted(tmp_path, statement(condition=owner)) == [("GitHub Actions", True)]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"federated": "var.text"}, [("any identity provider", None)]),
        ({"federated": f'["{provider(GITHUB)}", var.text]'}, None),
        (
            {"federated": f'var.own ? "{provider(GITHUB)}" : "{provider("own.example")}"'},
            [("GitHub Actions", None)],
        ),
        ({"action": "var.text"}, None),
        ({"effect": "var.text"}, [("GitHub Actions", None)]),
        ({"action": '"sts:*"'}, [("GitHub Actions", True)]),
        ({"action": '["sts:AssumeRole", "sts:TagSession"]'}, []),
        ({"federated": '"*"'}, [("any identity provider", True)]),
    ],
)
def test_what_is_not_known_of_a_statement_stays_open(
    changes: dict[str, str], expected: list[tuple[str, bool | None]] | None, tmp_path: Path
) -> None:
    found = admitted(tmp_path, statement(**changes))
    if expected is None:
        assert found
    else:
        assert found == expected


@pytest.mark.parametrize(
    ("deny", "stopped"),
    [
        (statement(condition=sub('"repo:acme/*"', "StringNotLike"), effect='"Deny"'), True),
        (statement(effect='"Deny"'), True),
        # These leave some out: others of the same name, whoever lacks it, another action.
        (statement(condition=sub('"repo:acme*"', "StringNotLike"), effect='"Deny"'), False),
        (statement(condition=sub('"repo:evil/*"'), effect='"Deny"'), False),
        (
            statement(
                condition=sub(
                    '"acme"', "ForAnyValue:StringNotEquals", f"{GITHUB}:repository_owner"
                ),
                effect='"Deny"',
            ),
            False,
        ),
        # Nobody lacks a subject.
        (
            statement(condition=sub('"repo:acme/*"', "ForAnyValue:StringNotLike"), effect='"Deny"'),
            True,
        ),
        (statement(condition=sub('"false"', "Null"), effect='"Deny"'), True),
        (statement(condition=sub('"true"', "Null"), effect='"Deny"'), False),
        (statement(action='"sts:AssumeRole"', effect='"Deny"'), False),
        (statement(federated='"accounts.google.com"', effect='"Deny"'), False),
    ],
)
def test_a_deny_stops_whom_it_does_not_spare(deny: str, stopped: bool, tmp_path: Path) -> None:
    found = admitted(tmp_path, statement(), deny)
    assert found == ([] if stopped else [("GitHub Actions", True)])


def test_an_undecided_deny_leaves_it_open(tmp_path: Path) -> None:
    deny = statement(condition=sub('"repo:${var.text}/*"', "StringNotLike"), effect='"Deny"')
    assert admitted(tmp_path, statement(), deny) == [("GitHub Actions", None)]


@pytest.mark.parametrize(
    ("amr", "truth"),
    [('"authenticated"', False), ('"auth*"', False), ('"*"', None), ('"unauthenticated"', None)],
)
def test_guests_of_an_identity_pool(amr: str, truth: bool | None, tmp_path: Path) -> None:
    pool = "cognito-identity.amazonaws.com"
    condition = (
        f'{{ StringEquals = {{ "{pool}:aud" = "eu-west-1:0" }}, '
        f'"ForAnyValue:StringLike" = {{ "{pool}:amr" = {amr} }} }}'
    )
    found = admitted(tmp_path, statement(f'"{pool}"', condition))
    assert found == ([] if truth is False else [("Amazon Cognito", truth)])


@pytest.mark.parametrize(
    ("host", "truth"),
    [
        ("oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE", True),
        ("oidc.eks.cn-north-1.amazonaws.com.cn/id/EXAMPLE", True),
        ("oidc.eks.${var.text}.amazonaws.com/id/${var.list}", True),
        ("${var.text}", None),
        ("example.okta.com", False),
        (f"{GITHUB}/acme", False),
    ],
)
def test_whose_issuer_it_is(host: str, truth: bool | None, tmp_path: Path) -> None:
    found = admitted(tmp_path, statement(f'"{provider(host)}"'))
    assert [answer for _, answer in found] == ([] if truth is False else [truth])


TWO = f'["{provider(GITHUB)}", "{provider("gitlab.com")}"]'
SAML_ARN = '"arn:aws:iam::123456789012:saml-provider/corporate"'
UNKNOWN_PRINCIPALS = [
    ("var.map", WEB, ["any identity provider"]),
    ("var.map", '"sts:AssumeRoleWithSAML"', ["the SAML provider"]),
    # Who may do what, both of which nobody knows, is no news.
    ("var.map", "var.text", []),
    ("var.map", '"sts:AssumeRole"', []),
    (f'var.own == "a" ? {{ Federated = {TWO} }} : null', WEB, ["GitHub Actions", "GitLab.com"]),
    (f'{{ Federated = var.own == "a" ? {TWO} : null }}', WEB, ["GitHub Actions", "GitLab.com"]),
    (f'{{ Federated = var.own == "a" ? [{SAML_ARN}] : null }}', '"sts:*"', ["the SAML provider"]),
    ('var.own == "a" ? { Service = "ec2.amazonaws.com" } : null', WEB, []),
]


@pytest.mark.parametrize(("principal", "action", "expected"), UNKNOWN_PRINCIPALS)
def test_whom_a_principal_that_is_not_known_may_name(
    principal: str, action: str, expected: list[str], tmp_path: Path
) -> None:
    written = f'{{ Effect = "Allow", Action = {action}, Principal = {principal} }}'
    assert admitted(tmp_path, written) == [(name, None) for name in expected]


@pytest.mark.parametrize(
    ("variable", "expected"),
    [
        ("var.text", None),
        ('"${var.text}:sub"', None),
        ('var.own == "a" ? "${var.text}:sub" : null', None),
        # A name that ends otherwise is another one.
        ('"${var.text}:aud"', False),
        (f'"{GITHUB}:aud"', False),
        (f'"{GITHUB}:sub"', True),
    ],
)
def test_values_of_a_variable_that_is_not_known_may_join_those_of_another(
    variable: str, expected: bool | None, tmp_path: Path
) -> None:
    text = f"""{VARIABLES}{CHOICE}
data "aws_iam_policy_document" "trust" {{
  statement {{
    actions = ["sts:AssumeRoleWithWebIdentity"]
    principals {{
      type        = "Federated"
      identifiers = ["{provider(GITHUB)}"]
    }}
    condition {{
      test     = "StringLike"
      variable = "{GITHUB}:sub"
      values   = ["repo:acme/infra:*"]
    }}
    condition {{
      test     = "StringLike"
      variable = {variable}
      values   = ["*"]
    }}
  }}
}}
resource "aws_iam_role" "r" {{
  assume_role_policy = data.aws_iam_policy_document.trust.json
}}
"""
    made = graph(text, tmp_path)
    (role,) = made.all(Role)
    found = [one.answer.truth for one in federated_trust(made, role)]
    assert found == ([] if expected is False else [expected])


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("", [("any identity provider", None)]),
        ('{ StringEquals = { "${var.text}:aud" = "x" } }', [("any identity provider", None)]),
        (sub('"repo:*"'), [("GitHub Actions", True)]),
        (sub('"repo:acme/infra:*"'), []),
        (sub('"x"', claim="example.com:sub"), []),
    ],
)
def test_the_keys_of_conditions_name_a_provider_that_nobody_knows(
    condition: str, expected: list[tuple[str, bool | None]], tmp_path: Path
) -> None:
    assert admitted(tmp_path, statement("var.text", condition)) == expected
