from __future__ import annotations

import itertools
import re
from pathlib import Path

import pytest
from tests.report.sample_reports import (
    SAMPLES,
    finding,
    open_group,
    span,
    undecided,
    whole_and_part,
)
from tests.report.sample_reports import report as report_of
from tests.report.snapshots import assert_snapshot

from iac_ec2lint import report
from iac_ec2lint.answers.scan import ScanOptions, scan
from iac_ec2lint.engine.finding import BREAKS, Evidence, Finding, Severity, Status, Subject
from iac_ec2lint.engine.report import Report
from iac_ec2lint.source.span import SourceText

NETWORK = """
resource "aws_vpc" "a" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_internet_gateway" "a" {
  vpc_id = aws_vpc.a.id
}

resource "aws_subnet" "a" {
  vpc_id     = aws_vpc.a.id
  cidr_block = "10.0.0.0/24"
}

resource "aws_default_route_table" "a" {
  default_route_table_id = aws_vpc.a.default_route_table_id
  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.a.id
  }
}

resource "aws_security_group" "a" {
  vpc_id = aws_vpc.a.id
  ingress {
    from_port   = 22
    to_port     = 22
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
}
"""
ANSI = re.compile(r"\x1b\[[0-9;]*m")


@pytest.mark.parametrize("sample", SAMPLES)
def test_what_people_see(sample: str) -> None:
    assert_snapshot(f"{sample}.txt", report.render("text", SAMPLES[sample]))


@pytest.mark.parametrize("sample", ["everything", "hostile", "tabs_and_wide_characters"])
def test_what_people_see_who_ask_for_every_hop(sample: str) -> None:
    text = report.render("text", SAMPLES[sample], verbose=True)
    assert_snapshot(f"{sample}_verbose.txt", text)


@pytest.mark.parametrize("sample", ["everything", "undecided", "hostile"])
def test_what_people_see_who_ask_for_all(sample: str) -> None:
    text = report.render("text", SAMPLES[sample], show_undecided=True, show_notes=True)
    assert_snapshot(f"{sample}_all.txt", text)


def test_what_people_see_in_quiet_mode() -> None:
    text = report.render(
        "text", SAMPLES["everything"], quiet=True, show_undecided=True, show_notes=True
    )
    assert_snapshot("everything_quiet.txt", text)


def test_quiet_says_nothing_where_nothing_is_wrong() -> None:
    assert report.render("text", SAMPLES["clean"], quiet=True) == ""


@pytest.mark.parametrize("sample", SAMPLES)
def test_colour_adds_nothing_but_colour(sample: str) -> None:
    plain = report.render("text", SAMPLES[sample], show_undecided=True, show_notes=True)
    styled = report.render(
        "text", SAMPLES[sample], show_undecided=True, show_notes=True, colour=True
    )
    assert "\x1b" in styled
    assert "\x1b" not in plain
    assert ANSI.sub("", styled) == plain


def test_all_subjects_of_one_finding_are_named_or_counted() -> None:
    subjects = tuple(Subject(".", f"aws_instance.h{n}", str(n)) for n in range(9))
    judged = open_group()._replace(subject="aws_instance.h0", subjects=subjects)
    lines = report.render("text", report_of(judged), verbose=True).splitlines()
    first = next(n for n, line in enumerate(lines) if line.split()[:1] == ["subject"])
    named = [line.split()[-1] for line in lines[first : first + 9] if "aws_instance" in line]
    assert named == [subject.address for subject in subjects[: len(named)]]
    assert len(named) > 1
    assert lines[first + len(named)].strip() == f"and {9 - len(named)} more"


def test_undecided_ones_are_listed_only_when_asked_for() -> None:
    sample = report_of(undecided())
    assert "IMDS001" not in report.render("text", sample)
    assert "undecided   1 (--show-undecided lists them)" in report.render("text", sample)
    assert "IMDS001" in report.render("text", sample, show_undecided=True)


def test_a_part_is_counted_once_and_shown_with_its_whole() -> None:
    text = report.render("text", whole_and_part())
    assert "1 finding (1 critical)" in text
    assert text.count("SG001") == 1


def headlines(sample: Report, *, show_undecided: bool = False) -> list[str]:
    text = report.render("text", sample, quiet=True, show_undecided=show_undecided)
    return [line.split(": ")[1] for line in text.splitlines()]


def test_a_part_whose_whole_is_not_shown_is_shown_itself() -> None:
    whole, part = whole_and_part().findings
    accepted = whole._replace(status=Status.SUPPRESSED)
    assert headlines(report_of(accepted, part)) == ["high SG001 ssh-open-to-internet"]


def test_a_failure_is_not_hidden_behind_something_undecided() -> None:
    whole, part = whole_and_part().findings
    unsure = whole._replace(status=Status.UNDECIDED)
    assert headlines(report_of(unsure, part), show_undecided=True) == [
        "high SG001 ssh-open-to-internet",
        "undecided PATH001 instance-reachable-from-internet",
    ]


def test_parts_of_one_another_are_all_shown() -> None:
    first = open_group(fingerprint="1", part_of=("2",))
    second = open_group(fingerprint="2", part_of=("1",))
    assert len(headlines(report_of(first, second))) == 2


def test_a_part_of_a_part_is_shown_with_the_whole() -> None:
    first = open_group(fingerprint="1", part_of=("2",))
    second = open_group(fingerprint="2", part_of=("3",))
    whole = open_group(fingerprint="3", message="the whole")
    assert headlines(report_of(first, second, whole)) == ["high SG001 ssh-open-to-internet"]
    text = report.render("text", report_of(first, second, whole), verbose=True)
    assert text.count("SG001 ssh-") == 3


def test_what_is_worse_is_not_hidden_in_what_is_less_bad() -> None:
    whole, part = whole_and_part().findings
    less = whole._replace(severity=Severity.MEDIUM)
    assert headlines(report_of(less, part)) == [
        "high SG001 ssh-open-to-internet",
        "medium PATH001 instance-reachable-from-internet",
    ]


def test_no_line_is_wider_than_asked_for_its_excerpt() -> None:
    text = report.render("text", SAMPLES["tabs_and_wide_characters"], width=60, verbose=True)
    excerpts = [line for line in text.splitlines() if re.match(r"\s+\d* \| ", line)]
    assert len(excerpts) == 10
    assert all(len(line) <= 60 for line in excerpts)


def test_what_is_said_of_several_alike_is_one_problem() -> None:
    def host(name: str, line: int) -> Finding:
        at = span(SourceText(f"{name}.tf", f"host {name}\n" * line), "host", line - 1)
        subject = Subject(".", name, name)
        return finding(at, message=f"{name} is open", subjects=(subject,), fingerprint=name)

    text = report.render("text", report_of(host("a", 1), host("b", 2)))
    assert text.count("is open") == 1
    assert "--> a.tf:1:1" in text
    assert "\n      b.tf:2:1" in text
    assert "2 findings" in text


def test_what_is_said_of_several_is_said_once_and_its_way_leads_to_the_first(
    tmp_path: Path,
) -> None:
    hosts = "".join(
        f"""
resource "aws_instance" "{name}" {{
  ami                         = "ami-0123456789abcdef0"
  instance_type               = "t3.micro"
  subnet_id                   = aws_subnet.a.id
  vpc_security_group_ids      = [aws_security_group.a.id]
  associate_public_ip_address = true
}}
"""
        for name in ("web", "web_2", "web_3", "web_4", "web_5")
    )
    (tmp_path / "main.tf").write_text(NETWORK + hosts)
    found = scan(ScanOptions(paths=(tmp_path,), select=("PATH001",), boundary=tmp_path))
    (one,) = found.with_status(Status.FAIL)
    assert one.message == (
        "anyone on the internet can reach tcp 22 (SSH) of aws_instance.web, aws_instance.web_2, "
        "aws_instance.web_3 and 2 more"
    )
    text = report.render("text", found)
    assert "aws_security_group.a > aws_instance.web +4 mend " in " ".join(text.split())


def alike(path: str, name: str, line: int = 1, **changes: object) -> Finding:
    """A finding at a line of a file, of which a resource is judged."""
    at = span(SourceText(path, f"host {name}\n" * line), "host", line - 1)
    subject = Subject(path, name, name)
    made = finding(at, message=f"{name} is open", subjects=(subject,), fingerprint=f"{path}{line}")
    return made._replace(**changes)  # type: ignore[arg-type]  # the fields of a finding


def test_the_places_of_what_is_alike_stand_together_with_their_resources() -> None:
    found = [alike("a.tf", "a", line) for line in (1, 2, 3)] + [alike("b.tf", "b")]
    lines = report.render("text", report_of(*found)).splitlines()
    assert lines[1:3] == [
        "  --> a.tf:1:1   host a",
        "      a.tf:2:1, a.tf:3:1 of a; b.tf:1:1 of b",
    ]


def test_all_that_is_judged_at_one_place_is_named_there() -> None:
    found = [alike("a.tf", "a"), alike("a.tf", "b"), alike("b.tf", "c"), alike("b.tf", "d")]
    lines = report.render("text", report_of(*found)).splitlines()
    assert lines[1:3] == ["  --> a.tf:1:1 of b   host a", "      b.tf:1:1 of c and d"]


def test_more_places_than_there_is_room_for_are_counted() -> None:
    found = [alike(f"{'long/' * 8}{number}.tf", f"h{number}") for number in range(9)]
    lines = report.render("text", report_of(*found)).splitlines()
    assert lines[3].endswith("2.tf:1:1 of h2 +6 (--verbose)")
    assert all(len(line) <= 100 for line in lines[:4])


def test_a_place_that_fills_its_line_leaves_none_empty() -> None:
    found = [alike("a.tf", "h"), alike(f"{'long/' * 20}b.tf", "h")]
    lines = report.render("text", report_of(*found)).splitlines()
    assert lines[2].endswith("b.tf:1:1")
    assert not any(line.isspace() for line in lines)


def path_to(host: str, port: int, *follows: Finding) -> tuple[Finding, ...]:
    """A path to a host through a group of its own, with what follows from it."""
    at = span(SourceText(f"{host}.tf", "open\n"), "open", 0)
    hops = (
        Evidence(at, f"{host}-group admits it", f"{host}-group", kind="security group"),
        Evidence(at, f"{BREAKS}admit tcp {port} from known addresses only", f"{host}-group"),
    )
    whole = alike(
        f"{host}.tf", host, evidence=hops, message=f"anyone can reach tcp {port} of {host}"
    )
    return (whole, *(one._replace(span=whole.span, evidence=hops) for one in follows))


def test_paths_that_are_alike_but_for_names_are_one_problem() -> None:
    onward = alike(
        "x.tf", "db", severity=Severity.LOW, message="anyone can get on to tcp 3306 of db"
    )
    other = onward._replace(message="anyone can get on to tcp 5432 of pg", fingerprint="pg")
    same = onward._replace(message="anyone can get on to tcp 3306 of my", fingerprint="my")
    found = [*path_to("a", 22, onward), *path_to("b", 22, same), *path_to("c", 22, other)]
    found += path_to("d", 80, onward._replace(fingerprint="d"))
    text = report.render("text", report_of(*found))
    assert text.count("\n  way in ") == 3
    assert "  --> a.tf:1:1   host a\n      b.tf:1:1 of b\n" in text
    assert "tcp 5432 of pg" in text
    quiet = report.render("text", report_of(*found), quiet=True).splitlines()
    assert len(quiet) == len(found)


def test_only_who_begins_a_path_is_left_out_of_where_it_leads() -> None:
    onward = alike(
        "x.tf",
        "b",
        severity=Severity.LOW,
        message="the key of a, which anyone on the internet can reach, opens b",
    )
    text = report.render("text", report_of(*path_to("a", 22, onward)))
    assert "the key of a, which anyone on the internet can reach, opens b" in text


def test_a_mend_that_several_problems_of_a_check_have_is_said_once() -> None:
    mended = open_group()
    first = mended._replace(message="one thing", fingerprint="1")
    second = mended._replace(message="another thing", fingerprint="2")
    worse = mended._replace(message="a third", fingerprint="3", severity=Severity.CRITICAL)
    text = report.render("text", report_of(first, second, worse))
    assert text.count("\n  mend all Limit port 22") == 1
    assert text.count("\n  mend     Limit port 22") == 1


@pytest.mark.parametrize("example", ["three-tier", "cloudformation"])
def test_a_problem_takes_six_lines_on_average_and_twelve_at_most(example: str) -> None:
    folder = Path(__file__).parents[2] / "examples" / example
    text = report.render("text", scan(ScanOptions(paths=(folder,), boundary=folder)))
    shown = text[: text.index("\nchecks  ")].splitlines()
    heads = [
        n for n, line in enumerate(shown) if re.match(r"(critical|high|medium|low|info) ", line)
    ]
    assert heads
    assert len(shown) - heads[0] <= 6 * len(heads)
    assert all(b - a <= 12 for a, b in itertools.pairwise([*heads, len(shown)]))
