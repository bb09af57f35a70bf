"""What a change introduces, fixes and hides, in findings."""

from __future__ import annotations

import os
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from iac_ec2lint.answers.changes.objects import GitObjects, MissingObject
from iac_ec2lint.answers.changes.touched import Side, Touched, changed_paths
from iac_ec2lint.answers.changes.trees import GitTree, uncompared_submodules, work_tree_files
from iac_ec2lint.answers.changes.verdicts import change_verdict
from iac_ec2lint.answers.configuration.applying import apply
from iac_ec2lint.answers.configuration.reading import find
from iac_ec2lint.answers.inputs import UsageError
from iac_ec2lint.answers.scan import Scan
from iac_ec2lint.engine.baseline import compare, entries
from iac_ec2lint.engine.finding import Status
from iac_ec2lint.engine.suppressions.checks import suppression_checks
from iac_ec2lint.report.changes.verdict import ChangeVerdict

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from iac_ec2lint.answers.changes.objects import TreeEntry
    from iac_ec2lint.answers.scan import ScanOptions
    from iac_ec2lint.answers.units import Job
    from iac_ec2lint.engine.baseline import Entry
    from iac_ec2lint.engine.finding import CheckInfo, Finding
    from iac_ec2lint.engine.report import Report
    from iac_ec2lint.source.diagnostic import Diagnostic
    from iac_ec2lint.source.tree import Tree

_ABOUT_SUPPRESSIONS = frozenset(entry.info.code for entry in suppression_checks())


class Change(NamedTuple):
    """A change, judged.

    Attributes:
        report: What the later tree has and the earlier one has not, as a report of its own.
        fixed: What the earlier one had and the later one has not.
        hidden: What failed and is suppressed now.
        remarks: What a reviewer must know of the comparison itself.
        verdict: What it lets through.
        has_submodules: Whether either tree has any: of these git knows more than trees do.
    """

    report: Report
    fixed: tuple[Entry, ...]
    hidden: tuple[Finding, ...]
    remarks: tuple[str, ...]
    verdict: ChangeVerdict = ChangeVerdict()
    has_submodules: bool = False


def revisions(
    work_tree: Path, base: str, head: str | None, *, from_merge_base: bool = False
) -> tuple[str, str | None]:
    """The ids of two trees to compare.

    Args:
        work_tree: The top folder of the repository.
        base: The earlier revision.
        head: The later one; the work tree as it is where that is not given.
        from_merge_base: Whether the earlier tree is that of the commit from which the later one
            parted from ``base``.

    Raises:
        UsageError: A revision is not here.
    """
    try:
        with GitObjects(work_tree) as objects:
            if from_merge_base:
                base = objects.merge_base(base, head or "HEAD")
            return objects.tree_of(base), None if head is None else objects.tree_of(head)
    except MissingObject as error:
        raise UsageError(str(error)) from None


def changes(
    options: ScanOptions,
    work_tree: Path,
    compared: tuple[str, str | None],
    load: Callable[[], Sequence[CheckInfo]],
    given: frozenset[str],
    policy: Path | None,
) -> Change:
    """Judge two trees and compare what is found.

    Configuration is the earlier tree's: a change cannot relax the rules that it is judged by.

    Args:
        options: What the command line gives.
        work_tree: The top folder of the repository.
        compared: See ``revisions``.
        load: Gives all checks.
        given: The options that the command line gives.
        policy: See ``apply``.

    Raises:
        UsageError: Something of the trees is not here.
    """
    base, head = compared
    disk = options.tree
    top = Path(disk.real(work_tree))
    try:
        with GitObjects(top) as objects:
            old = {entry.path: entry for entry in objects.files(base)}
            earlier = GitTree(top, objects, old, disk)
            later: Tree
            if head is None:
                new, later = work_tree_files(top, old, disk), disk
            else:
                new = {entry.path: entry for entry in objects.files(head)}
                later = GitTree(top, objects, new, disk)
            sides = _Tree(earlier, old), _Tree(later, new)
            change = _judged(options, top, sides, load, given, policy)
            every = (*old.values(), *new.values())
            return change._replace(has_submodules=any(one.is_submodule for one in every))
    except MissingObject as error:
        raise UsageError(str(error)) from None


class _Tree(NamedTuple):
    tree: Tree
    files: Mapping[str, TreeEntry]


def _judged(
    options: ScanOptions,
    top: Path,
    trees: tuple[_Tree, _Tree],
    load: Callable[[], Sequence[CheckInfo]],
    given: frozenset[str],
    policy: Path | None,
) -> Change:
    (earlier, old), (later, new) = trees
    submodules = [*uncompared_submodules(top, old, new, options.tree)]
    remarks = [*submodules]
    configuration, own = (find(top, top, one.tree) for one in trees)
    if _text(own, later) != _text(configuration, earlier):
        remarks.append("the configuration changes, or is new: the earlier one is judged by")
    scans = []
    for one in trees:
        plain = replace(options, paths=(top,), working=top, boundary=top, tree=one.tree)
        effective = apply(
            plain, given, load, named=configuration, policy=policy, search=False, earlier=earlier
        )
        scans.append(Scan(effective.options))
    before, after = scans
    if (accepted := before.options.baseline) is not None:
        texts = [_text(top / accepted[0], one) for one in (earlier, later)]
        if texts[0] != texts[1]:
            remarks.append("the baseline changes: the earlier one counts")
    before.files.parsed = after.files.parsed = {}
    sides = [
        Side(scan.survey, scan.units()[1], one.files)
        for scan, one in zip(scans, trees, strict=True)
    ]
    values = _given(before.options, top)
    units = Touched((sides[0], sides[1]), changed_paths(old, new), values)
    wanted = [partial(units.includes, side) for side in (0, 1)]
    found = _compared(_reports(scans, wanted), remarks, options)
    if any(f.check.code in _ABOUT_SUPPRESSIONS for f in found.report.findings):
        # Whether a comment is used is known from all units that read it.
        found = _compared(_reports(scans, (None, None)), remarks, options)
    errors = [f"{one.path}:{one.line}: {one.message}" for one in found.report.errors]
    verdict = change_verdict(before, after, units, [*submodules, *errors])
    return found._replace(verdict=verdict)


def _reports(scans: Sequence[Scan], wanted: Sequence[Callable[[Job], bool] | None]) -> list[Report]:
    return [scan.run(wanted=one) for scan, one in zip(scans, wanted, strict=True)]


def _given(options: ScanOptions, folder: Path) -> frozenset[str]:
    """The files of a tree that give values to units, by their paths in it."""
    named = [*options.var_files, *map(Path, options.parameters)]
    for one in options.unit_inputs:
        named += [*one.var_files, *map(Path, one.parameters)]
    return frozenset(os.path.relpath(folder / path, folder).replace(os.sep, "/") for path in named)


def _text(file: Path | None, tree: Tree) -> bytes:
    try:
        if file is None:
            return b""
        with tree.open(file) as opened:
            return opened.read(opened.size)
    except OSError:
        return b""


def _compared(reports: Sequence[Report], remarks: list[str], options: ScanOptions) -> Change:
    before, after = reports
    today = options.today
    known = entries(before.findings, today)
    ran = frozenset(check.code for check in after.checks)
    units = frozenset(entry.unit for entry in known)
    compared = compare(after.findings, known, today, name="", units=units, ran=ran)
    hidden_before = {s.fingerprint for f in before.findings for s in f.subjects if _stands(f)}
    hidden = tuple(
        finding
        for finding in after.findings
        if finding.status is Status.SUPPRESSED
        and any(subject.fingerprint in hidden_before for subject in finding.subjects)
    )
    new = tuple(finding for finding in compared.findings if finding.status is not Status.SUPPRESSED)
    there = {s.fingerprint for finding in after.findings for s in finding.subjects}
    fixed = tuple(entry for entry in compared.fixed if entry.fingerprint not in there)
    old_errors = {_nameless(error) for error in before.errors}
    errors = tuple(error for error in after.errors if _nameless(error) not in old_errors)
    remarks = [*remarks]
    if before.errors:
        remarks.append("not everything in the earlier tree could be read: some of it may be old")
    report = replace(after, findings=new, errors=errors, baseline=None)
    return Change(report, fixed, hidden, tuple(remarks))


def _stands(finding: Finding) -> bool:
    return finding.status is not Status.SUPPRESSED


def _nameless(error: Diagnostic) -> tuple[str, str]:
    return error.path, error.message
