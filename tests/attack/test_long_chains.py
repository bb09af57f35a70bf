"""Chains of three hops and more, and what breaks each (semantics.md, E)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final, Literal

import pytest
from tests.attack.table_of_paths import NETWORK, TEMPLATE
from tests.attack.test_table_of_paths import LANGUAGES, checks
from tests.attack.two_languages import (
    ACCOUNT,
    ME,
    NOTHING,
    Both,
    admit,
    allow,
    arn,
    bucket,
    document,
    function,
    group,
    host,
    joined,
    managed_policy,
    of_role,
    of_service,
    profile,
    reads,
    resource,
    role,
    role_arn,
    secret,
    security_group,
    title,
    user,
)

from iac_ec2lint.answers.inputs import Inputs
from iac_ec2lint.answers.units import UnitWalk
from iac_ec2lint.engine.check import Verdict

Says = Literal["fails", "is undecided", "passes"]
Chain = Callable[[str], list[Both]]
CASES: Final[list[tuple[Chain, str, Says, Both]]] = []
VAULT: Final = Both("aws_secretsmanager_secret.vault", "Vault")
CROWN: Final = Both("aws_s3_bucket.crown", "Crown")
LAST: Final = Both("role aws_iam_role.c (", "role C (")
ADMIN: Final = allow("*")
MANAGED: Final = allow(["ssmmessages:CreateControlChannel", "ssm:UpdateInstanceInformation"])
GITHUB: Final = "token.actions.githubusercontent.com"


def ends_at(end: Both, **says: Says) -> Callable[[Chain], Chain]:
    """What is said of each variation of a chain; words are joined by underscores."""

    def told(chain: Chain) -> Chain:
        CASES.extend((chain, variation, said, end) for variation, said in says.items())
        return chain

    return told


def start(*statements: dict[str, object], who: dict[str, object] | None = None) -> Both:
    return role("start", [who or admit({"AWS": "*"})], *statements)


def assume(name: str) -> dict[str, object]:
    return allow("sts:AssumeRole", role_arn(name))


def passes_role(name: str, where: dict[str, dict[str, str]] | None = None) -> dict[str, object]:
    return allow("iam:PassRole", role_arn(name), where=where)


def way_out() -> Both:
    """What the agent of Systems Manager reaches its service by, from the subnet inside."""
    target = ("aws_nat_gateway.out.id", "!Ref Out")
    parts = [
        resource(("aws_eip", "AWS::EC2::EIP"), "address", {"domain": '"vpc"'}, {"Domain": "vpc"}),
        resource(
            ("aws_nat_gateway", "AWS::EC2::NatGateway"),
            "out",
            {"subnet_id": "aws_subnet.public.id", "allocation_id": "aws_eip.address.id"},
            {"SubnetId": "!Ref Public", "AllocationId": "!GetAtt Address.AllocationId"},
        ),
        routes("inside", "v", "0.0.0.0/0", ("nat_gateway_id", "NatGatewayId"), target),
    ]
    return joined(parts)


def routes(
    subnet: str, vpc: str, to: str, kind: tuple[str, str], target: tuple[str, str] = ("", "")
) -> Both:
    """A route table of a subnet, with one route where it has a target."""
    own, ids = f"{subnet}_table", ("Vpc" if vpc == "v" else vpc.title())
    parts = [
        resource(
            ("aws_route_table", "AWS::EC2::RouteTable"),
            own,
            {"vpc_id": f"aws_vpc.{vpc}.id"},
            {"VpcId": f"!Ref {ids}"},
        ),
        resource(
            ("aws_route_table_association", "AWS::EC2::SubnetRouteTableAssociation"),
            f"{subnet}_association",
            {"subnet_id": f"aws_subnet.{subnet}.id", "route_table_id": f"aws_route_table.{own}.id"},
            {"SubnetId": f"!Ref {subnet.title()}", "RouteTableId": f"!Ref {subnet.title()}Table"},
        ),
    ]
    if target[0]:
        parts.append(route(f"{subnet}_route", f"{subnet}_table", to, kind, target))
    return joined(parts)


def route(name: str, table: str, to: str, kind: tuple[str, str], target: tuple[str, str]) -> Both:
    ids = "Routes" if table == "t" else "".join(part.title() for part in table.split("_"))
    return resource(
        ("aws_route", "AWS::EC2::Route"),
        name,
        {
            "route_table_id": f"aws_route_table.{table}.id",
            "destination_cidr_block": f'"{to}"',
            kind[0]: target[0],
        },
        {"RouteTableId": f"!Ref {ids}", "DestinationCidrBlock": to, kind[1]: target[1]},
    )


@ends_at(VAULT, whole="fails", denied="passes", of_the_other="passes", bounded="passes")
def pipeline_to_function(variation: str) -> list[Both]:
    """Any repository > writes a trust policy > changes a function > its role reads."""
    named = {"StringEquals": {f"{GITHUB}:aud": "sts.amazonaws.com"}}
    provider = arn("aws_iam_openid_connect_provider", "github")
    who = admit({"Federated": provider}, "sts:AssumeRoleWithWebIdentity", Condition=named)
    writes = allow("iam:UpdateAssumeRolePolicy", role_arn("b"))
    denied = allow("iam:UpdateAssumeRolePolicy", effect="Deny")
    return [
        resource(
            ("aws_iam_openid_connect_provider", "AWS::IAM::OIDCProvider"),
            "github",
            {"url": f'"https://{GITHUB}"', "client_id_list": '["sts.amazonaws.com"]'},
            {"Url": f"https://{GITHUB}", "ClientIdList": "[sts.amazonaws.com]"},
        ),
        start(writes, *([denied] if variation == "denied" else []), who=who),
        role(
            "b",
            [of_service("ec2")],
            allow("lambda:UpdateFunctionCode", arn("aws_lambda_function", "f")),
        ),
        function("f", "c"),
        managed_policy("limit", allow("logs:*")),
        role(
            "c",
            [of_service("lambda")],
            reads("other" if variation == "of_the_other" else "vault"),
            boundary="limit" if variation == "bounded" else "",
        ),
        secret("vault"),
        secret("other"),
    ]


@ends_at(
    VAULT,
    whole="fails",
    passed_to_another="passes",
    unmanaged="passes",
    without_metadata="passes",
    trusting_another="passes",
)
def schedule_to_host(variation: str) -> list[Both]:
    """Anybody > a schedule with a role > commands on a host > its role reads."""
    service = "ec2" if variation == "passed_to_another" else "scheduler"
    named = {"StringEquals": {"iam:PassedToService": f"{service}.amazonaws.com"}}
    trusted = "lambda" if variation == "trusting_another" else "scheduler"
    return [
        start(allow("scheduler:CreateSchedule"), passes_role("b", named)),
        role("b", [of_service(trusted)], allow("ssm:SendCommand")),
        way_out(),
        security_group("shut"),
        host(
            "inner",
            "shut",
            profile="c",
            endpoint="disabled" if variation == "without_metadata" else "enabled",
        ),
        role(
            "c",
            [of_service("ec2")],
            reads("vault"),
            *([] if variation == "unmanaged" else [MANAGED]),
        ),
        profile("c"),
        secret("vault"),
    ]


@ends_at(VAULT, whole="fails", bounded="passes", denied="passes", taking_it_off="fails")
def boundary_midway(variation: str) -> list[Both]:
    """Anybody > a role with a permissions boundary > a role that reads."""
    limits = {
        "whole": [allow(["sts:AssumeRole", "s3:*"])],
        "bounded": [allow("s3:*")],
        "denied": [allow("*"), allow("sts:*", effect="Deny")],
        "taking_it_off": [allow(["s3:*", "iam:*"])],
    }
    lifts = [allow("iam:DeleteRolePermissionsBoundary", role_arn("b"))]
    return [
        start(assume("b")),
        managed_policy("limit", *limits[variation]),
        role(
            "b",
            [of_role("start")],
            assume("c"),
            *(lifts if variation == "taking_it_off" else []),
            boundary="limit",
        ),
        role("c", [of_role("b")], reads("vault")),
        secret("vault"),
    ]


@ends_at(
    CROWN,
    whole="fails",
    not_passing="passes",
    passing_another="passes",
    of_another_user="passes",
    denied="passes",
)
def task_to_user(variation: str) -> list[Both]:
    """A login > a task that is there > keys of a user > who reads."""
    passing = [passes_role("x" if variation == "passing_another" else "b")]
    denied = [allow("ecs:*", effect="Deny")] if variation == "denied" else []
    keys_of = arn("aws_iam_user", "w" if variation == "of_another_user" else "u")
    objects = Both('"${aws_s3_bucket.crown.arn}/*"', '!Sub "${Crown.Arn}/*"')
    return [
        security_group("open", 22, "0.0.0.0/0"),
        host("web", "open", "public", profile="start"),
        start(
            allow("ecs:RunTask"),
            *([] if variation == "not_passing" else passing),
            *denied,
            who=of_service("ec2"),
        ),
        profile("start"),
        resource(
            ("aws_ecs_task_definition", "AWS::ECS::TaskDefinition"),
            "t",
            {
                "family": '"t"',
                "task_role_arn": "aws_iam_role.b.arn",
                "container_definitions": 'jsonencode([{ name = "a", image = "a" }])',
            },
            {
                "Family": "t",
                "TaskRoleArn": "!GetAtt B.Arn",
                "ContainerDefinitions": "[{Name: a, Image: a}]",
            },
        ),
        role("x", [of_service("ecs-tasks")]),
        role("b", [of_service("ecs-tasks")], allow("iam:CreateAccessKey", keys_of)),
        user("w"),
        user("u", allow("s3:GetObject", objects)),
        bucket("crown"),
    ]


@ends_at(VAULT, whole="fails", no_member="passes", trusting_another="passes", denied="passes")
def member_of_a_group(variation: str) -> list[Both]:
    """Anybody > keys of a user > what the group may > a role that reads."""
    trust = of_role("x") if variation == "trusting_another" else admit({"AWS": ACCOUNT})
    denied = [allow("sts:AssumeRole", effect="Deny")] if variation == "denied" else []
    return [
        ME,
        start(allow("iam:CreateAccessKey", arn("aws_iam_user", "dev"))),
        user("dev", *denied, group="" if variation == "no_member" else "ops"),
        group("ops", assume("c")),
        role("c", [trust], reads("vault")),
        role("x", [of_service("ec2")]),
        secret("vault"),
    ]


@ends_at(
    VAULT, whole="fails", naming_another="passes", of_the_account="fails", not_decrypting="passes"
)
def key_policy_alone(variation: str) -> list[Both]:
    """Anybody > a role > a secret under a key of which its own policy decides."""
    who = {"whole": role_arn("b"), "naming_another": role_arn("x")}.get(variation, ACCOUNT)
    does = "kms:Decrypt" if variation == "whole" else "kms:*"
    policy = document(admit({"AWS": who}, does, Resource="*"))
    decrypts = [allow("kms:Decrypt", arn("aws_kms_key", "k"))]
    return [
        ME,
        start(assume("b")),
        role(
            "b",
            [of_role("start")],
            reads("vault"),
            *([] if variation == "not_decrypting" else decrypts),
        ),
        role("x", [of_service("ec2")]),
        resource(
            ("aws_kms_key", "AWS::KMS::Key"),
            "k",
            {"policy": policy.hcl},
            {"KeyPolicy": policy.yaml},
        ),
        secret("vault", "k"),
    ]


@ends_at(
    LAST,
    whole="fails",
    adding_alone="passes",
    trusting_another="passes",
    not_passing="passes",
    without_profile="passes",
    making_a_profile="fails",
    also_of_others="is undecided",
)
def swapped_profile(variation: str) -> list[Both]:
    """A forged request > another profile for the same host > a role that is an administrator."""
    swaps = ["ec2:AssociateIamInstanceProfile", "ec2:ReplaceIamInstanceProfileAssociation"]
    makes = [allow(["iam:CreateInstanceProfile", "iam:AddRoleToInstanceProfile"])]
    who = of_service("ec2")
    if variation == "also_of_others":
        who = admit({"Service": "ec2.amazonaws.com", "AWS": role_arn("x")})
    return [
        security_group("open", 443, "0.0.0.0/0"),
        host("web", "open", "public", profile="start", tokens="optional"),
        start(
            # A host that has a profile takes no second one.
            allow(swaps[:1] if variation == "adding_alone" else swaps),
            *([] if variation == "not_passing" else [passes_role("b")]),
            *(makes if variation == "making_a_profile" else []),
            who=who,
        ),
        profile("start"),
        role(
            "b",
            [of_service("lambda" if variation == "trusting_another" else "ec2")],
            assume("c"),
        ),
        *([] if variation in {"without_profile", "making_a_profile"} else [profile("b")]),
        role("x", [of_service("ec2")]),
        role("c", [of_role("b")], ADMIN),
    ]


@ends_at(
    LAST,
    whole="fails",
    of_its_tag="fails",
    of_another_tag="passes",
    of_a_tag_that_may_change="is undecided",
    without_metadata="passes",
)
def root_volume_by_tag(variation: str) -> list[Both]:
    """Anybody > a host's root volume > its role > an administrator."""
    named = {"StringEquals": {"ec2:ResourceTag/team": "a"}}
    free = variation in {"whole", "without_metadata"}
    tagger = user("tagger", allow("ec2:CreateTags"))
    return [
        start(allow("ec2:CreateReplaceRootVolumeTask", where=None if free else named)),
        security_group("shut"),
        host(
            "inner",
            "shut",
            profile="b",
            tags={"team": "z" if variation.startswith("of_a") else "a"},
            endpoint="disabled" if variation == "without_metadata" else "enabled",
        ),
        role("b", [of_service("ec2")], assume("c")),
        profile("b"),
        role("c", [of_role("b")], ADMIN),
        tagger if variation == "of_a_tag_that_may_change" else NOTHING,
    ]


@ends_at(
    VAULT,
    whole="fails",
    of_another_build="passes",
    trusting_another="passes",
    idle="passes",
    of_one_that_is_there="fails",
    of_one_of_another_role="passes",
)
def state_machine_to_build(variation: str) -> list[Both]:
    """Anybody > a state machine with a role > a build > its role reads."""
    starts = ["states:CreateStateMachine", "states:StartExecution"]
    which = "q" if variation == "of_another_build" else "p"
    trusted = "events" if variation == "trusting_another" else "states"
    begins = [allow(starts[:1] if variation == "idle" else starts), passes_role("b")]
    if variation.startswith("of_one"):
        machine = Both("aws_sfn_state_machine.m.arn", "!Ref M")
        begins = [allow(["states:UpdateStateMachine", "states:StartExecution"], machine)]
    runs_as = "x" if variation == "of_one_of_another_role" else "b"
    return [
        start(*begins),
        resource(
            ("aws_sfn_state_machine", "AWS::StepFunctions::StateMachine"),
            "m",
            {"role_arn": f"aws_iam_role.{runs_as}.arn", "definition": '"{}"'},
            {"RoleArn": f"!GetAtt {title(runs_as)}.Arn", "DefinitionString": '"{}"'},
        ),
        role(
            "b",
            [of_service(trusted)],
            allow("codebuild:StartBuild", arn("aws_codebuild_project", which)),
        ),
        build("p", "c"),
        build("q", "x"),
        role("x", [of_service("codebuild")]),
        role("c", [of_service("codebuild")], reads("vault")),
        secret("vault"),
    ]


def build(name: str, runs_as: str) -> Both:
    return resource(
        ("aws_codebuild_project", "AWS::CodeBuild::Project"),
        name,
        {"name": f'"{name}"', "service_role": f"aws_iam_role.{runs_as}.arn"},
        {"Name": name, "ServiceRole": f"!GetAtt {runs_as.title()}.Arn"},
    )


@ends_at(
    VAULT,
    whole="fails",
    on_a_service_port="passes",
    from_another_group="passes",
    without_metadata="passes",
    trusting_another="passes",
)
def jump_host(variation: str) -> list[Both]:
    """A login > a host inside > its role > a role that reads."""
    port = 443 if variation == "on_a_service_port" else 22
    endpoint = "disabled" if variation == "without_metadata" else "enabled"
    trust = of_role("x" if variation == "trusting_another" else "b")
    return [
        security_group("open", 22, "0.0.0.0/0"),
        security_group("other"),
        host("jump", "open", "public"),
        security_group("within", port, "other" if variation == "from_another_group" else "open"),
        host("inner", "within", profile="b", endpoint=endpoint),
        role("b", [of_service("ec2")], assume("c")),
        profile("b"),
        role("x", [of_service("ec2")]),
        role("c", [trust], reads("vault")),
        secret("vault"),
    ]


@ends_at(
    CROWN,
    whole="fails",
    without_a_way_back="passes",
    without_a_way="passes",
    of_another_range="passes",
    not_changing="passes",
)
def across_a_peering(variation: str) -> list[Both]:
    """A login > a host in another VPC > its role > the policy of a bucket."""
    kind = ("vpc_peering_connection_id", "VpcPeeringConnectionId")
    target = ("aws_vpc_peering_connection.p.id", "!Ref P")
    back = ("", "") if variation == "without_a_way_back" else target
    there = route("there", "t", "10.7.0.0/16", kind, target)
    source = "10.9.0.0/16" if variation == "of_another_range" else "10.0.1.0/24"
    action = "s3:GetBucketPolicy" if variation == "not_changing" else "s3:PutBucketPolicy"
    return [
        security_group("open", 22, "0.0.0.0/0"),
        host("jump", "open", "public"),
        resource(
            ("aws_vpc", "AWS::EC2::VPC"),
            "w",
            {"cidr_block": '"10.7.0.0/16"'},
            {"CidrBlock": "10.7.0.0/16"},
        ),
        resource(
            ("aws_subnet", "AWS::EC2::Subnet"),
            "far",
            {"vpc_id": "aws_vpc.w.id", "cidr_block": '"10.7.1.0/24"'},
            {"VpcId": "!Ref W", "CidrBlock": "10.7.1.0/24"},
        ),
        resource(
            ("aws_vpc_peering_connection", "AWS::EC2::VPCPeeringConnection"),
            "p",
            {"vpc_id": "aws_vpc.v.id", "peer_vpc_id": "aws_vpc.w.id", "auto_accept": "true"},
            {"VpcId": "!Ref Vpc", "PeerVpcId": "!Ref W"},
        ),
        routes("far", "w", "10.0.0.0/16", kind, back),
        NOTHING if variation == "without_a_way" else there,
        security_group("within", 22, source, vpc="w"),
        host("inner", "within", "far", profile="b"),
        role("b", [of_service("ec2")], allow(action, arn("aws_s3_bucket", "crown"))),
        profile("b"),
        bucket("crown"),
    ]


@ends_at(LAST, whole="fails", trusting_another="passes", not_attached="passes", denied="passes")
def policy_version(variation: str) -> list[Both]:
    """Anybody > a role > a new version of the policy of one that it may assume."""
    policy = Both("aws_iam_policy.p.arn", "!Ref P")
    denied = [allow("iam:*", effect="Deny")] if variation == "denied" else []
    return [
        start(assume("b")),
        role(
            "b", [of_role("start")], assume("c"), allow("iam:CreatePolicyVersion", policy), *denied
        ),
        managed_policy(
            "p",
            allow("logs:PutLogEvents"),
            attached="x" if variation == "not_attached" else "c",
        ),
        role("x", [of_service("ec2")]),
        role("c", [of_role("x" if variation == "trusting_another" else "b")]),
    ]


@ends_at(VAULT, whole="fails", by_name="passes", of_all_but_one="passes")
def trust_that_denies(variation: str) -> list[Both]:
    """Anybody > a role > one that trusts the account, but for some."""
    others = {"ArnNotEquals": {"aws:PrincipalArn": role_arn("x")}}
    denials = {
        "whole": [],
        "by_name": [admit({"AWS": role_arn("b")}, effect="Deny")],
        "of_all_but_one": [admit({"AWS": "*"}, effect="Deny", Condition=others)],
    }
    return [
        ME,
        start(assume("b")),
        role("b", [of_role("start")], assume("c")),
        role("x", [of_service("ec2")]),
        role("c", [admit({"AWS": ACCOUNT}), *denials[variation]], reads("vault")),
        secret("vault"),
    ]


@ends_at(VAULT, whole="fails", of_another="passes", of_one_that_may_change="is undecided")
def command_by_tag(variation: str) -> list[Both]:
    """Anybody > a role > commands on hosts of a tag > the role of one."""
    named = {"StringEquals": {"ssm:resourceTag/env": "dev"}}
    return [
        start(assume("a")),
        role(
            "a",
            [of_role("start")],
            allow("ssm:SendCommand", where=named),
            allow("ssm:SendCommand", "arn:aws:ssm:*:*:document/*"),
        ),
        way_out(),
        security_group("shut"),
        host("inner", "shut", profile="b", tags={"env": "dev" if variation == "whole" else "prod"}),
        role("b", [of_service("ec2")], MANAGED, reads("vault")),
        profile("b"),
        secret("vault"),
        user("tagger", allow("ec2:CreateTags")) if "change" in variation else NOTHING,
    ]


@ends_at(
    CROWN,
    whole="fails",
    signed="passes",
    warned="fails",
    signing="fails",
    by_a_layer="fails",
    by_a_layer_of_its_own="passes",
    not_changing="passes",
)
def function_to_function(variation: str) -> list[Both]:
    """Anybody > the code of a function > that of another > the policy of a bucket."""
    signing = "signing" if variation in {"signed", "warned", "signing"} else ""
    mode = "Warn" if variation == "warned" else "Enforce"
    publisher = "arn:aws:signer:eu-west-1:111122223333:/signing-profiles/p/v"
    owned = "dull" if variation == "not_changing" else "crown"
    takes_off = [allow("lambda:DeleteFunctionCodeSigningConfig")]
    layer = "arn:aws:lambda:*:111122223333:layer:own:*" if "own" in variation else "*"
    changes = [allow("lambda:UpdateFunctionCode", arn("aws_lambda_function", "f"))]
    if variation.startswith("by_a_layer"):
        changes = [
            allow("lambda:UpdateFunctionConfiguration", arn("aws_lambda_function", "f")),
            allow("lambda:GetLayerVersion", layer),
        ]
    return [
        start(*changes),
        function("f", "b"),
        role(
            "b",
            [of_service("lambda")],
            allow("lambda:UpdateFunctionCode", arn("aws_lambda_function", "g")),
            *(takes_off if variation == "signing" else []),
        ),
        function("g", "c", signing),
        Both(
            f"""resource "aws_lambda_code_signing_config" "signing" {{
  allowed_publishers {{
    signing_profile_version_arns = ["{publisher}"]
  }}
  policies {{
    untrusted_artifact_on_deployment = "{mode}"
  }}
}}
""",
            f"""  Signing:
    Type: AWS::Lambda::CodeSigningConfig
    Properties:
      AllowedPublishers: {{SigningProfileVersionArns: ["{publisher}"]}}
      CodeSigningPolicies: {{UntrustedArtifactOnDeployment: {mode}}}
""",
        ),
        role(
            "c",
            [of_service("lambda")],
            allow("s3:PutBucketPolicy", arn("aws_s3_bucket", owned)),
        ),
        bucket("crown"),
        bucket("dull", classified=False),
    ]


@ends_at(VAULT, whole="fails", naming_another="passes", denied="passes", written_anew="fails")
def policy_of_a_secret(variation: str) -> list[Both]:
    """Anybody > a role > another > a secret whose policy lets it in."""
    others = {"ArnNotEquals": {"aws:PrincipalArn": role_arn("x")}}
    named = role_arn("x" if variation in {"naming_another", "written_anew"} else "c")
    statements = [admit({"AWS": named}, "secretsmanager:GetSecretValue", Resource="*")]
    if variation == "denied":
        denial = admit("*", "secretsmanager:*", effect="Deny", Resource="*", Condition=others)
        statements.append(denial)
    policy = document(*statements)
    thing = Both("aws_secretsmanager_secret.vault.arn", "!Ref Vault")
    own = {
        "denied": [reads("vault")],
        "written_anew": [allow("secretsmanager:PutResourcePolicy", thing)],
    }
    return [
        start(assume("b")),
        role("b", [of_role("start")], assume("c")),
        role("x", [of_service("ec2")]),
        role("c", [of_role("b")], *own.get(variation, [])),
        secret("vault"),
        resource(
            ("aws_secretsmanager_secret_policy", "AWS::SecretsManager::ResourcePolicy"),
            "vault_policy",
            {"secret_arn": thing.hcl, "policy": policy.hcl},
            {"SecretId": "!Ref Vault", "ResourcePolicy": policy.yaml},
        ),
    ]


ACL: Final = Both(
    """
resource "aws_network_acl" "inside" {
  vpc_id     = aws_vpc.v.id
  subnet_ids = [aws_subnet.inside.id]
  ingress {
    rule_no    = 100
    action     = "allow"
    protocol   = "tcp"
    from_port  = 443
    to_port    = 443
    cidr_block = "0.0.0.0/0"
  }
  egress {
    rule_no    = 100
    action     = "allow"
    protocol   = "-1"
    from_port  = 0
    to_port    = 0
    cidr_block = "0.0.0.0/0"
  }
}
""",
    """
  Acl: {Type: AWS::EC2::NetworkAcl, Properties: {VpcId: !Ref Vpc}}
  AclIn:
    Type: AWS::EC2::NetworkAclEntry
    Properties:
      NetworkAclId: !Ref Acl
      RuleNumber: 100
      RuleAction: allow
      Protocol: 6
      PortRange: {From: 443, To: 443}
      CidrBlock: 0.0.0.0/0
  AclOut:
    Type: AWS::EC2::NetworkAclEntry
    Properties:
      NetworkAclId: !Ref Acl
      RuleNumber: 100
      RuleAction: allow
      Protocol: -1
      Egress: true
      CidrBlock: 0.0.0.0/0
  AclAssociation:
    Type: AWS::EC2::SubnetNetworkAclAssociation
    Properties: {SubnetId: !Ref Inside, NetworkAclId: !Ref Acl}
""",
)


@ends_at(VAULT, whole="fails", under_an_acl="passes", on_a_service_port="passes", plain="passes")
def two_jumps(variation: str) -> list[Both]:
    """A login > a host inside > another > its role > a role that reads."""
    port = 443 if variation == "on_a_service_port" else 22
    return [
        security_group("open", 22, "0.0.0.0/0"),
        host("jump", "open", "public"),
        security_group("within", 22, "open"),
        host("inner", "within"),
        security_group("further", port, "within"),
        host("deep", "further", profile="" if variation == "plain" else "b"),
        role("b", [of_service("ec2")], assume("c")),
        profile("b"),
        role("c", [of_role("b")], reads("vault")),
        secret("vault"),
        ACL if variation == "under_an_acl" else NOTHING,
    ]


@ends_at(
    Both("aws_db_instance.store", "Store"),
    whole="fails",
    from_another_group="passes",
    on_another_port="passes",
    unmanaged="passes",
)
def commanded_to_a_store(variation: str) -> list[Both]:
    """Anybody > a role > commands on a host inside > what it connects to."""
    source = "other" if variation == "from_another_group" else "shut"
    return [
        start(assume("a")),
        role("a", [of_role("start")], allow("ssm:SendCommand")),
        way_out(),
        security_group("shut"),
        security_group("other"),
        host("inner", "shut", profile="b"),
        role("b", [of_service("ec2")], *([] if variation == "unmanaged" else [MANAGED])),
        profile("b"),
        security_group("data", 3306 if variation == "on_another_port" else 5432, source),
        resource(
            ("aws_db_subnet_group", "AWS::RDS::DBSubnetGroup"),
            "d",
            {"subnet_ids": "[aws_subnet.inside.id]"},
            {"DBSubnetGroupDescription": "d", "SubnetIds": "[!Ref Inside]"},
        ),
        resource(
            ("aws_db_instance", "AWS::RDS::DBInstance"),
            "store",
            {
                "engine": '"postgres"',
                "db_subnet_group_name": "aws_db_subnet_group.d.name",
                "vpc_security_group_ids": "[aws_security_group.data.id]",
            },
            {
                "Engine": "postgres",
                "DBSubnetGroupName": "!Ref D",
                "VPCSecurityGroups": "[!Ref Data]",
            },
        ),
    ]


@ends_at(
    VAULT,
    whole="fails",
    off="passes",
    turning_it_on="fails",
    without_a_service="passes",
    without_the_channel="passes",
    of_another_cluster="is undecided",
)
def container_of_a_service(variation: str) -> list[Both]:
    """Anybody > a role > a shell in a task > its role reads."""
    on = str(variation not in {"off", "turning_it_on"}).lower()
    where = "arn:aws:ecs:*:*:task/prod/*" if variation == "of_another_cluster" else "*"
    turns_on = [allow("ecs:UpdateService")] if variation == "turning_it_on" else []
    channel = [allow("ssmmessages:*")] if variation != "without_the_channel" else []
    service = resource(
        ("aws_ecs_service", "AWS::ECS::Service"),
        "s",
        {
            "name": '"s"',
            "task_definition": "aws_ecs_task_definition.t.arn",
            "enable_execute_command": on,
        },
        {"TaskDefinition": "!Ref T", "EnableExecuteCommand": on},
    )
    return [
        start(assume("a")),
        role("a", [of_role("start")], allow("ecs:ExecuteCommand", where), *turns_on),
        resource(
            ("aws_ecs_task_definition", "AWS::ECS::TaskDefinition"),
            "t",
            {"family": '"t"', "task_role_arn": "aws_iam_role.b.arn"},
            {"Family": "t", "TaskRoleArn": "!GetAtt B.Arn"},
        ),
        NOTHING if variation == "without_a_service" else service,
        role("b", [of_service("ecs-tasks")], reads("vault"), *channel),
        secret("vault"),
    ]


@ends_at(
    Both("aws_dynamodb_table.crown", "Crown"),
    whole="fails",
    without_backups="passes",
    turning_them_on="fails",
    nowhere="passes",
    to_its_own_bucket="passes",
    of_another_table="passes",
)
def exported_table(variation: str) -> list[Both]:
    """Anybody > a role > another > a table, exported to a bucket of anybody's."""
    table = arn("aws_dynamodb_table", "dull" if variation == "of_another_table" else "crown")
    turns_on = [allow("dynamodb:UpdateContinuousBackups", table)]
    own = Both('"${aws_s3_bucket.dull.arn}/*"', '!Sub "${Dull.Arn}/*"')
    writes = [allow("s3:PutObject", own if variation == "to_its_own_bucket" else "*")]
    kept = variation not in {"without_backups", "turning_them_on"}
    return [
        start(assume("b")),
        role("b", [of_role("start")], assume("c")),
        role(
            "c",
            [of_role("b")],
            allow("dynamodb:ExportTableToPointInTime", table),
            *(turns_on if variation == "turning_them_on" else []),
            *([] if variation == "nowhere" else writes),
        ),
        bucket("dull", classified=False),
        dynamodb_table("crown", classified=True, kept=kept),
        dynamodb_table("dull", classified=False, kept=True),
    ]


def dynamodb_table(name: str, *, classified: bool, kept: bool) -> Both:
    tags = ('{ DataClassification = "secret" }', "[{Key: DataClassification, Value: secret}]")
    plain = ("{}", "[]")
    made = resource(
        ("aws_dynamodb_table", "AWS::DynamoDB::Table"),
        name,
        {"name": f'"{name}"', "hash_key": '"id"', "tags": (tags if classified else plain)[0]},
        {
            "TableName": name,
            "KeySchema": "[{AttributeName: id, KeyType: HASH}]",
            "Tags": (tags if classified else plain)[1],
        },
    )
    if not kept:
        return made
    block = "  point_in_time_recovery {\n    enabled = true\n  }\n}\n"
    row = "      PointInTimeRecoverySpecification: {PointInTimeRecoveryEnabled: true}\n"
    return Both(made.hcl.removesuffix("}\n") + block, made.yaml + row)


@ends_at(VAULT, by_path="fails", by_suffix="fails", of_another_path="passes", listing="passes")
def secret_by_its_name(variation: str) -> list[Both]:
    """Anybody > a role > another > a secret of a name, behind which AWS puts six characters."""
    names = {"by_path": "prod/*", "by_suffix": "prod/vault-??????", "of_another_path": "dev/*"}
    named = f"arn:aws:secretsmanager:*:*:secret:{names.get(variation, '*')}"
    action = "ListSecrets" if variation == "listing" else "GetSecretValue"
    return [
        start(assume("b")),
        role("b", [of_role("start")], assume("c")),
        role("c", [of_role("b")], allow(f"secretsmanager:{action}", named)),
        resource(
            ("aws_secretsmanager_secret", "AWS::SecretsManager::Secret"),
            "vault",
            {"name": '"prod/vault"'},
            {"Name": "prod/vault"},
        ),
    ]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("chain", "variation", "says", "end"),
    [pytest.param(*case, id=f"{case[0].__name__}, {case[1]}") for case in CASES],
)
def test_a_chain_is_told(
    chain: Chain, variation: str, says: Says, end: Both, language: str, tmp_path: Path
) -> None:
    at = LANGUAGES.index(language)
    name, text = ("main.tf", NETWORK) if at == 0 else ("main.yaml", TEMPLATE)
    (tmp_path / name).write_text(text + joined(chain(variation))[at])
    walk = UnitWalk(Inputs(paths=(tmp_path,), working=tmp_path, boundary=tmp_path))
    [made] = walk.graphs()
    assert not walk.errors
    found = [
        one
        for one in checks()["PATH019"].examine(made.graph)
        if isinstance(one, Verdict) and end[at] in one.message
    ]
    said = "passes" if not found else "is undecided" if found[0].undecided else "fails"
    assert said == says
