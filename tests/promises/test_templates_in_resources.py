"""A template in a resource is judged, or said not to be."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.cli.program import scan, write
from tests.promises.test_nothing_hides import OPEN_BY_PARAMETER, OPEN_TEMPLATE, found_ssh, skipped

INDENTED = "".join(f"    {line}\n" for line in OPEN_TEMPLATE.splitlines())
PARAMETERS = '  parameters = {\n    From = "0.0.0.0/0"\n  }\n'


def stack_of(body: str, more: str = "") -> str:
    block = 'resource "aws_cloudformation_stack" "a" {\n  name = "a"\n'
    return f"{block}  template_body = {body}\n{more}}}\n"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (stack_of(f"<<EOT\n{OPEN_TEMPLATE}EOT\n"), 10),
        (stack_of(f"<<-EOT\n{INDENTED}EOT\n"), 3),
        (stack_of(json.dumps(OPEN_TEMPLATE).replace("${", "$${")), 3),
        (stack_of(f"<<EOT\n# ${{1 + 1}}\n{OPEN_TEMPLATE}EOT\n"), 3),
        (stack_of(f"yamlencode(yamldecode(<<EOT\n{OPEN_TEMPLATE}EOT\n))"), 3),
        (
            stack_of(
                "<<EOT\nParameters: { From: { Type: String } }\n"
                f"{OPEN_TEMPLATE.replace('0.0.0.0/0', '!Ref From')}EOT\n",
                PARAMETERS,
            ),
            None,
        ),
    ],
    ids=["here", "indented", "quoted", "template", "made", "parameters"],
)
def test_a_template_in_a_resource_is_judged(tmp_path: Path, text: str, line: int | None) -> None:
    write(tmp_path, {"main.tf": text, "main_set.tf": ""})
    ended = scan(".", cwd=tmp_path)
    assert ended.errors == []
    [finding] = [f for f in ended.report["findings"] if f["check"] == "SG001"]
    assert (finding["path"], finding["status"]) == ("main.tf", "fail")
    assert line in (finding["line"], None)
    assert finding["resource"] == "aws_cloudformation_stack.a/Open"
    assert finding["fix"] is None
    assert "main.tf" in scan(".", "--format", "text", cwd=tmp_path).out
    write(tmp_path, {"main.tf": "# ec2lint:ignore=SG001 known\n" + text})
    accepted = scan(".", cwd=tmp_path).report["findings"]
    assert [f["status"] for f in accepted if f["check"] == "SG001"] == ["suppressed"]


def test_a_template_in_a_file_is_judged_with_its_parameters(tmp_path: Path) -> None:
    text = stack_of('file("${path.module}/a.yaml")', PARAMETERS)
    template = OPEN_BY_PARAMETER.replace("Default: 0.0.0.0/0", "Default: 10.0.0.0/8")
    write(tmp_path, {"main.tf": text, "a.yaml": template})
    assert found_ssh(scan(".", cwd=tmp_path)) == ["main.tf"]


def test_what_a_template_in_a_file_says_is_found_there_and_once(tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": stack_of('file("${path.module}/a.yaml")'), "a.yaml": OPEN_TEMPLATE})
    ended = scan(".", "--select", "SG001", cwd=tmp_path)
    [finding] = ended.report["findings"]
    line = OPEN_TEMPLATE[: OPEN_TEMPLATE.index("0.0.0.0/0")].count("\n") + 1
    assert (finding["path"], finding["line"]) == ("a.yaml", line)
    assert finding["resource"] == "aws_cloudformation_stack.a/Open"


@pytest.mark.parametrize(
    "path", ["a.yaml", "./a.yaml", "${path.module}/a.yaml", "${path.root}/a.yaml"]
)
def test_a_template_in_a_file_is_judged_with_what_its_stack_is_given(
    tmp_path: Path, path: str
) -> None:
    """Its defaults are not deployed where the resource gives other values."""
    given = PARAMETERS.replace("0.0.0.0/0", "10.0.0.0/8")
    files = {"main.tf": stack_of(f'file("{path}")', given), "a.yaml": OPEN_BY_PARAMETER}
    write(tmp_path, files)
    assert found_ssh(scan(".", cwd=tmp_path)) == []
    assert skipped(scan(".", cwd=tmp_path)) == []
    assert found_ssh(scan("a.yaml", cwd=tmp_path)) == ["a.yaml"]  # a person asks for it alone


def test_a_template_of_which_no_stack_is_made_is_judged_by_itself(tmp_path: Path) -> None:
    """Where the resource is switched off, or values are written beside the template."""
    closed = PARAMETERS.replace("0.0.0.0/0", "10.0.0.0/8")
    off = stack_of('file("a.yaml")', f"{closed}  count = 0\n")
    write(tmp_path, {"main.tf": off, "a.yaml": OPEN_BY_PARAMETER})
    assert found_ssh(scan(".", cwd=tmp_path)) == ["a.yaml"]
    values = '[{"ParameterKey": "From", "ParameterValue": "0.0.0.0/0"}]'
    on = stack_of('file("a.yaml")', closed)
    template = OPEN_BY_PARAMETER.replace("Default: 0.0.0.0/0", "Default: 10.0.0.0/8")
    write(tmp_path, {"main.tf": on, "a.yaml": template, "a-parameters.json": values})
    assert found_ssh(scan(".", cwd=tmp_path)) == ["a-parameters.json"]


def test_a_comment_in_the_file_accepts_what_is_found_by_its_stack(tmp_path: Path) -> None:
    accepted = f"# ec2lint:ignore=SG001 known\n{OPEN_TEMPLATE}"
    write(tmp_path, {"main.tf": stack_of('file("a.yaml")'), "a.yaml": accepted})
    report = scan(".", "--select", "SG001", cwd=tmp_path).report
    assert [one["status"] for one in report["findings"]] == ["suppressed"]


@pytest.mark.parametrize(
    "body",
    [
        "var.body",
        'sensitive("Resources: {}")',
        '"${data.http.a.response_body}"',
        "null\n  template_url = var.body",
    ],
)
def test_a_template_that_is_not_known_is_not_available(tmp_path: Path, body: str) -> None:
    write(tmp_path, {"main.tf": 'variable "body" {}\ndata "http" "a" {}\n' + stack_of(body)})
    ended = scan(".", "--require-modules", cwd=tmp_path)
    [source] = ended.report["summary"]["modules_unavailable"]
    assert source.endswith("of aws_cloudformation_stack.a")
    assert ended.status == 3


def test_a_template_that_is_none_is_an_error(tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": stack_of('"a: ["')})
    [error] = scan(".", cwd=tmp_path).errors
    assert (error["path"], error["line"]) == ("main.tf", 3)


TRANSFORM = '"Fn::Transform": { "Name": "Mine", "Parameters": { "cidr": "0.0.0.0/0" } }'
VOLUME = '"Type": "AWS::EC2::Volume", "Properties": { "Encrypted": true }'
LOOP = f'{{ "Fn::ForEach::Each": ["N", ["A"], {{ "${{N}}": {{ {TRANSFORM}, {VOLUME} }} }}] }}'


@pytest.mark.parametrize(
    "text",
    [
        f'{{ {TRANSFORM}, "Resources": {{ "A": {{ {VOLUME} }} }} }}',
        *(
            f'{{ "{section}": {{ {TRANSFORM} }}, "Resources": {{ "A": {{ {VOLUME} }} }} }}'
            for section in ("Parameters", "Mappings", "Outputs")
        ),
        f'{{ "Resources": {{ {TRANSFORM}, "A": {{ {VOLUME} }} }} }}',
        f'{{ "Resources": {{ {TRANSFORM} }} }}',
        f'{{ "Resources": {{ "A": {{ {TRANSFORM}, {VOLUME} }} }} }}',
        f'{{ "Resources": {{ "A": {{ {VOLUME} }}, "B": {{ {TRANSFORM} }} }} }}',
        f'{{ "Resources": {{ "A": {{ {VOLUME} }}, "Metadata": {{ {TRANSFORM} }} }} }}',
        '{ "Resources": { "A": { "Type": "A::B", "Fn::Tr\\u0061nsform": { "Name": "Mine" } } } }',
        f'{{ "Transform": "AWS::LanguageExtensions", "Resources": {LOOP} }}',
        f'{{ "Resources": {{ "B": {{ {TRANSFORM} }} }} }}',
        "Resources: !Transform { Name: Mine }\n",
        "Transform: Mine\nResources:\n  A: { Open: true }\n",
    ],
)
def test_what_a_macro_makes_of_a_part_is_not_available(tmp_path: Path, text: str) -> None:
    write(tmp_path, {"stack.yaml": text})
    ended = scan(".", "--require-modules", "--select", "SG001", cwd=tmp_path)
    assert ended.status == 3
    assert [error["message"] for error in ended.errors] == ["not available: the module Mine"]


def test_a_macro_among_properties_that_nothing_judges_is_not_asked_for(tmp_path: Path) -> None:
    topic = f'{{ "Type": "AWS::SNS::Topic", "Properties": {{ {TRANSFORM} }} }}'
    write(tmp_path, {"stack.json": f'{{ "Resources": {{ "A": {topic} }} }}'})
    ended = scan(".", "--require-modules", "--select", "SG001", cwd=tmp_path)
    assert (ended.status, ended.errors) == (0, [])


@pytest.mark.parametrize("quoted", [True, False])
def test_a_template_in_a_stack_set_is_judged(tmp_path: Path, quoted: bool) -> None:
    body = json.dumps(OPEN_TEMPLATE) if quoted else f"!Sub {json.dumps(OPEN_TEMPLATE)}"
    text = (
        "Resources:\n  Set:\n    Type: AWS::CloudFormation::StackSet\n    Properties:\n"
        f"      StackSetName: a\n      PermissionModel: SELF_MANAGED\n      TemplateBody: {body}\n"
    )
    write(tmp_path, {"a.yaml": text})
    ended = scan(".", cwd=tmp_path)
    assert (found_ssh(ended), ended.errors) == (["a.yaml"], [])
    assert ended.report["summary"]["modules_unavailable"] == []


@pytest.mark.parametrize(
    "kind",
    [
        "aws_serverlessapplicationrepository_cloudformation_stack",
        "aws_servicecatalog_provisioned_product",
    ],
)
def test_a_stack_whose_template_is_elsewhere_is_listed(tmp_path: Path, kind: str) -> None:
    write(tmp_path, {"main.tf": f'resource "{kind}" "a" {{\n  name = "a"\n}}\n'})
    [entry] = skipped(scan(".", cwd=tmp_path))
    assert (entry["path"], entry["counts"]) == ("main.tf", True)
    assert f"1 {kind}" in entry["reason"]


def test_a_product_of_service_catalog_is_not_available(tmp_path: Path) -> None:
    kind = "AWS::ServiceCatalog::CloudFormationProvisionedProduct"
    product = f"  A:\n    Type: {kind}\n    Properties: {{ ProductName: a }}\n"
    write(tmp_path, {"a.yaml": f"Resources:\n{product}"})
    ended = scan(".", "--require-modules", cwd=tmp_path)
    assert ended.status == 3
    assert [error["message"] for error in ended.errors] == [f"not available: the module {kind}"]
