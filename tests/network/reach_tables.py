"""Infrastructure with verdicts on who reaches it, as ``reach_cases/*.txt`` tells them.

A file holds cases. A case begins with ``=== name``, then says what is expected, then gives the
infrastructure in one language or both, after ``--- terraform`` and ``--- cloudformation``::

    === ssh open
    ? aws_instance.web|Web tcp/22 reachable proven: igw assoc route vpc map rule host vpc

An expectation is a resource (in both languages), a port, a verdict, words that must hold (a
confidence, ``via=ADDRESS``, ``ipv6``, ``from=CIDR``, ``missing="text"``, ``says="text"``), and
after the colon the hops of the way in, in order, or all that blocks it. A hop is the label of the
line that it points at: ``#: rule`` behind the line. ``std`` stands for the first three above. The
lines of ``std.tf`` and ``std.yaml`` come first, unless the case says ``use: none``. A line
``@name`` stands for all of ``name.tf`` or ``name.yaml``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from iac_ec2lint.network.entry.internet_paths import INTERNET, ClientQuery
from iac_ec2lint.network.sets.addresses import parse_cidr
from iac_ec2lint.network.sets.ports import parse_protocol

FOLDER = Path(__file__).parent / "reach_cases"
LANGUAGES = ("terraform", "cloudformation")
_MACROS = {"std": ["igw", "assoc", "route"]}
_LABEL = re.compile(r"#: ([\w-]+)\s*$")


@dataclass(frozen=True)
class Expectation:
    """What is expected of one resource on one port."""

    resource: dict[str, str]
    port: str
    verdict: str
    words: tuple[str, ...]
    hops: tuple[str, ...] | None


@dataclass
class ReachCase:
    """Infrastructure in one or two languages, and what is expected of it."""

    name: str
    file: str
    standard: bool = True
    source: str = "internet"
    expectations: list[Expectation] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)
    folder: Path = FOLDER

    @property
    def ports(self) -> tuple[tuple[int, int], ...]:
        """The protocols and ports that something is expected of."""
        return tuple(dict.fromkeys(_port(each.port) for each in self.expectations))

    def clients(self, language: str) -> ClientQuery | str:
        """The clients in question, or the resource that they are."""
        if self.source == "internet":
            return INTERNET
        parsed = parse_cidr(self.source)
        if parsed:
            return ClientQuery((parsed.addresses,))
        names = self.source.split("|")
        return names[min(LANGUAGES.index(language), len(names) - 1)]

    def text(self, language: str) -> str:
        """All of the configuration."""
        ending = "tf" if language == "terraform" else "yaml"
        own = "".join(
            self._read(f"{line[1:].strip()}.{ending}") if line.startswith("@") else line
            for line in self.texts[language].splitlines(keepends=True)
        )
        if language == "terraform":
            return (self._read("std.tf") if self.standard else "") + own
        head, mark, resources = own.partition("Resources:\n")
        if not mark:
            head, resources = "", own
        return head + (self._read("std.yaml") if self.standard else "Resources:\n") + resources

    def labels(self, language: str) -> dict[int, str]:
        """The labels of the lines that have one."""
        found = {}
        for number, line in enumerate(self.text(language).splitlines(), 1):
            match = _LABEL.search(line)
            if match:
                found[number] = match[1]
        return found

    def _read(self, name: str) -> str:
        """A file beside the cases, or one that is for all of them."""
        own = self.folder / name
        return (own if own.exists() else FOLDER / name).read_text("utf-8")


def cases(folder: Path = FOLDER) -> list[ReachCase]:
    """All cases of all files in a folder."""
    found: list[ReachCase] = []
    for path in sorted(folder.glob("*.txt")):
        language = ""
        for line in path.read_text("utf-8").splitlines():
            if line.startswith("=== "):
                found.append(ReachCase(line[4:].strip(), path.stem, folder=folder))
                language = ""
            elif line.startswith("--- "):
                language = line[4:].strip()
                assert language in LANGUAGES, (path, line)
                found[-1].texts[language] = ""
            elif language:
                found[-1].texts[language] += f"{line}\n"
            elif line.startswith("? "):
                found[-1].expectations.append(_expectation(line))
            elif line.startswith("use: none"):
                found[-1].standard = False
            elif line.startswith("from: "):
                found[-1].source = line[6:].strip()
            else:
                assert not line.strip() or line.startswith("#"), (path, line)
    return found


def _expectation(line: str) -> Expectation:
    head, mark, tail = line.partition(": ")
    if not mark:
        head, tail = line.rstrip(":"), ""
    words = re.findall(r'[\w-]+="[^"]*"|\S+', head)[1:]
    names = words[0].split("|")
    resource = {language: names[min(i, len(names) - 1)] for i, language in enumerate(LANGUAGES)}
    hops: list[str] | None = None
    if mark or line.endswith(":"):
        hops = [label for word in tail.split() for label in _MACROS.get(word, [word])]
    return Expectation(
        resource, words[1], words[2], tuple(words[3:]), None if hops is None else tuple(hops)
    )


def _port(text: str) -> tuple[int, int]:
    name, _, number = text.partition("/")
    protocol = parse_protocol(name)
    assert protocol is not None
    return protocol, int(number)
