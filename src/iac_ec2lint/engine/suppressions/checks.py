"""What is wrong with suppressions, as findings: SUP001 to SUP004.

These checks are about comments, which are in no graph: they are asked of each suppression once all
units are judged, since what one unit does not need another one may.
"""

from __future__ import annotations

from abc import abstractmethod
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from posixpath import join, normpath
from typing import TYPE_CHECKING, Final, NamedTuple

from iac_ec2lint.engine.check import Check, Remark, Verdict, did_you_mean
from iac_ec2lint.engine.finding import Finding, Severity, Status, Subject
from iac_ec2lint.engine.judgement import digest
from iac_ec2lint.engine.registry import LoadedCheck, describe
from iac_ec2lint.source.suppression import EVERYTHING
from iac_ec2lint.values import Confidence

if TYPE_CHECKING:
    from iac_ec2lint.declaration import UnitKind
    from iac_ec2lint.engine.finding import CheckInfo
    from iac_ec2lint.engine.suppressions.suppression import SuppressionUse
    from iac_ec2lint.graph.graph import Graph
    from iac_ec2lint.source.suppression import Suppression


class Judged(NamedTuple):
    """A suppression as its checks judge it.

    Attributes:
        suppression: The suppression.
        ended: Whether its last day is over.
        unknown: What names no check, each with a hint.
        unused: The codes of the checks that ran and of which it suppresses nothing.
    """

    suppression: Suppression
    ended: bool
    unknown: tuple[str, ...]
    unused: tuple[str, ...]


class UnitUses(NamedTuple):
    """The suppressions of one unit, and what they did.

    Attributes:
        path: The unit's path.
        kind: What it is.
        uses: Its suppressions.
    """

    path: str
    kind: UnitKind
    uses: Iterable[SuppressionUse]


class SuppressionCheck(Check):
    """A question about suppressions, and none about the graph."""

    severity = Severity.INFO
    since = "0.1.0"

    def examine(self, graph: Graph) -> Iterator[Verdict | Remark]:  # noqa: ARG002 - see above
        """Nothing."""
        return iter(())

    @abstractmethod
    def fault(self, judged: Judged) -> str:
        """What is wrong with a suppression, in words; empty where nothing is."""


_RIGHT: Final = "ec2lint:ignore=DATA001 wiped every night"


def _written(encrypted: str, in_template: str = "", *, in_metadata: str = "") -> str:
    """A volume with a suppression, in each language.

    Args:
        encrypted: What the argument is, with the comment behind it.
        in_template: The same in a template, where it differs.
        in_metadata: The day on which the suppression ends that the template has as metadata.
    """
    metadata = f"""
    Metadata:
      ec2lint:
        ignore:
          - {{ code: DATA001, reason: wiped every night, until: {in_metadata} }}"""
    return f"""\
```hcl
resource "aws_ebs_volume" "scratch" {{
  availability_zone = "eu-west-1a"
  size              = 10
  encrypted         = {encrypted}
}}
```
```yaml
Resources:
  Scratch:
    Type: AWS::EC2::Volume{metadata if in_metadata else ""}
    Properties:
      AvailabilityZone: eu-west-1a
      Size: 10
      Encrypted: {"false" if in_metadata else in_template or encrypted}
```"""


def _page(why: str, *, fails: str, passes: str, mend: str) -> str:
    """The documentation of a check, as ``Check`` has it."""
    return f"""{why}

## Fails
{fails}

## Passes
{passes}

## How to mend it
{mend}
"""


class SuppressionOfUnknownCheck(SuppressionCheck):  # noqa: D101 - it is put together
    __doc__ = _page(
        """\
A suppression names a check that there is not.

## Why it matters
A code with a mistake in it suppresses nothing, and looks as if it did. The other codes of the
same suppression count.""",
        fails=_written("false # ec2lint:ignore=DATA01 wiped every night"),
        passes=_written(f"false # {_RIGHT}"),
        mend="""\
Write the code or the name of a check; `iac-ec2lint checks` lists them. Families (`SG`) and
wildcards are none: what suppresses all of a family suppresses what it will have next year.""",
    )

    code = "SUP001"
    name = "suppression-of-unknown-check"

    def fault(self, judged: Judged) -> str:
        """See ``SuppressionCheck``."""
        return f"no check is called {', '.join(judged.unknown)}" if judged.unknown else ""


class SuppressionEnded(SuppressionCheck):  # noqa: D101 - it is put together
    __doc__ = _page(
        """\
A suppression whose last day is over.

## Why it matters
It suppresses nothing any more. What it hid is a finding again, which names it.""",
        fails=_written(f"false # {_RIGHT} until=2001-12-31", in_metadata="2001-12-31"),
        passes=_written(f"false # {_RIGHT} until=9999-12-31", in_metadata="9999-12-31"),
        mend="""\
Mend what it hid, or decide anew how long it is accepted; if nothing is left, remove it.""",
    )

    code = "SUP002"
    name = "suppression-ended"

    def fault(self, judged: Judged) -> str:
        """See ``SuppressionCheck``."""
        one = judged.suppression
        return f"it ended on {one.until}, and suppresses nothing" if judged.ended else ""


class SuppressionUnused(SuppressionCheck):  # noqa: D101 - it is put together
    __doc__ = _page(
        """\
A suppression of what is not found.

## Why it matters
It waits for the next mistake at its place, and hides it. It is said of each code alone, and
only where the check ran, all of the unit was looked at, with its modules, and nothing in the
file is off by a default.""",
        fails=_written(f"true # {_RIGHT}"),
        passes=_written(f"false # {_RIGHT}"),
        mend="""\
Remove it, or move it to the block or the attribute that the finding is at.""",
    )

    code = "SUP003"
    name = "suppression-unused"

    def fault(self, judged: Judged) -> str:
        """See ``SuppressionCheck``."""
        return f"it suppresses nothing of {', '.join(judged.unused)}" if judged.unused else ""


class SuppressionMalformed(SuppressionCheck):  # noqa: D101 - it is put together
    __doc__ = _page(
        """\
What is meant as a suppression and is not spelled as one.

## Why it matters
It suppresses nothing, and looks as if it did. An end that cannot be read is no end, so that
such a suppression does not count either.""",
        fails=_written(
            "false # ec2lint: disable=DATA001 wiped every night",
            f"false # {_RIGHT} Until=2027-06-30",
        ),
        passes=_written(f"false # {_RIGHT}", f"false # {_RIGHT} until=9999-12-31"),
        mend="""\
Write `ec2lint:ignore=CODE`, then the reason, and where it shall end `until=2026-12-31`.
Several codes have commas between them.""",
    )

    code = "SUP004"
    name = "suppression-malformed"

    def fault(self, judged: Judged) -> str:
        """See ``SuppressionCheck``."""
        return judged.suppression.flaw


SUPPRESSION_CHECKS: tuple[type[SuppressionCheck], ...] = (
    SuppressionOfUnknownCheck,
    SuppressionEnded,
    SuppressionUnused,
    SuppressionMalformed,
)


def suppression_checks() -> tuple[LoadedCheck, ...]:
    """The checks of suppressions, which are in no folder of checks: they need no graph."""
    file = Path(__file__)
    return tuple(LoadedCheck(kind(), describe(kind, file)) for kind in SUPPRESSION_CHECKS)


def suppression_findings(
    units: Iterable[UnitUses],
    known: Iterable[CheckInfo],
    chosen: Iterable[LoadedCheck],
    working: str = "",
) -> Iterator[Finding]:
    """What is wrong with the suppressions of a scan.

    Args:
        units: The suppressions of each unit.
        known: All checks that there are.
        chosen: Those that ran.
        working: See ``judge``.
    """
    entries = tuple(chosen)
    own = [e for e in entries if e.info.family == "SUP"]  # to ask others would load them
    asked = [(e.check, e.info) for e in own if isinstance(e.check, SuppressionCheck)]
    if not asked:
        return
    by_word = {word: info for info in known for word in (info.code.lower(), info.name)}
    ran = {e.info.code for e in entries} - {info.code for _, info in asked}
    merged: dict[tuple[object, ...], tuple[UnitUses, SuppressionUse]] = {}
    # A plan's suppressions are those of its sources, whose own unit tells what is wrong with them.
    for unit in sorted(units, key=lambda unit: unit.kind == "plan"):
        for use in unit.uses:
            if use.suppression.peer:
                continue  # what is wrong with it, that program says
            at = (*use.suppression.at.key, use.suppression.codes)
            if at in merged:
                merged[at][1].add(use)
            elif unit.kind != "plan":
                merged[at] = unit, use
    alike: Counter[tuple[str, ...]] = Counter()
    for unit, use in merged.values():
        judged = _judged(use, by_word, ran)
        for check, info in asked:
            words = check.fault(judged)
            if words:
                place = normpath(join(working, use.suppression.at.path))
                same = (info.code, place, *use.suppression.codes)
                fingerprint = digest((*same, str(alike[same])))
                yield _finding(info, unit, use.suppression, words, fingerprint)
                alike[same] += 1


def _judged(use: SuppressionUse, by_word: Mapping[str, CheckInfo], ran: set[str]) -> Judged:
    one = use.suppression
    if one.flaw:
        return Judged(one, ended=False, unknown=(), unused=())
    named = {code: by_word.get(code.lower()) for code in one.codes}
    unknown = tuple(_unknown(code, by_word) for code, info in named.items() if info is None)
    unused = tuple(
        code
        for code, info in named.items()
        if info is not None and info.code in ran and info.code not in use.used
    )
    if one.paths is not None and one.addresses == EVERYTHING:
        unused = ()  # a rule for some files, whatever is found there
    return Judged(one, use.ended, unknown, unused if use.certain and not use.ended else ())


def _unknown(word: str, by_word: Mapping[str, CheckInfo]) -> str:
    """A word that names no check, and what may have been meant."""
    infos = tuple(by_word.values())
    meant = {one.code for one in infos for names in one.peers.values() if word in names}
    if any(one.family == word.upper() for one in infos):
        hint = "it is a family: name its checks"
    elif meant:
        hint = f"write {' or '.join(sorted(meant))}"
    else:
        hint = did_you_mean(word, (known for one in infos for known in (one.code, one.name)))
    return f"{word} ({hint})" if hint else word


def _finding(
    info: CheckInfo, unit: UnitUses, suppression: Suppression, words: str, fingerprint: str
) -> Finding:
    return Finding(
        check=info,
        severity=info.severity,
        status=Status.FAIL,
        confidence=Confidence.PROVEN,
        resource="",
        resources=(),
        subject="",
        type="suppression",
        language="cloudformation" if unit.kind == "stack" else "terraform",
        attribute="",
        span=suppression.at,
        message=words,
        fingerprint=fingerprint,
        subjects=(Subject(unit.path, "", fingerprint),),
    )
