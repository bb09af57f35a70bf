"""What CDK synthesises: templates among other files, nested stacks as assets, construct paths."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.cli.program import scan, write

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
