"""Cases of the classes in ``resources/provider.py``."""

from __future__ import annotations

from tests.graph.declarations import Plain
from tests.resources.case import Case, Single

ROLE: dict[str, Plain] = {
    "role_arn": "arn:aws:iam::111122223333:role/deploy",
    "external_id": "x",
    "session_name": "s",
    "policy": "{}",
}
WEB_ROLE: dict[str, Plain] = {
    "role_arn": "arn:aws:iam::111122223333:role/deploy",
    "web_identity_token": "t",
    "web_identity_token_file": "/t",
}
ROLE_FIELDS: dict[str, object] = {**ROLE}
WEB_ROLE_FIELDS: dict[str, object] = {**WEB_ROLE}
COMMON_TF: dict[str, Plain] = {
    "access_key": "AKIAIOSFODNN7EXAMPLE",
    "secret_key": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    "token": "t",
    "profile": "deploy",
    "region": "eu-central-1",
    "allowed_account_ids": ["111122223333"],
    "forbidden_account_ids": ["444455556666"],
    "assume_role": [ROLE],
    "assume_role_with_web_identity": [WEB_ROLE],
    "skip_credentials_validation": True,
    "skip_metadata_api_check": True,
    "skip_region_validation": True,
    "skip_requesting_account_id": True,
}
COMMON_FIELDS: dict[str, object] = {
    **{name: value for name, value in COMMON_TF.items() if not name.startswith("assume")},
    "assumed_roles": [ROLE_FIELDS],
    "assumed_roles_by_web_identity": [WEB_ROLE_FIELDS],
}

CASES: list[Case] = [
    Single("terraform.provider_lock", {"version": "5.94.1"}, {"version": "5.94.1"}),
    Single(
        "provider.aws",
        {
            **COMMON_TF,
            "alias": "west",
            "version": "~> 2.70",
            "default_tags": [{"tags": {"team": "a"}}],
            "ec2_metadata_service_endpoint": "http://169.254.169.254",
            "http_proxy": "http://proxy.example.com",
            "insecure": True,
            "use_fips_endpoint": True,
            "shared_config_files": ["~/.aws/config"],
            "shared_credentials_files": ["~/.aws/credentials"],
            "endpoints": [{"sts": "http://localhost:4566"}],
        },
        {
            **COMMON_FIELDS,
            "alias": "west",
            "version": "~> 2.70",
            "default_tags": {"team": "a"},
            "metadata_endpoint": "http://169.254.169.254",
            "http_proxy": "http://proxy.example.com",
            "insecure": True,
            "use_fips_endpoint": True,
            "shared_config_files": ["~/.aws/config"],
            "shared_credentials_files": ["~/.aws/credentials"],
        },
    ),
]
