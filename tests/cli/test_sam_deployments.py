"""What the SAM CLI deploys a template with: each deployment is judged, and any other too."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from tests.cli.program import scan, write
from tests.cli.test_diff import commit, diff, git
from tests.cli.test_parameter_files import CLOSED, OPEN, TEMPLATE, UNSET

if TYPE_CHECKING:
    from pathlib import Path


def deployments(prod: str, *more: str) -> str:
    """A file of two deployments; ``prod`` is what one gives, as TOML."""
    return "\n".join(
        (
            "version = 0.1",
            "[dev.deploy.parameters]",
            f'parameter_overrides = "Admin={CLOSED}"',
            "[prod.deploy.parameters]",
            f"parameter_overrides = {prod}",
            *more,
            "",
        )
    )


def found(tmp_path: Path, files: dict[str, str], *more: str) -> list[dict[str, Any]]:
    write(tmp_path, files)
    report = scan(".", "--select", "SG001", *more, cwd=tmp_path).report
    assert report["errors"] == []
    findings: list[dict[str, Any]] = report["findings"]
    return findings


def skipped(tmp_path: Path) -> list[tuple[str, str]]:
    every = scan(".", cwd=tmp_path).report["summary"]["files"]["skipped"]
    return [(one["path"], one["reason"]) for one in every]


@pytest.mark.parametrize(
    ("given", "place"),
    [
        (f'"Name=web Admin={OPEN}"', (5, 33)),
        (f'"Name=\\"a b\\" Admin=\\"{OPEN}\\""', (5, 37)),
        (f'\'Name="Admin= b" Admin="{OPEN}"\'', (5, 40)),
        (f'"ParameterKey=Name,ParameterValue=a ParameterKey=Admin,ParameterValue={OPEN}"', (5, 72)),
        (f'[\n  "Name=web",\n  "Admin={OPEN}",\n]', (7, 4)),
        (f'"""\n  Name=web\n  Admin={OPEN}"""', (7, 3)),
        (f'["Undeclared=x", ["Admin={OPEN}"]]', (5, 42)),
        (f'{{Admin = "{OPEN}"}}', (5, 24)),
    ],
    ids=["text", "quoted", "a key in a value", "pairs", "list", "lines", "in a list", "table"],
)
def test_what_one_breaks_fails_under_that_condition(
    tmp_path: Path, given: str, place: tuple[int, int]
) -> None:
    files = {"template.yaml": UNSET, "samconfig.toml": deployments(given)}
    [finding] = found(tmp_path, files)
    assert finding["status"] == "fail"
    assert finding["when"] == "deployed with samconfig.toml [prod]"
    assert finding["path"] == "samconfig.toml"
    assert (finding["line"], finding["column"]) == place
    text = scan(".", "--select", "SG001", "--format", "text", cwd=tmp_path).out
    assert "when deployed with samconfig.toml [prod]" in text


def test_those_beyond_the_most_that_are_judged_are_told(tmp_path: Path) -> None:
    given = [
        f'[d{at}.deploy.parameters]\nparameter_overrides = "Admin={CLOSED}"' for at in range(9)
    ]
    given[8] = given[8].replace(CLOSED, OPEN)
    write(tmp_path, {"template.yaml": UNSET, "samconfig.toml": "\n".join(given)})
    report = scan(".", "--select", "SG001", cwd=tmp_path).report
    [note] = report["notes"]
    assert (note["name"], note["path"], note["line"]) == (
        "deployment-not-judged",
        "samconfig.toml",
        18,
    )
    assert (
        note["message"]
        == "8 deployments of template.yaml are judged; 1 more, from here on, are not"
    )
    assert [one["status"] for one in report["findings"]] == ["undecided"]


def test_any_other_deployment_stays_undecided(tmp_path: Path) -> None:
    files = {"template.yaml": UNSET, "samconfig.toml": deployments(f'"Admin={CLOSED}"')}
    [finding] = found(tmp_path, files)
    assert finding["status"] == "undecided"
    [missing] = finding["missing"]
    assert missing == (
        "safe if samconfig.toml [dev] or samconfig.toml [prod] is what it is deployed with"
    )


def test_a_default_stays_where_none_gives_a_value(tmp_path: Path) -> None:
    template = TEMPLATE.replace("DEFAULT", f", Default: {OPEN}")
    only_name = '[prod.deploy.parameters]\nparameter_overrides = "Name=x"\n'
    [finding] = found(tmp_path, {"template.yaml": template, "samconfig.toml": only_name})
    assert (finding["status"], finding["when"]) == ("fail", None)


def test_what_all_commands_share_counts_where_deploy_says_nothing(tmp_path: Path) -> None:
    shared = f'[prod.global.parameters]\nparameter_overrides = "Admin={OPEN}"\n'
    [finding] = found(tmp_path, {"template.yaml": UNSET, "samconfig.toml": shared})
    assert finding["when"] == "deployed with samconfig.toml [prod]"
    own = f'{shared}[prod.deploy.parameters]\nparameter_overrides = "Admin={CLOSED}"\n'
    [finding] = found(tmp_path, {"samconfig.toml": own})
    assert finding["status"] == "undecided"


def test_yaml_says_the_same(tmp_path: Path) -> None:
    written = "prod:\n  deploy:\n    parameters:\n      parameter_overrides:\n"
    written = f"version: 0.1\n{written}        - Name=web\n        - Admin={OPEN}\n"
    [finding] = found(tmp_path, {"template.yaml": UNSET, "samconfig.yaml": written})
    assert finding["when"] == "deployed with samconfig.yaml [prod]"
    assert (finding["path"], finding["line"], finding["column"]) == ("samconfig.yaml", 7, 11)


@pytest.mark.parametrize(
    ("files", "more", "expected"),
    [
        ({"net/vpc.yaml": UNSET}, 'template_file = "net/vpc.yaml"', "net/vpc.yaml"),
        ({"vpc.yaml": UNSET}, 'template = "./vpc.yaml"', "vpc.yaml"),
        ({"template.yml": UNSET}, "", "template.yml"),
        ({"template.yaml": UNSET}, 'template_file = "packaged.yaml"', "template.yaml"),
        (
            {"template.yaml": UNSET},
            'template_file = ".aws-sam/build/template.yaml"',
            "template.yaml",
        ),
        (
            {"vpc.yaml": UNSET, "template.yaml": UNSET},
            '[prod.build.parameters]\ntemplate_file = "vpc.yaml"',
            "vpc.yaml",
        ),
        ({"vpc.yaml": UNSET}, "", None),
        ({"below/template.yaml": UNSET}, 'template_file = "../template.yaml"', None),
    ],
    ids=["named", "template", "by default", "made", "built", "build", "none", "outside"],
)
def test_whose_it_is(
    tmp_path: Path, files: dict[str, str], more: str, expected: str | None
) -> None:
    given = f'[prod.deploy.parameters]\nparameter_overrides = "Admin={OPEN}"\n{more}\n'
    failing = [
        one for one in found(tmp_path, files | {"samconfig.toml": given}) if one["status"] == "fail"
    ]
    assert [one["subjects"][0]["unit"] for one in failing] == ([expected] if expected else [])
    assert [path for path, _ in skipped(tmp_path)] == ([] if expected else ["samconfig.toml"])


def test_what_another_file_gives_is_unknown(tmp_path: Path) -> None:
    template = TEMPLATE.replace("DEFAULT", f", Default: {CLOSED}")
    files = {"template.yaml": template, "samconfig.toml": deployments('["file://prod.yaml"]')}
    [finding] = found(tmp_path, files)
    assert (finding["status"], finding["when"]) == (
        "undecided",
        "deployed with samconfig.toml [prod]",
    )
    # What is said after it counts, and what is said before it may not.
    later = deployments(f'["file://prod.yaml", "Admin={CLOSED}"]')
    assert found(tmp_path, {"samconfig.toml": later}) == []
    earlier = deployments(f'["Admin={CLOSED}", "file://prod.yaml"]')
    [finding] = found(tmp_path, {"samconfig.toml": earlier})
    assert finding["status"] == "undecided"


@pytest.mark.parametrize("value", ["{{ cookiecutter.admin }}", "{% if a %}10.0.0.0/8{% endif %}"])
def test_what_another_program_fills_in_is_unknown(tmp_path: Path, value: str) -> None:
    template = TEMPLATE.replace("DEFAULT", f", Default: {CLOSED}")
    given = deployments(f"'Admin=\"{value}\"'")
    [finding] = found(tmp_path, {"template.yaml": template, "samconfig.toml": given})
    assert finding["status"] == "undecided"


BY_REGION = """\
Conditions:
  IsHome: !Equals [!Ref AWS::Region, eu-west-1]
Resources:
  Group:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: Administration
      SecurityGroupIngress:
        - {IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: !If [IsHome, 10.0.0.0/8, 0.0.0.0/0]}
"""


def test_the_region_decides_what_rests_on_it(tmp_path: Path) -> None:
    given = '[prod.global.parameters]\nregion = "eu-west-1"\n'
    named = {"template.yaml": BY_REGION, "samconfig.toml": given}
    [before] = found(tmp_path, named)
    assert before["when"] == 'AWS::Region is not "eu-west-1"'
    assert found(tmp_path, named, "--parameters", "samconfig.toml [prod]") == []
    [finding] = found(tmp_path, {}, "--region", "eu-west-2")
    assert (finding["status"], finding["when"]) == ("fail", None)


def test_the_region_decides_the_partition(tmp_path: Path) -> None:
    template = BY_REGION.replace("AWS::Region, eu-west-1", "AWS::Partition, aws-us-gov")
    given = '[prod.deploy.parameters]\nregion = "us-east-1"\n'
    files = {"template.yaml": template, "samconfig.toml": given}
    [finding] = found(tmp_path, files, "--parameters", "samconfig.toml [prod]")
    assert (finding["status"], finding["when"]) == ("fail", None)


def test_one_is_named_as_messages_name_it(tmp_path: Path) -> None:
    files = {"template.yaml": UNSET, "samconfig.toml": deployments(f'"Admin={OPEN}"')}
    assert found(tmp_path, files, "--parameters", "samconfig.toml [dev]") == []
    [finding] = found(tmp_path, files, "--parameters", "samconfig.toml [prod]")
    assert (finding["status"], finding["when"]) == ("fail", None)
    refused = scan(".", "--parameters", "samconfig.toml [test]", cwd=tmp_path)
    assert refused.status == 2
    assert 'it has no deployment "test" that gives parameters' in refused.err


@pytest.mark.parametrize(
    ("text", "line", "column", "message"),
    [
        ('[prod.deploy.parameters]\nregion = "eu\n', 2, 13, "it is no TOML: "),
        ("[prod.deploy.parameters]\nparameter_overrides = 3\n", 2, 1, "expected Key=Value"),
        ('[prod.deploy.parameters]\nparameter_overrides = "x"\n', 2, 1, "expected Key=Value"),
        ("a = " + "[" * 3000 + "]" * 3000, 0, 0, "nested too deeply"),
    ],
    ids=["syntax", "type", "no pair", "deep"],
)
def test_what_cannot_be_read_is_one_error(
    tmp_path: Path, text: str, line: int, column: int, message: str
) -> None:
    write(tmp_path, {"template.yaml": UNSET, "samconfig.toml": text})
    ended = scan(".", "--select", "SG001", cwd=tmp_path)
    [error] = ended.errors
    assert (error["path"], error["line"], error["column"]) == ("samconfig.toml", line, column)
    assert message in error["message"]
    assert [one["status"] for one in ended.report["findings"]] == ["undecided"]


def test_what_gives_nothing_is_passed_over_in_silence(tmp_path: Path) -> None:
    text = 'version = 0.1\n[default.deploy.parameters]\nstack_name = "web"\n[default.x]\ny = 1\n'
    files = {"template.yaml": UNSET, "samconfig.toml": text, "a/samconfig.toml": "b = ["}
    write(tmp_path, {name: files[name] for name in ("template.yaml", "samconfig.toml")})
    assert skipped(tmp_path) == []
    # Where there is no template, nobody asks.
    write(tmp_path / "other", {"samconfig.toml": files["a/samconfig.toml"], "main.tf": ""})
    assert scan("other", cwd=tmp_path).report["errors"] == []


def test_aliases_of_aliases_are_read_once(tmp_path: Path) -> None:
    lines = ["a0: &a0 [x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
    text = "\n".join([*lines, "prod: {deploy: {parameters: {parameter_overrides: *a11}}}"])
    write(tmp_path, {"template.yaml": UNSET, "samconfig.yaml": text})
    errors = scan(".", "--select", "SG001", cwd=tmp_path).errors
    assert {one["path"] for one in errors} == {"samconfig.yaml"}


def test_it_selects_its_template_when_it_is_named(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    files = {"template.yaml": UNSET, "a.yaml": "Resources: {}\n"}
    write(tmp_path, files | {"samconfig.toml": deployments(f'"Admin={OPEN}"')})
    [finding] = scan("samconfig.toml", "--select", "SG001", cwd=tmp_path).report["findings"]
    assert finding["when"] == "deployed with samconfig.toml [prod]"


@pytest.mark.slow
def test_a_change_of_one_is_no_proof_that_nothing_is_new(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q", "-b", "main")
    closed, opened = deployments(f'"Admin={CLOSED}"'), deployments(f'"Admin={OPEN}"')
    base = commit(tmp_path, {"template.yaml": UNSET, "samconfig.toml": closed})
    head = commit(tmp_path, {"samconfig.toml": opened})
    text = diff(tmp_path, base, head, "--select", "SG001").out
    assert "SG001" in text
    assert "deployed with samconfig.toml [prod]" in text


def test_no_name_is_a_path(tmp_path: Path) -> None:
    tables = (f'["{name}".deploy.parameters]\nregion = "eu-west-1"\n' for name in ("a/b", "]", ""))
    nul = '[prod.deploy.parameters]\nregion = "eu-west-1"\ntemplate_file = "a\\u0000b"\n'
    text = "".join((*tables, nul))
    [finding] = found(tmp_path, {"template.yaml": UNSET, "samconfig.toml": text})
    assert finding["status"] == "undecided"


def test_a_text_without_an_end_takes_no_time(tmp_path: Path) -> None:
    text = deployments("'Admin=\"" + "a" * 5000 + "'")
    write(tmp_path, {"template.yaml": UNSET, "samconfig.toml": text})
    [error] = scan(".", "--select", "SG001", cwd=tmp_path).errors
    assert "expected Key=Value" in error["message"]


def test_the_source_of_a_file_is_listed(tmp_path: Path) -> None:
    text = "{%- if cookiecutter.prod %}\n[prod.deploy.parameters]\n{%- endif %}\n"
    write(tmp_path, {"template.yaml": UNSET, "samconfig.toml": text})
    [(path, reason)] = skipped(tmp_path)
    assert path == "samconfig.toml"
    assert "it is no TOML" in reason


def test_what_is_not_echoed_is_not_shown_beside_another(tmp_path: Path) -> None:
    template = UNSET.replace("  Name:", "  Password: {Type: String, NoEcho: true}\n  Name:")
    template = template.replace("!Ref Name", "!Sub web ${Password}")
    given = deployments(f'"Password=Sw0rdf1shes Admin={OPEN}"')
    write(tmp_path, {"template.yaml": template, "samconfig.toml": given})
    for form in ("text", "json", "sarif"):
        shown = scan(".", "--format", form, "--verbose", cwd=tmp_path).out
        assert "samconfig.toml" in shown
        assert "Sw0rdf1shes" not in shown
