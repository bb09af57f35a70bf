"""An unknown never makes safe: whatever setting is not known, no failure turns into a pass.

Each failing example and fixture is scanned with one setting at a time unset, in both languages
(``unset_settings``). What failed must fail still, or be undecided, and be no less severe. A run
takes a fifth of the settings of an eighth of them, others at each commit.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from itertools import product
from pathlib import Path
from typing import Final, NamedTuple

import pytest
from tests.checks.fixture_cases import complete
from tests.checks.test_registry_of_checks import INFOS
from tests.invariance.corpus import cases, in_turn
from tests.invariance.projects import Project, scan_project
from tests.invariance.template_spelling import as_json, data_of
from tests.network.reach_tables import LANGUAGES, ReachCase
from tests.network.reach_tables import cases as reach_cases
from tests.promises.unset_settings import of_template, of_terraform

from iac_ec2lint.answers.check_tests.examples import examples
from iac_ec2lint.answers.inputs import Inputs
from iac_ec2lint.answers.reach import connect
from iac_ec2lint.engine.finding import Finding, Status
from iac_ec2lint.engine.report import Report
from iac_ec2lint.report.answers.reach_report import render


class Passes(NamedTuple):
    """What rightly passes, or is less severe, where something is not known.

    Attributes:
        check: The check's code.
        place: What the place of the setting matches.
        because: Why that is right.
    """

    check: str
    place: str
    because: str


RIGHTLY: Final = (
    Passes(
        "SG021",
        r"security_?group_?ids",
        "groups that are not known are declared elsewhere, and nothing says that they have rules",
    ),
    Passes(
        "NET007",
        r"^OfPrivate(Too)?\.(NetworkAclId|RuleNumber)",
        "AWS refuses a number that is taken: an unknown one, or one of an unknown network ACL, is "
        "hardly that of another",
    ),
    Passes(
        "KEY006",
        r"(?i)content\.parameters",
        "a default of a document's parameter that is not known is not written in the script, and "
        "whoever runs the document may give another",
    ),
    Passes(
        "VPCE004",
        r"(?i)resource|\.policy literal",
        "that strangers are admitted is certain, and fails as the lesser finding that it is at "
        "least; its message says that the resources may be anybody's",
    ),
    Passes(
        "NET015",
        r"^(aws_)?(route|internet_gateway|subnet|vpc)",
        "that there are several interfaces is certain, and fails as the lesser finding at least; "
        "which of their subnets are public is not",
    ),
    Passes(
        "VPCE001",
        r"(?i)(subnet|private).*\.vpc_?id$",
        "of a host whose VPC is not known it is said at the host that it may lack the endpoint",
    ),
    Passes(
        "VPCE008",
        r"availability_?zone",
        "AWS refuses a second subnet in the same zone, so that two of them are in two unless it is "
        "said that they are not",
    ),
    Passes(
        "VPCE010",
        r"(?i)acceptance_?required",
        "that everybody is allowed is certain, and fails as the lesser finding that it is at least",
    ),
    Passes(
        "PATH009",
        r"(?i)managed_?policy_?arns|\.policy_arn literal",
        "the unknown policy decides both whether the host is managed and what its role may do: "
        "that somebody may do something to a role of which nothing is known is no news",
    ),
    Passes(
        "PATH008",
        r"^(Own|Self|Writers|WithoutAge)\..*\.Action literal|^(Careless|Maker)\..*\.Action$"
        r"|\.(own|developers|versions|writers|perhaps|without_age)\.policy literal 1$",
        "its action, of which nothing is known, is all that the statement says: that somebody may "
        "do something of which nothing is known is no news",
    ),
    Passes(
        "PATH019",
        r"(?i)\.inline_policy\[0\]\.policy|managed_?policy_?arns|\.Principal(\.AWS)?$",
        "a policy of which nothing is known says of nobody what he may do: that it may be so for "
        "each pair of roles is no news",
    ),
    Passes(
        "PATH019",
        r"(?i)\.tags(\.\d+\.key literal)?$",
        "nothing but its tags says that it holds what is sensitive",
    ),
    Passes(
        "KEY002",
        r"(?i)\.key_?name literal|public_?key",
        "what it says of two hosts it says of the one whose key pair is not known",
    ),
    Passes(
        "KEY007",
        r"\.password literal",
        "a secret that an input gives is not written down in the configuration",
    ),
    Passes(
        "DATA016",
        r"(?i)kms_?key_?id literal|alias.*name literal",
        "of a volume whose key is not known it is said at the volume",
    ),
    Passes(
        "DATA017",
        r"(?i)kms_?key_?id literal",
        "a key of which nothing is known is declared elsewhere: nothing says that one that stands "
        "here is used for EBS data",
    ),
    Passes(
        "RES008",
        r"(?i)\.subnets(\.\d+)?$",
        "an Application Load Balancer has subnets in two zones at least, or AWS refuses it",
    ),
    *(
        Passes(
            check,
            r"\.type_name literal",
            "a resource of a type that is not known is listed as passed over",
        )
        for check in ("DATA001", "RES006")
    ),
    Passes(
        "SG016",
        r"GroupName literal",
        "a name that is not known is seldom the default group's, and a rule for any such name "
        "would be undecided",
    ),
    *(
        Passes(
            check,
            r"(?i)\.user_?data\b|\.data\b|\.command\b|\.inline\b",
            "a script of which nothing is known seldom shares anything, and each would be "
            "undecided",
        )
        for check in ("IAM001", "IAM002")
    ),
)

MISSED: Final = (
    ("tests/fixtures/PATH006/targets.tf", "aws_subnet.private.vpc_id"),
    ("example PATH009 0", "aws_iam_role_policy_attachment.host.role"),
    ("tests/fixtures/PATH009/tags.tf", "aws_iam_role_policy_attachment.admin.role"),
    ("tests/fixtures/PATH009/tags_of_templates.tf", "aws_iam_role_policy_attachment.admin.role"),
    ("tests/fixtures/PATH008/back_to_oneself.yaml", "Deploys.ManagedPolicyArns"),
    ("tests/fixtures/PATH008/back_to_oneself.yaml", "Deploys.ManagedPolicyArns.0"),
    ("tests/fixtures/PATH009/logins.tf", "aws_route_table_association.public.subnet_id"),
    (
        "an accepter that gives no default table, and a table for its id terraform",
        "aws_ec2_transit_gateway_vpc_attachment_accepter.far.transit_gateway_attachment_id",
    ),
)
"""Known misses: what is scanned, and the place of the setting."""


class Source(NamedTuple):
    """Infrastructure that fails a check.

    Attributes:
        name: What it is.
        check: The check's code.
        project: Its files, templates in JSON.
    """

    name: str
    check: str
    project: Project

    def variants(self) -> Iterator[tuple[str, Project]]:
        """The infrastructure with one setting unset, for each whose turn it is."""

        def is_wanted(place: str) -> bool:
            return _is_in_turn(self.name, place)

        for path, text in self.project.items():
            if path.endswith(".json"):
                for place, template in of_template(json.loads(text), is_wanted):
                    yield place, {path: as_json(template)}
            elif path.endswith(".tf") and "/" not in path and not path.endswith("override.tf"):
                # Whoever calls a child module has to set its variables.
                for place, changed in of_terraform(text, is_wanted):
                    yield place, {**self.project, path: changed}


@cache
def _sources() -> dict[str, list[Source]]:
    """What is scanned in this run, by the code of the check that it fails."""
    found: dict[str, list[Source]] = defaultdict(list)
    for info in INFOS:
        for number, example in enumerate(examples(info.documentation, "Fails")):
            name = f"example {info.code} {number}"
            if in_turn(name, 8):
                text = complete(example, info.documentation)
                is_native = example.language == "hcl"
                project = {"main.tf": text} if is_native else {"main.json": as_json(data_of(text))}
                found[info.code].append(Source(name, info.code, project))
    for case in cases():
        if not case.own_checks or not in_turn(str(case), 8):
            continue
        [code] = case.own_checks
        if case.is_template:
            found[code].append(Source(str(case), code, {"main.json": as_json(data_of(case.text))}))
        elif case.is_native:
            found[code].append(Source(str(case), code, case.project))
    return found


@pytest.mark.slow
@pytest.mark.parametrize("check", [info.code for info in INFOS])
def test_no_failure_passes_where_a_setting_is_unknown(check: str) -> None:
    wrong = []
    for source in _sources()[check]:
        variants = list(source.variants())
        before = _failures(source) if variants else []
        for place, project in variants if before else ():
            after = scan_project(project, select=(check,))
            if after.errors or _is_right(check, place):
                continue  # with errors it is no configuration
            wrong += [
                (source.name, place, one.message) for one in before if not _is_held(one, after)
            ]
    assert wrong == []


def _is_in_turn(name: str, place: str) -> bool:
    return (name, place) not in MISSED and in_turn(f"{name} {place}", 5)


def _is_right(check: str, place: str) -> bool:
    return any(one.check == check and re.search(one.place, place) for one in RIGHTLY)


def _failures(source: Source) -> list[Finding]:
    report = scan_project(source.project, select=(source.check,))
    return [finding for finding in report.findings if finding.status is Status.FAIL]


def _is_held(failure: Finding, report: Report) -> bool:
    """Whether a report says something of what failed, at least as bad, or that it is undecided."""
    said = _about(failure)
    return any(
        (finding.status is Status.UNDECIDED or finding.severity.rank <= failure.severity.rank)
        and said & (_about(finding) | {_bare(hop.resource) for hop in finding.evidence})
        for finding in report.findings
    )


def _about(finding: Finding) -> set[str]:
    return {_bare(one) for one in (finding.subject, finding.resource, *finding.resources)}


def _bare(address: str) -> str:
    """An address without instance keys: an unknown number of instances has none."""
    return re.sub(r"\[[^\]]*\]", "", address)


@pytest.mark.slow
@pytest.mark.parametrize("file", sorted({case.file for case in reach_cases()}))
def test_nothing_is_unreachable_where_a_setting_is_unknown(file: str, tmp_path: Path) -> None:
    wrong = []
    for case, language in product(reach_cases(), LANGUAGES):
        name = f"{case.name} {language}"
        if case.file == file and language in case.texts and in_turn(name, 8):
            wrong += [(name, *lost) for lost in _lost(case, language, tmp_path)]
    assert wrong == []


def _lost(case: ReachCase, language: str, folder: Path) -> Iterator[tuple[str, str, str]]:
    """The places of settings without which something is reached no more; and what it is."""
    text = case.text(language)
    reached = {
        (each.resource[language], each.port)
        for each in case.expectations
        if each.verdict == "reachable"
    }

    def is_wanted(place: str) -> bool:
        return bool(reached) and _is_in_turn(f"{case.name} {language}", place)

    variants = (
        of_terraform(text, is_wanted)
        if language == "terraform"
        else (
            (place, as_json(template)) for place, template in of_template(data_of(text), is_wanted)
        )
    )
    for place, variant in variants:
        verdicts = _verdicts(case, language, variant, folder)
        for key in sorted(reached):
            if verdicts and not _is_reached(verdicts, *key):
                yield (place, *key)


def _is_reached(verdicts: dict[tuple[str, str], str], workload: str, port: str) -> bool:
    """Whether a workload, or what stands for an unknown number of it, may be reached."""
    found = verdicts.get((workload, port), verdicts.get((_bare(workload), port)))
    return found in {"reachable", "undecided"}


def _verdicts(
    case: ReachCase, language: str, text: str, folder: Path
) -> dict[tuple[str, str], str]:
    """The verdicts on the workloads of a variant; none where it is no configuration."""
    own = folder / language
    own.mkdir(exist_ok=True)
    (own / ("main.tf" if language == "terraform" else "main.json")).write_text(text, "utf-8")
    inputs = Inputs(paths=(own,), working=own)
    found = connect(inputs, case.ports, asked=case.clients(language))
    if found.errors:
        return {}
    rows = json.loads(render(found))["workloads"]
    return {(row["resource"], f"{row['protocol']}/{row['port']}"): row["verdict"] for row in rows}
