"""Declarations in both languages at once: what chains of many hops are made of."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Final, NamedTuple


class Both(NamedTuple):
    """Declarations, or an expression in a policy, in either language."""

    hcl: str
    yaml: str


NOTHING: Final = Both("", "")


def _written(value: object, at: int) -> str:
    """A policy, or a part of one, in one of the languages."""
    if isinstance(value, Both):
        return value[at]
    sign = (" =", ":")[at]
    if isinstance(value, dict):
        members = (f"{json.dumps(key)}{sign} {_written(one, at)}" for key, one in value.items())
        return f"{{ {', '.join(members)} }}"
    if isinstance(value, list):
        return f"[{', '.join(_written(one, at) for one in value)}]"
    return json.dumps(value)


def document(*statements: dict[str, object]) -> Both:
    """A policy: an argument of Terraform's, and the value of a property."""
    whole = {"Version": "2012-10-17", "Statement": list(statements)}
    return Both(f"jsonencode({_written(whole, 0)})", _written(whole, 1))


def title(name: str) -> str:
    """The logical ID of what Terraform calls by a name."""
    return "".join(part.title() for part in name.split("_"))


def arn(kind: str, name: str) -> Both:
    """The ARN of something declared."""
    return Both(f"{kind}.{name}.arn", f"!GetAtt {title(name)}.Arn")


def role_arn(name: str) -> Both:
    """The ARN of a role."""
    return arn("aws_iam_role", name)


def allow(
    action: str | list[str],
    resource: object = "*",
    *,
    effect: str = "Allow",
    where: dict[str, dict[str, str]] | None = None,
) -> dict[str, object]:
    """A statement of an identity's policy."""
    limits = {"Condition": where} if where else {}
    return {"Effect": effect, "Action": action, "Resource": resource, **limits}


def admit(
    principal: object, action: str = "sts:AssumeRole", *, effect: str = "Allow", **more: object
) -> dict[str, object]:
    """A statement of the policy of a role or a thing."""
    return {"Effect": effect, "Action": action, "Principal": principal, **more}


def of_role(name: str) -> dict[str, object]:
    """A trust in one role of the unit."""
    return admit({"AWS": role_arn(name)})


def of_service(name: str) -> dict[str, object]:
    """A trust in a service."""
    return admit({"Service": f"{name}.amazonaws.com"})


ACCOUNT: Final = Both(
    '"arn:aws:iam::${data.aws_caller_identity.me.account_id}:root"',
    '!Sub "arn:aws:iam::${AWS::AccountId}:root"',
)
ME: Final = Both('data "aws_caller_identity" "me" {}\n', "")


def resource(kinds: tuple[str, str], name: str, hcl: dict[str, str], yaml: dict[str, str]) -> Both:
    """A resource of arguments and properties on a line each."""
    lines = "".join(f"  {key} = {value}\n" for key, value in hcl.items())
    rows = "".join(f"      {key}: {value}\n" for key, value in yaml.items())
    return Both(
        f'resource "{kinds[0]}" "{name}" {{\n{lines}}}\n',
        f"  {title(name)}:\n    Type: {kinds[1]}\n    Properties:\n{rows}",
    )


def _identity(
    kind: str,
    name: str,
    statements: tuple[dict[str, object], ...],
    hcl: dict[str, str],
    yaml: dict[str, str],
) -> Iterator[Both]:
    low, high = kind.lower(), kind
    yield resource(
        (f"aws_iam_{low}", f"AWS::IAM::{high}"),
        name,
        {"name": f'"{name}"', **hcl},
        {f"{high}Name": name, **yaml},
    )
    if statements:
        policy = document(*statements)
        yield resource(
            (f"aws_iam_{low}_policy", f"AWS::IAM::{high}Policy"),
            f"{name}_policy",
            {low: f"aws_iam_{low}.{name}.name", "policy": policy.hcl},
            {
                f"{high}Name": f"!Ref {title(name)}",
                "PolicyName": "p",
                "PolicyDocument": policy.yaml,
            },
        )


def joined(parts: Iterator[Both] | list[Both]) -> Both:
    """Several declarations as one."""
    every = list(parts)
    return Both("".join(one.hcl for one in every), "".join(one.yaml for one in every))


def role(
    name: str,
    trusts: list[dict[str, object]],
    *statements: dict[str, object],
    boundary: str = "",
) -> Both:
    """A role, and a policy of its own."""
    trust = document(*trusts)
    hcl, yaml = {"assume_role_policy": trust.hcl}, {"AssumeRolePolicyDocument": trust.yaml}
    if boundary:
        hcl["permissions_boundary"] = f"aws_iam_policy.{boundary}.arn"
        yaml["PermissionsBoundary"] = f"!Ref {title(boundary)}"
    return joined(_identity("Role", name, statements, hcl, yaml))


def user(name: str, *statements: dict[str, object], group: str = "") -> Both:
    """A user, and a policy of its own."""
    made = list(_identity("User", name, statements, {}, {}))
    if group:
        member = resource(
            ("aws_iam_user_group_membership", "AWS::IAM::UserToGroupAddition"),
            f"{name}_{group}",
            {"user": f"aws_iam_user.{name}.name", "groups": f"[aws_iam_group.{group}.name]"},
            {"GroupName": f"!Ref {title(group)}", "Users": f"[!Ref {title(name)}]"},
        )
        made.append(member)
    return joined(made)


def group(name: str, *statements: dict[str, object]) -> Both:
    """A group, and a policy of its own."""
    return joined(_identity("Group", name, statements, {}, {}))


def managed_policy(name: str, *statements: dict[str, object], attached: str = "") -> Both:
    """A managed policy, attached to a role where one is named."""
    policy = document(*statements)
    yaml = {"PolicyDocument": policy.yaml}
    if attached:
        yaml["Roles"] = f"[!Ref {title(attached)}]"
    made = resource(
        ("aws_iam_policy", "AWS::IAM::ManagedPolicy"), name, {"policy": policy.hcl}, yaml
    )
    hcl = (
        f'resource "aws_iam_role_policy_attachment" "{name}" {{\n'
        f"  role       = aws_iam_role.{attached}.name\n"
        f"  policy_arn = aws_iam_policy.{name}.arn\n}}\n"
    )
    return made._replace(hcl=made.hcl + hcl) if attached else made


def profile(name: str) -> Both:
    """The instance profile of a role."""
    return resource(
        ("aws_iam_instance_profile", "AWS::IAM::InstanceProfile"),
        f"{name}_profile",
        {"role": f"aws_iam_role.{name}.name"},
        {"Roles": f"[!Ref {title(name)}]"},
    )


def secret(name: str, key: str = "") -> Both:
    """A secret, under a key of the account's where one is named."""
    hcl, yaml = {"name_prefix": '"x"'}, {"Description": "x"}
    if key:
        hcl["kms_key_id"], yaml["KmsKeyId"] = f"aws_kms_key.{key}.arn", f"!GetAtt {title(key)}.Arn"
    return resource(("aws_secretsmanager_secret", "AWS::SecretsManager::Secret"), name, hcl, yaml)


def reads(name: str) -> dict[str, object]:
    """A statement that lets a secret be read."""
    thing = Both(f"aws_secretsmanager_secret.{name}.arn", f"!Ref {title(name)}")
    return allow("secretsmanager:GetSecretValue", thing)


def bucket(name: str, *, classified: bool = True) -> Both:
    """A bucket, with a tag that says that it is sensitive."""
    tags = ('{ DataClassification = "secret" }', "[{Key: DataClassification, Value: secret}]")
    hcl, yaml = {"bucket": f'"{name}-1"'}, {"BucketName": f"{name}-1"}
    if classified:
        hcl["tags"], yaml["Tags"] = tags
    return resource(("aws_s3_bucket", "AWS::S3::Bucket"), name, hcl, yaml)


def security_group(name: str, port: int = 0, source: str = "", vpc: str = "v") -> Both:
    """A group that lets all out, and one port in from a range or a group."""
    hcl = f'resource "aws_security_group" "{name}" {{\n  vpc_id = aws_vpc.{vpc}.id\n'
    yaml = f"""  {title(name)}:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: {name}
      VpcId: !Ref {"Vpc" if vpc == "v" else title(vpc)}
"""
    if port:
        ranged = "/" in source
        who = f'cidr_blocks = ["{source}"]' if ranged else ""
        who = who or f"security_groups = [aws_security_group.{source}.id]"
        hcl += f'  ingress {{\n    protocol = "tcp"\n    from_port = {port}\n    to_port = {port}\n'
        hcl += f"    {who}\n  }}\n"
        who = f"CidrIp: {source}" if ranged else f"SourceSecurityGroupId: !Ref {title(source)}"
        yaml += f"""      SecurityGroupIngress:
        - {{IpProtocol: tcp, FromPort: {port}, ToPort: {port}, {who}}}
"""
    hcl += '  egress {\n    protocol = "-1"\n    from_port = 0\n    to_port = 0\n'
    return Both(f'{hcl}    cidr_blocks = ["0.0.0.0/0"]\n  }}\n}}\n', yaml)


def host(
    name: str,
    groups: str,
    subnet: str = "inside",
    *,
    profile: str = "",
    tokens: str = "required",
    endpoint: str = "enabled",
    tags: dict[str, str] | None = None,
) -> Both:
    """An instance."""
    public = str(subnet == "public").lower()
    hcl = {
        "ami": '"ami-0123456789abcdef0"',
        "instance_type": '"t3.micro"',
        "subnet_id": f"aws_subnet.{subnet}.id",
        "associate_public_ip_address": public,
        "vpc_security_group_ids": f"[aws_security_group.{groups}.id]",
    }
    interface = (
        f'DeviceIndex: "0", SubnetId: !Ref {title(subnet)}, '
        f"AssociatePublicIpAddress: {public}, GroupSet: [!Ref {title(groups)}]"
    )
    yaml = {
        "ImageId": "ami-0123456789abcdef0",
        "InstanceType": "t3.micro",
        "MetadataOptions": f"{{HttpEndpoint: {endpoint}, HttpTokens: {tokens}}}",
        "NetworkInterfaces": f"[{{{interface}}}]",
    }
    if profile:
        hcl["iam_instance_profile"] = f"aws_iam_instance_profile.{profile}_profile.name"
        yaml["IamInstanceProfile"] = f"!Ref {title(profile)}Profile"
    if tags:
        hcl["tags"] = _written(tags, 0)
        pairs = (f"{{Key: {key}, Value: {value}}}" for key, value in tags.items())
        yaml["Tags"] = f"[{', '.join(pairs)}]"
    made = resource(("aws_instance", "AWS::EC2::Instance"), name, hcl, yaml)
    options = f'  metadata_options {{\n    http_endpoint = "{endpoint}"\n'
    options += f'    http_tokens = "{tokens}"\n  }}\n}}\n'
    return made._replace(hcl=made.hcl.removesuffix("}\n") + options)


def function(name: str, runs_as: str, signing: str = "") -> Both:
    """A function with a role, and its code signing configuration where one is named."""
    hcl = {
        "function_name": f'"{name}"',
        "role": f"aws_iam_role.{runs_as}.arn",
        "handler": '"a.b"',
        "runtime": '"python3.12"',
        "filename": '"a.zip"',
    }
    yaml = {
        "FunctionName": name,
        "Role": f"!GetAtt {title(runs_as)}.Arn",
        "Handler": "a.b",
        "Runtime": "python3.12",
        "Code": "{ZipFile: x}",
    }
    if signing:
        hcl["code_signing_config_arn"] = f"aws_lambda_code_signing_config.{signing}.arn"
        yaml["CodeSigningConfigArn"] = f"!Ref {title(signing)}"
    return resource(("aws_lambda_function", "AWS::Lambda::Function"), name, hcl, yaml)
