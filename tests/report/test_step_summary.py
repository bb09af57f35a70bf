from __future__ import annotations

from html.parser import HTMLParser

import pytest
from tests.report.sample_reports import HOSTILE, SAMPLES, open_group, undecided
from tests.report.sample_reports import report as report_of
from tests.report.snapshots import assert_snapshot

from iac_ec2lint.report.step_summary import step_summary

TREE = "https://github.com/acme/infra/blob/0123456789abcdef"


class Tags(HTMLParser):
    """The tags of a text, and what it says."""

    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []
        self.links: list[str] = []
        self.words = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.append(tag)
        self.links += [value or "" for name, value in attrs if name == "href"]

    def handle_data(self, data: str) -> None:
        self.words += data


def tags(text: str) -> Tags:
    parser = Tags()
    parser.feed(text)
    parser.close()
    return parser


@pytest.mark.parametrize("sample", ["everything", "clean", "errors_only", "hostile"])
def test_what_the_page_of_a_run_shows(sample: str) -> None:
    text = step_summary(SAMPLES[sample], show_undecided=True, tree=TREE)
    assert_snapshot(f"{sample}.summary.md", text)


def test_the_worst_come_first() -> None:
    rows = [line for line in step_summary(SAMPLES["everything"]).split("\n") if line[:2] == "| "]
    assert [row.split(" | ")[0][2:] for row in rows[2:5]] == ["critical", "medium", "low"]


def test_places_are_links_into_the_commit() -> None:
    text = step_summary(report_of(open_group()), tree=TREE, prefix="live/")
    assert f"{TREE}/live/modules/web/group.tf#L4" in tags(text).links
    assert not [link for link in tags(step_summary(report_of(open_group()))).links if "L4" in link]


def test_text_of_others_makes_no_tag_no_link_and_no_cell() -> None:
    text = step_summary(SAMPLES["hostile"], show_undecided=True, tree=TREE)
    seen = tags(text)
    assert set(seen.names) <= {"a", "br", "code", "details", "summary"}
    assert text.count("<details>") == text.count("</details>") == 2
    assert all(link.startswith(f"{TREE}/") for link in seen.links)
    assert "<script>alert(1)</script>" in seen.words
    rows = [line for line in text.split("\n") if line.startswith("| high")]
    assert [row.count("|") for row in rows] == [5]
    for mark in ("`code`", "[x]", "| `", "\x1b", "\u202e"):
        assert mark not in text
    assert HOSTILE[:4] not in text


@pytest.mark.parametrize("count", [10, 3000])
@pytest.mark.parametrize("room", [1_000_000, 30_000, 1_500, 100])
def test_it_stays_within_its_room(count: int, room: int) -> None:
    sample = report_of(*(open_group(message=f"finding {number} €") for number in range(count)))
    text = step_summary(sample, tree=TREE, room=room)
    assert len(text.encode()) <= room
    shown = text.count("| high |")
    if shown < count and text:
        assert f"{count - shown:,} more findings are left out" in text
    assert (shown == count) == (room >= count * 1000)


def test_undecided_ones_are_listed_when_asked_for() -> None:
    assert "imdsv1" not in step_summary(report_of(undecided()))
    assert "| undecided |" in step_summary(report_of(undecided()), show_undecided=True)
