from __future__ import annotations

import subprocess
import sys

import pytest
from tests.report.sample_reports import ACCOUNT, SAMPLES

from iac_ec2lint import report


def test_formats_are_found_by_their_files() -> None:
    assert {"github", "gitlab-sast", "json", "sarif", "text"} <= set(report.formats())


def test_every_format_takes_every_option() -> None:
    for name in report.formats():
        text = report.render(
            name,
            SAMPLES["everything"],
            colour=True,
            quiet=True,
            show_undecided=True,
            show_notes=True,
            width=40,
            prefix="infra/",
            **ACCOUNT,
        )
        assert text.endswith("\n")


def test_an_unknown_format_is_named() -> None:
    with pytest.raises(ValueError, match="there is no format 'tex'; there are asff, azure"):
        report.render("tex", SAMPLES["clean"])


@pytest.mark.parametrize(
    ("filename", "expected"),
    [
        ("out/findings.json", "json"),
        ("FINDINGS.SARIF", "sarif"),
        ("findings.sarif.json", "sarif"),
        ("findings.txt", "text"),
        ("gl-sast-report.json", "gitlab-sast"),
        ("out/gl-code-quality-report.json", "gitlab"),
        ("ec2-junit.xml", "junit"),
        ("ec2.rdjson", "rdjson"),
        ("ec2.asff.json", "asff"),
        ("ec2.csv", "csv"),
        ("ec2.md", "markdown"),
        ("findings", None),
        ("findings.docx", None),
    ],
)
def test_a_file_name_asks_for_a_format(filename: str, expected: str | None) -> None:
    assert report.format_of(filename) == expected


def test_a_format_is_imported_only_when_it_is_used() -> None:
    program = (
        "import sys\n"
        "from iac_ec2lint import report\n"
        "assert 'text' in report.formats()\n"
        "loaded = [name for name in sys.modules if name.startswith('iac_ec2lint.report.')]\n"
        "assert not loaded, loaded\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


@pytest.mark.parametrize("name", report.formats())
@pytest.mark.parametrize("sample", SAMPLES)
def test_equal_reports_give_equal_text(name: str, sample: str) -> None:
    first, second = (report.render(name, SAMPLES[sample], **ACCOUNT) for _ in range(2))
    assert first == second
