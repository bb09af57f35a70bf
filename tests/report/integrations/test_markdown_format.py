"""The page for tickets and comments: what is open, what is folded, and how long it gets."""

from __future__ import annotations

import re

from tests.report.sample_reports import SAMPLES, open_group, undecided, whole_and_part
from tests.report.sample_reports import report as report_of

from iac_ec2lint import report
from iac_ec2lint.engine.finding import Evidence, Severity
from iac_ec2lint.report.integrations.markdown_format import MARKER, OPEN, ROOM
from iac_ec2lint.source.diagnostic import Diagnostic
from iac_ec2lint.source.span import SourceText


def page(name: str = "everything", **options: str) -> str:
    return report.render("markdown", SAMPLES[name], **options)


def items(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.startswith("- **")]


def test_its_first_line_is_a_mark_that_nobody_sees() -> None:
    for name in SAMPLES:
        first, *rest = page(name).splitlines()
        assert first == MARKER == "<!-- iac-ec2lint -->"
        assert MARKER not in rest


def test_the_worst_is_first() -> None:
    severities = re.findall(r"^- \*\*(\w+)\*\*", page(), re.MULTILINE)
    assert severities == ["critical", "medium", "low"]


def test_what_has_one_cause_is_one_problem() -> None:
    alike = [open_group(fingerprint=str(number)) for number in range(6)]
    text = report.render("markdown", report_of(*alike))
    assert len(items(text)) == 1
    assert text.count("  - also at ") == 3
    assert "  - and 2 more\n" in text
    [path] = items(report.render("markdown", whole_and_part()))
    assert "PATH001" in path
    assert "  - includes " in report.render("markdown", whole_and_part())


def test_paths_that_follow_from_one_way_in_are_named() -> None:
    hops = tuple(hop._replace(kind="security group") for hop in open_group().evidence)
    first = open_group(evidence=hops, severity=Severity.CRITICAL)
    second = open_group(evidence=hops, message="it has a role", fingerprint="2")
    text = report.render("markdown", report_of(first, second))
    assert len(items(text)) == 1
    assert re.search(r"^  - leads to \*\*high\*\* .*it has a role$", text, re.MULTILINE)


def test_ten_problems_are_open_and_the_others_folded() -> None:
    many = [open_group(message=f"m{number}", fingerprint=str(number)) for number in range(14)]
    text = report.render("markdown", report_of(*many))
    opened, folded = text.split("<details><summary>4 more</summary>\n\n")
    assert (len(items(opened)), len(items(folded))) == (OPEN, 4)
    assert text.count("<details>") == text.count("</details>")


def test_errors_are_not_folded() -> None:
    text = page("errors_only")
    assert "- <code>main.tf&#58;7</code>: expected" in text.split("<details><summary>What was")[0]


def test_undecided_ones_are_counted_and_listed_if_asked_for() -> None:
    hidden = report.render("markdown", report_of(undecided()))
    assert "1 undecided that would be high" in hidden
    assert items(hidden) == []
    [item] = items(report.render("markdown", report_of(undecided()), show_undecided=True))
    assert item.startswith("- **undecided** ")


def test_places_are_links_where_the_address_of_the_files_is_known() -> None:
    tree = "https://git.example.org/acme/infra/-/blob/0123"
    assert f'<a href="{tree}/infra/modules/web/group.tf#L4">' in page(
        "one", tree=tree, prefix="infra/"
    )
    assert "href" not in page("one").replace('<a href="https://example.org/docs/checks/', "")


def test_it_fits_into_a_comment_of_github_and_says_what_is_left_out() -> None:
    source = SourceText("a.tf", "x\n")
    hop = Evidence(source.span(0, 1), "w" * 900)
    many = [
        open_group(message=f"m{number}", fingerprint=str(number), evidence=(hop,) * 3)
        for number in range(300)
    ]
    errors = tuple(Diagnostic("a.tf", 1, 1, "e" * 3000) for _ in range(90))
    text = report.render("markdown", report_of(*many, errors=errors))
    assert len(text) < 65_536
    shown = len(items(text))
    assert 5 < shown < 300
    assert f"{300 - shown} more problems are left out: there is no room." in text
    assert text.count("<details>") == text.count("</details>")
    assert ROOM < 65_536
