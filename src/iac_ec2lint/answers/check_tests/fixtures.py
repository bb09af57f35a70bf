"""Fixtures in folders by code: infrastructure, with marks where findings must be.

A fixture is a file, or a folder: a root module with more than one file, or with its own modules.
Marks are comments: ``# expect: CODE``, ``# expect-undecided: CODE``, ``# expect-todo: CODE`` (a
known miss), each with a part of the message in quotes where that matters; ``# expect-when: CODE``
(a failure that hangs on a condition, with a part of that in quotes); ``# expect-note: NAME``. They
stand on the line where the finding begins, or alone on the line above. JSON has no comments: there
a file ``NAME.expected`` beside it has a mark a line, with the line's number in front.
"""

from __future__ import annotations

import re
import shutil
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from iac_ec2lint.answers.check_tests.examples import settings_in
from iac_ec2lint.answers.scan import ScanOptions, scan
from iac_ec2lint.engine.finding import Finding, Note, Severity
from iac_ec2lint.hcl.parser import parse
from iac_ec2lint.source.span import SourceText

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from iac_ec2lint.engine.report import Report

_MARK: Final = re.compile(r'expect(-[a-z]+)?:\s*([A-Z]+\d{3}|[a-z-]+)(?:\s+"([^"]*)")?')
STATUSES: Final = {
    "": "fail",
    "-when": "fail",
    "-undecided": "undecided",
    "-todo": "todo",
    "-note": "note",
}
_YAML_COMMENT: Final = re.compile(r"(?:^|\s)#(?P<text>.*)$")


class Mark(NamedTuple):
    """A finding that is expected: where, what and how."""

    file: str
    line: int
    code: str
    status: str
    words: str = ""
    conditional: bool = False


@dataclass(frozen=True)
class Fixture:
    """A file or a folder that is scanned for one check.

    Attributes:
        code: The check's code.
        path: The file, or the folder.
    """

    code: str
    path: Path

    def __str__(self) -> str:
        """Its folder and its name."""
        return f"{self.path.parent.name}/{self.path.name}"

    @property
    def languages(self) -> set[str]:
        """Which languages it has files of."""
        terraform = (".tf", ".tofu", ".tf.json", ".hcl")
        return {
            "terraform" if file.name.endswith(terraform) else "cloudformation"
            for file in self.files()
        }

    def files(self) -> list[Path]:
        """Its files of infrastructure."""
        found = [self.path] if self.path.is_file() else sorted(self.path.rglob("*"))
        return [f for f in found if f.is_file() and not f.name.endswith(".expected")]

    def marks(self) -> list[Mark]:
        """What its comments say must be found."""
        top = self.path.parent if self.path.is_file() else self.path
        return [
            mark for file in self.files() for mark in _marks(file, file.relative_to(top).as_posix())
        ]

    def scan(self, folder: Path, checks: tuple[Path, ...] = ()) -> Report:
        """Scan a copy of it in an empty folder, with its check alone.

        Args:
            folder: The empty folder.
            checks: Folders of checks beside the built-in ones.
        """
        if self.path.is_file():
            shutil.copy(self.path, folder)
        else:
            shutil.copytree(self.path, folder, dirs_exist_ok=True)
        for sidecar in folder.rglob("*.expected"):
            sidecar.unlink()
        return scan(
            ScanOptions(
                paths=(folder,),
                working=folder,
                boundary=folder,
                checks=checks,
                select=(self.code,),
                settings=tuple(
                    one for file in self.files() for one in settings_in(file.read_text("utf-8"))
                ),
                fail_on=Severity.INFO,
            )
        )


def fixtures_in(folder: Path) -> list[Fixture]:
    """All fixtures in the folders of a folder, which are named by code; by check and name."""
    return [
        Fixture(of_check.name, entry)
        for of_check in sorted(folder.iterdir())
        if of_check.is_dir()
        for entry in sorted(of_check.iterdir())
        if not entry.name.endswith(".expected")
    ]


def as_mark(found: Finding | Note) -> Mark:
    """A finding or a note as a mark, without words."""
    if isinstance(found, Note):
        return Mark(found.span.path, found.span.line, found.name, "note")
    return Mark(found.span.path, found.span.line, found.check.code, found.status.value)


def answers(found: Finding | Note, mark: Mark) -> bool:
    """Whether a finding or a note is what a mark asks for, words and all."""
    if as_mark(found) != mark._replace(words="", conditional=False):
        return False
    if mark.conditional:
        return isinstance(found, Finding) and found.when is not None and mark.words in found.when
    return mark.words in found.message


def differences(report: Report, marks: Sequence[Mark]) -> Iterator[str]:
    """What is found and not marked, marked and not found, or found in other words."""
    named = {mark.code for mark in marks if mark.status == "note"}
    notes = [note for note in report.notes if note.name in named]
    found: list[Finding | Note] = [*report.findings, *notes]
    expected = [mark for mark in marks if mark.status != "todo"]
    unmarked = Counter(map(as_mark, found))
    for mark in expected:
        plain = mark._replace(words="", conditional=False)
        if not unmarked[plain]:
            yield f"{mark.file}:{mark.line}: {_asked(mark)}, and nothing is found"
            continue
        unmarked[plain] -= 1
        if not any(answers(one, mark) for one in found):
            words = next(one.message for one in found if as_mark(one) == plain)
            yield f"{mark.file}:{mark.line}: {_asked(mark)}, and it says: {words}"
    for one in found:
        if unmarked[as_mark(one)] > 0:
            unmarked[as_mark(one)] -= 1
            where = f"{one.span.path}:{one.span.line}"
            yield f"{where}: not marked: {_asked(as_mark(one))}: {one.message}"


def _asked(mark: Mark) -> str:
    status = {"fail": "a failure", "undecided": "undecided", "note": "a note"}[mark.status]
    when = " that is conditional" if mark.conditional else ""
    words = f' with "{mark.words}"' if mark.words else ""
    return f"{mark.code}, {status}{when}{words}"


def _marks(file: Path, name: str) -> list[Mark]:
    sidecar = file.with_name(file.name + ".expected")
    if sidecar.exists():
        found = []
        for line in sidecar.read_text("utf-8").splitlines():
            number, _, rest = line.partition(" ")
            found += [_mark(name, int(number), m) for m in _MARK.finditer(rest)]
        return found
    text = file.read_text("utf-8")
    lines = text.split("\n")
    return [
        _mark(name, _target(lines, line), match)
        for line, comment in _comments(file, text)
        for match in _MARK.finditer(comment)
    ]


def _mark(name: str, line: int, match: re.Match[str]) -> Mark:
    kind = match[1] or ""
    return Mark(name, line, match[2], STATUSES[kind], match[3] or "", kind == "-when")


def _target(lines: list[str], line: int) -> int:
    """The line that a comment speaks of: its own, or the next with anything but a comment."""
    while line <= len(lines) and re.match(r"\s*(#|//)", lines[line - 1]):
        line += 1
    return line


def _comments(file: Path, text: str) -> list[tuple[int, str]]:
    if file.name.endswith((".tf", ".tofu")):
        source = SourceText(file.name, text)
        tree, _ = parse(source)
        return [(comment.span.line, comment.text) for comment in tree.comments]
    return [
        (number, found["text"])
        for number, line in enumerate(text.split("\n"), 1)
        if (found := _YAML_COMMENT.search(line))
    ]
