"""What CDK synthesises: templates among other files, nested stacks as assets, construct paths."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.cli.program import scan, write
from tests.cli.test_diff import commit, diff, git

HASH = "1a20767b918dcfad7ed5e886a27df3f1f981e66e5e684bde49aa7c9a470cb44a"
INNER = {
    "Resources": {
        "Sg5F8F": {
            "Type": "AWS::EC2::SecurityGroup",
            "Properties": {
                "GroupDescription": "Parent/Inner/Sg",
                "SecurityGroupIngress": [
                    {"CidrIp": "0.0.0.0/0", "FromPort": 22, "IpProtocol": "tcp", "ToPort": 22}
                ],
                "VpcId": {"Ref": "referencetoParentVpcRef"},
            },
            "Metadata": {"aws:cdk:path": "Parent/Inner/Sg/Resource"},
        }
    },
    "Parameters": {"referencetoParentVpcRef": {"Type": "String"}},
}


def assembly(metadata: dict[str, str], *, manifest: bool = True) -> dict[str, str]:
    url: list[Any] = ["https://s3.", {"Ref": "AWS::Region"}, ".", {"Ref": "AWS::URLSuffix"}, "/"]
    url += [{"Fn::Sub": "cdk-assets-${AWS::AccountId}-${AWS::Region}"}, f"/{HASH}.json"]
    parent = {
        "Resources": {
            "Vpc83": {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.0.0.0/16"}},
            "Inner74": {
                "Type": "AWS::CloudFormation::Stack",
                "Properties": {
                    "Parameters": {"referencetoParentVpcRef": {"Ref": "Vpc83"}},
                    "TemplateURL": {"Fn::Join": ["", url]},
                },
                "Metadata": {"aws:cdk:path": "Parent/Inner.NestedStackResource", **metadata},
            },
            "CDKMetadata": {
                "Type": "AWS::CDK::Metadata",
                "Properties": {"Analytics": "v2:deflate64:H4s"},
                "Condition": "CDKMetadataAvailable",
            },
        },
        "Conditions": {
            "CDKMetadataAvailable": {"Fn::Equals": [{"Ref": "AWS::Region"}, "eu-west-1"]}
        },
        "Parameters": {
            "BootstrapVersion": {
                "Type": "AWS::SSM::Parameter::Value<String>",
                "Default": "/cdk-bootstrap/hnb659fds/version",
            }
        },
        "Rules": {
            "CheckBootstrapVersion": {
                "Assertions": [
                    {
                        "Assert": {
                            "Fn::Not": [{"Fn::Contains": [["1"], {"Ref": "BootstrapVersion"}]}]
                        },
                        "AssertDescription": "too old",
                    }
                ]
            }
        },
    }
    assets = {"files": {HASH: {"source": {"path": "Inner.nested.template.json"}}}}
    files = {
        "Parent.template.json": json.dumps(parent, indent=1),
        "Inner.nested.template.json": json.dumps(INNER, indent=1),
        "manifest.json": json.dumps({"version": "48.0.0", "artifacts": {"Resources": "AWS::"}}),
        "tree.json": json.dumps({"tree": {"Resources": {"type": "AWS::EC2::VPC"}}}),
        "cdk.out": '{"version":"48.0.0"}',
    }
    if manifest:
        files["Parent.assets.json"] = json.dumps(assets)
    return {f"cdk.out/{name}": text for name, text in files.items()}


NAMED = {
    "aws:asset:path": "Inner.nested.template.json",
    "aws:asset:property": "TemplateURL",
}


@pytest.mark.parametrize(("metadata", "manifest"), [(NAMED, False), ({}, True), (NAMED, True)])
def test_a_nested_stack_is_found(tmp_path: Path, metadata: dict[str, str], manifest: bool) -> None:
    write(tmp_path, assembly(metadata, manifest=manifest))
    report = scan(".", "--select", "SG001", cwd=tmp_path).report
    assert report["errors"] == []
    assert report["summary"]["units"] == 1
    assert report["summary"]["files"]["found"] == 2
    assert report["summary"]["modules_unavailable"] == []
    (finding,) = report["findings"]
    assert finding["subject"] == "Inner74/Sg5F8F"
    assert finding["path"] == "cdk.out/Inner.nested.template.json"
    words = [hop["message"] for hop in finding["evidence"]]
    assert words[:2] == ['nested stack "Inner74"', 'CDK construct "Parent/Inner/Sg/Resource"']
    assert all(one.startswith("assumed: ") for one in words[2:])


def test_without_metadata_and_manifest_it_is_listed(tmp_path: Path) -> None:
    write(tmp_path, assembly({}, manifest=False))
    report = scan(".", "--select", "SG001", cwd=tmp_path).report
    assert report["errors"] == []
    assert len(report["summary"]["modules_unavailable"]) == 1
    assert [f["subject"] for f in report["findings"]] == ["Sg5F8F"]


@pytest.mark.parametrize("text", ["[]", "{", '{"files": {"a": 1, "b": {"source": []}}}', '"x"'])
def test_a_broken_manifest_is_passed_over(tmp_path: Path, text: str) -> None:
    write(tmp_path, {**assembly({}), "cdk.out/Parent.assets.json": text})
    assert scan(".", cwd=tmp_path).errors == []


STACK = {
    "Parameters": {"Source": {"Type": "String"}, "Port": {"Type": "Number", "Default": 22}},
    "Conditions": {
        "IsInRegion": {"Fn::Equals": [{"Ref": "AWS::Region"}, "eu-west-1"]},
        "IsOwn": {"Fn::Equals": [{"Ref": "AWS::AccountId"}, "111122223333"]},
        "IsNamed": {"Fn::Equals": [{"Ref": "AWS::StackName"}, "web-prod"]},
    },
    "Resources": {
        name: {
            "Type": "AWS::EC2::SecurityGroup",
            "Condition": condition,
            "Properties": {
                "GroupDescription": name,
                "SecurityGroupIngress": [
                    {"CidrIp": source, "FromPort": port, "IpProtocol": "tcp", "ToPort": port}
                ],
            },
        }
        for name, condition, source, port in (
            ("Region", "IsInRegion", "0.0.0.0/0", 22),
            ("Account", "IsOwn", "0.0.0.0/0", 22),
            ("Name", "IsNamed", "0.0.0.0/0", 22),
            ("Given", "IsOwn", {"Ref": "Source"}, {"Ref": "Port"}),
        )
    },
}


def manifest(**properties: Any) -> dict[str, str]:
    environment = properties.pop("environment", "aws://111122223333/eu-west-1")
    stack = {
        "type": "aws:cloudformation:stack",
        "environment": environment,
        "properties": {"templateFile": "Web.template.json", **properties},
    }
    artifacts = {"Web": stack, "Tree": {"type": "cdk:tree"}}
    return {
        "cdk.out/Web.template.json": json.dumps(STACK, indent=1),
        "cdk.out/manifest.json": json.dumps({"version": "48.0.0", "artifacts": artifacts}),
    }


def statuses(
    tmp_path: Path, files: dict[str, str], *more: str
) -> dict[str, tuple[str, str | None]]:
    write(tmp_path, files)
    report = scan(".", "--select", "SG001", *more, cwd=tmp_path).report
    assert report["errors"] == []
    return {one["subject"]: (one["status"], one["when"]) for one in report["findings"]}


GIVEN = {"stackName": "web-prod", "parameters": {"Source": "0.0.0.0/0"}}
FAILS = ("fail", None)
CONDITIONAL = {
    "Region": ("fail", 'AWS::Region is "eu-west-1"'),
    "Account": ("fail", 'AWS::AccountId is "111122223333"'),
    "Name": ("fail", 'AWS::StackName is "web-prod"'),
}


def test_what_an_assembly_is_deployed_with_is_known(tmp_path: Path) -> None:
    found = statuses(tmp_path, manifest(**GIVEN))
    assert found == {"Region": FAILS, "Account": FAILS, "Name": FAILS, "Given": FAILS}
    report = scan(".", "--select", "SG001", cwd=tmp_path).report
    [given] = [one for one in report["findings"] if one["subject"] == "Given"]
    assert (given["path"], given["message"]) == (
        "cdk.out/manifest.json",
        "SSH (tcp 22) is open to 0.0.0.0/0",
    )


def test_what_it_leaves_to_whoever_deploys_is_not(tmp_path: Path) -> None:
    found = statuses(tmp_path, manifest(environment="aws://unknown-account/unknown-region"))
    assert found.pop("Given")[0] == "undecided"
    # The stack is called after its artifact.
    assert found == {name: CONDITIONAL[name] for name in ("Region", "Account")}


def test_another_environment_makes_what_is_for_it_absent(tmp_path: Path) -> None:
    found = statuses(tmp_path, manifest(environment="aws://444455556666/us-east-1", **GIVEN))
    assert found == {"Name": FAILS}


def test_what_is_given_to_a_run_goes_before_the_assembly(tmp_path: Path) -> None:
    given = ("--parameters", "Source=10.0.0.0/8", "--region", "us-east-1")
    assert statuses(tmp_path, manifest(**GIVEN), *given) == {"Account": FAILS, "Name": FAILS}


@pytest.mark.parametrize(
    "text",
    [
        "[]",
        "{",
        '{"artifacts": []}',
        '{"artifacts": {"Web": {"type": "aws:cloudformation:stack"}}}',
    ],
)
def test_a_manifest_that_says_nothing_of_it_decides_nothing(tmp_path: Path, text: str) -> None:
    found = statuses(tmp_path, {**manifest(), "cdk.out/manifest.json": text})
    assert found.pop("Given")[0] == "undecided"
    assert found == CONDITIONAL


@pytest.mark.slow
def test_a_change_of_the_manifest_is_one_of_its_stacks(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q", "-b", "main")
    base = commit(tmp_path, manifest(parameters={"Source": "10.0.0.0/8"}))
    head = commit(tmp_path, manifest(parameters={"Source": "0.0.0.0/0"}))
    text = diff(tmp_path, base, head, "--select", "SG001").out
    assert "SSH (tcp 22) is open to 0.0.0.0/0" in text
