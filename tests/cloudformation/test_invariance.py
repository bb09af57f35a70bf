"""Nothing changes under refactoring of templates: six rewrites, each over templates at random.

What a template says is generated as data; each rewrite says the same in another way, and the same
findings must come of it: the same checks, subjects, severities and words.
"""

from __future__ import annotations

import copy
import json
from collections import Counter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.invariance.projects import about, identities, same_findings, scan_project
from tests.invariance.template_spelling import as_json, as_long_yaml, as_short_yaml

pytestmark = pytest.mark.slow

Template = dict[str, Any]
RULES = ("SecurityGroupIngress", "SecurityGroupEgress")
AT_ONE = ("PATH", "NET003", "VPCE001")
"""Checks of which a finding stands at one of several places."""

UNSAID = ("SG010", "SG018")
"""Checks of how rules are written, and of what nobody uses: an output may give it to somebody."""

CIDRS = st.sampled_from(["0.0.0.0/0", "10.0.0.0/8", "0.0.0.0/1", "128.0.0.0/1", "203.0.113.0/24"])
PORTS = st.sampled_from([(22, 22), (0, 65535), (443, 443), (3389, 3390), (5432, 5432), (20, 21)])
CONDITIONS = st.sampled_from(["", "", "On", "Off", "Maybe"])


@st.composite
def rules(draw: st.DrawFn) -> Template:
    protocol = draw(st.sampled_from(["tcp", "udp", "-1", "6", "icmp"]))
    low, high = draw(PORTS)
    rule: Template = {"IpProtocol": protocol}
    if protocol == "icmp":
        low, high = 8, -1
    if protocol != "-1":
        rule |= {"FromPort": low, "ToPort": high}
    if draw(st.booleans()):
        rule["CidrIp"] = draw(CIDRS)
    else:
        rule["CidrIpv6"] = draw(st.sampled_from(["::/0", "fd00::/8"]))
    return rule


@st.composite
def templates(draw: st.DrawFn) -> Template:
    resources: dict[str, Template] = {
        "Vpc": {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.0.0.0/16"}}
    }
    groups: list[str] = []
    for index in range(draw(st.integers(1, 3))):
        name = f"Group{index}"
        groups.append(name)
        properties: Template = {
            "GroupDescription": "a group",
            "VpcId": {"Ref": "Vpc"},
            "SecurityGroupIngress": draw(st.lists(rules(), min_size=1, max_size=3)),
        }
        resources[name] = {"Type": "AWS::EC2::SecurityGroup", "Properties": properties}
    for index in range(draw(st.integers(0, 2))):
        options = draw(st.sampled_from([None, "required", "optional"]))
        properties = {
            "ImageId": "ami-0123456789abcdef0",
            "SecurityGroupIds": [{"Fn::GetAtt": [draw(st.sampled_from(groups)), "GroupId"]}],
        }
        if options is not None:
            properties["MetadataOptions"] = {"HttpTokens": options}
        resources[f"Host{index}"] = {"Type": "AWS::EC2::Instance", "Properties": properties}
    for index in range(draw(st.integers(0, 2))):
        properties = {"AvailabilityZone": "eu-west-1a", "Size": 8}
        encrypted = draw(st.sampled_from([None, True, False, "true", "false"]))
        if encrypted is not None:
            properties["Encrypted"] = encrypted
        resources[f"Volume{index}"] = {"Type": "AWS::EC2::Volume", "Properties": properties}
    for resource in resources.values():
        condition = draw(CONDITIONS) if resource["Type"] == "AWS::EC2::Volume" else ""
        if condition:
            resource["Condition"] = condition
    return {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Parameters": {"Switch": {"Type": "String"}},
        "Conditions": {
            "On": {"Fn::Equals": ["a", "a"]},
            "Off": {"Fn::Not": [{"Condition": "On"}]},
            "Maybe": {"Fn::Equals": [{"Ref": "Switch"}, "on"]},
        },
        "Resources": resources,
    }


def found(*texts: tuple[str, str], drop: str = "") -> Any:
    """The findings of templates, without what a rewrite puts before the names of resources."""
    report = scan_project(dict(texts), ignore=UNSAID)
    return identities(report, lambda text: text.replace(drop, "") if drop else text)


def assert_same(template: Template, *texts: tuple[str, str], drop: str = "") -> None:
    before = found(("t.json", as_json(template)))
    assert same_findings(before, found(*texts, drop=drop)) == ""


each = settings(max_examples=25, deadline=None)


@each
@given(templates())
def test_yaml_and_json_in_short_and_long_form(template: Template) -> None:
    assert_same(template, ("t.yaml", as_short_yaml(template)))
    assert_same(template, ("t.yaml", as_long_yaml(template)))


def with_parameters(template: Template) -> Template:
    """Each text and number in properties as a parameter with that default."""
    made = copy.deepcopy(template)

    def moved(data: Any) -> Any:
        if isinstance(data, dict):
            if len(data) == 1 and next(iter(data)).startswith(("Fn::", "Ref")):
                return data
            return {key: moved(value) for key, value in data.items()}
        if isinstance(data, list):
            return [moved(item) for item in data]
        name = f"Given{len(made['Parameters'])}"
        text = json.dumps(data) if not isinstance(data, str) else data
        kind = "Number" if isinstance(data, int) and not isinstance(data, bool) else "String"
        made["Parameters"][name] = {"Type": kind, "Default": text}
        return {"Ref": name}

    for resource in made["Resources"].values():
        resource["Properties"] = moved(resource["Properties"])
    return made


@each
@given(templates())
def test_a_literal_as_a_parameter_with_that_default(template: Template) -> None:
    assert_same(template, ("t.json", as_json(with_parameters(template))))


@each
@given(templates())
def test_a_literal_as_a_parameter_that_is_given(template: Template) -> None:
    made = with_parameters(template)
    values = {name: p["Default"] for name, p in made["Parameters"].items() if "Default" in p}
    inner = copy.deepcopy(made)
    for parameter in inner["Parameters"].values():
        parameter.pop("Default", None)
    outer = {
        "Parameters": {"Switch": {"Type": "String"}},
        "Resources": {
            "All": {
                "Type": "AWS::CloudFormation::Stack",
                "Properties": {
                    "TemplateURL": "all.json",
                    "Parameters": {**values, "Switch": {"Ref": "Switch"}},
                },
            }
        },
    }
    texts = (("t.json", as_json(outer)), ("all.json", as_json(inner)))
    assert_same(template, *texts, drop="All/")


@each
@given(templates())
def test_inline_rules_as_resources(template: Template) -> None:
    made = copy.deepcopy(template)
    for name, resource in list(made["Resources"].items()):
        written = resource["Properties"].pop("SecurityGroupIngress", [])
        for index, rule in enumerate(written):
            made["Resources"][f"{name}Rule{index}"] = {
                "Type": "AWS::EC2::SecurityGroupIngress",
                "Properties": {"GroupId": {"Ref": name}, **rule},
            }
    assert_same(template, ("t.json", as_json(made)))


@each
@given(templates())
def test_one_rule_as_itself_and_as_a_list(template: Template) -> None:
    made = copy.deepcopy(template)
    for resource in made["Resources"].values():
        written = resource["Properties"].get("SecurityGroupIngress", [])
        if len(written) == 1:
            resource["Properties"]["SecurityGroupIngress"] = written[0]
    assert_same(template, ("t.json", as_json(made)))


@each
@given(templates(), st.data())
def test_one_template_as_nested_stacks(template: Template, data: st.DataObject) -> None:
    """Groups and hosts go to stacks of their own, or stay; ids go in and come out."""
    apart = {name for name in template["Resources"] if data.draw(st.booleans(), label=name)}
    shared = {key: template[key] for key in ("Parameters", "Conditions")}
    files: dict[str, Template] = {}
    outer: Template = {**copy.deepcopy(shared), "Resources": {}}
    for name, resource in template["Resources"].items():
        if name not in apart:
            outer["Resources"][name] = reached(resource, apart)
            continue
        inner: Template = {**copy.deepcopy(shared), "Resources": {name: copy.deepcopy(resource)}}
        given_: dict[str, Any] = {"Switch": {"Ref": "Switch"}}
        inner["Resources"][name] = passed(resource, given_, inner["Parameters"], apart)
        inner["Outputs"] = {"Id": {"Value": {"Ref": name}}} if "Condition" not in resource else {}
        files[f"{name}.json"] = inner
        outer["Resources"][f"Of{name}"] = {
            "Type": "AWS::CloudFormation::Stack",
            "Properties": {"TemplateURL": f"{name}.json", "Parameters": given_},
        }
    texts = [("t.json", as_json(outer))]
    texts += [(name, as_json(inner)) for name, inner in files.items()]
    before = found(("t.json", as_json(template)))
    report = scan_project(dict(texts), ignore=UNSAID)

    def restored(text: str) -> str:
        for name in apart:
            text = text.replace(f"Of{name}/", "")
        return text

    # A path points at the placement where the rule is in another file (semantics.md, C3), so that
    # hosts of one rule are one finding in one template and several in several. Of a VPC that is
    # declared elsewhere it is asked at the first host, in the order of their addresses.
    sides = [
        Counter({each: n for each, n in side.items() if not each.check.startswith(AT_ONE)})
        for side in (before, identities(report, restored))
    ]
    assert same_findings(*sides) == ""


def target(data: Any) -> str:
    """The logical ID that a reference is to; empty where it is none."""
    if isinstance(data, dict) and len(data) == 1:
        if isinstance(data.get("Ref"), str):
            return str(data["Ref"])
        if "Fn::GetAtt" in data:
            return str(data["Fn::GetAtt"][0])
    return ""


def reached(data: Any, apart: set[str]) -> Any:
    """Data with references to what stands apart through the outputs of its stack."""
    name = target(data)
    if name:
        return {"Fn::GetAtt": [f"Of{name}", "Outputs.Id"]} if name in apart else data
    if isinstance(data, dict):
        return {key: reached(value, apart) for key, value in data.items()}
    return [reached(item, apart) for item in data] if isinstance(data, list) else data


def passed(data: Any, given_: Template, parameters: Template, apart: set[str]) -> Any:
    """Data with references to what stands elsewhere as parameters."""
    name = target(data)
    if name and name != "Switch":
        parameters[f"The{name}"] = {"Type": "String"}
        given_[f"The{name}"] = reached(data, apart)
        return {"Ref": f"The{name}"}
    if isinstance(data, dict):
        return {key: passed(value, given_, parameters, apart) for key, value in data.items()}
    if isinstance(data, list):
        return [passed(item, given_, parameters, apart) for item in data]
    return data


@each
@given(st.lists(CIDRS, min_size=1, max_size=4, unique=True), rules(), st.booleans())
def test_a_loop_as_what_it_makes(ranges: list[str], rule: Template, nested: bool) -> None:
    rule = {**{k: v for k, v in rule.items() if k != "CidrIpv6"}, "CidrIp": {"Ref": "Range"}}
    sides = ["Ingress", "Egress"] if nested else ["Ingress"]

    def body(side: str, cidr: Any, number: Any) -> Template:
        group: Template = {"GroupDescription": {"Fn::Sub": f"{number}"}}
        group[f"SecurityGroup{side}"] = [{**rule, "CidrIp": cidr}]
        return {"Type": "AWS::EC2::SecurityGroup", "Properties": group}

    bare = {cidr: "".join(c for c in cidr if c.isalnum()) for cidr in ranges}
    written = {
        f"Group{side}{bare[cidr]}": body(side, cidr, cidr) for side in sides for cidr in ranges
    }
    loop: Template = {
        "Fn::ForEach::Ranges": [
            "Range",
            {"Ref": "All"},
            {"Group${Side}&{Range}": body("${Side}", {"Ref": "Range"}, "${Range}")},
        ]
    }
    if nested:
        loop = {"Fn::ForEach::Sides": ["Side", sides, loop]}
    else:
        loop = json.loads(json.dumps(loop).replace("${Side}", "Ingress"))
    parameters = {"All": {"Type": "CommaDelimitedList", "Default": ",".join(ranges)}}
    looped = {
        "Transform": "AWS::LanguageExtensions",
        "Parameters": parameters,
        "Resources": {**loop},
    }
    # A loop's turns share their places, so that one finding stands for all of them.
    before = scan_project({"t.json": as_json({"Resources": written})}, ignore=UNSAID)
    after = scan_project({"t.json": as_json(looped)}, ignore=UNSAID)
    assert about(after) == about(before)
