"""``iac-ec2lint diff BASE [HEAD]``: what a change introduces, fixes and hides."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from iac_ec2lint.cli.cached import CachedAnswer
from iac_ec2lint.cli.complaints import usage_errors
from iac_ec2lint.cli.options import (
    branches_option,
    checks_option,
    given_options,
    no_cache_option,
    settings_in,
    settings_option,
    strict_option,
    words_in,
)
from iac_ec2lint.cli.terminal import columns, shows_colour

if TYPE_CHECKING:
    from iac_ec2lint.answers.changes.comparing import Change
    from iac_ec2lint.answers.inputs import BranchChoice

_SEVERITIES = ("critical", "high", "medium", "low", "info")
_SHOWN = 20


@click.command("diff")
@click.argument("base", required=False)
@click.argument("head", required=False)
@click.option(
    "--format",
    "-f",
    "form",
    type=click.Choice(("text", "json", "markdown")),
    default="text",
    show_default=True,
    help="markdown is a comment for a pull request.",
)
@click.option(
    "--only-exposure",
    is_flag=True,
    help="With --format markdown, say nothing unless the change exposes more, or may.",
)
@click.option("--verbose", "-v", is_flag=True, help="Every hop of every finding.")
@click.option("--quiet", "-q", is_flag=True, help="One line a finding, and no summary.")
@click.option("--show-undecided", is_flag=True, help="List what could not be decided, and why.")
@click.option("--show-notes", is_flag=True, help="List remarks that are no findings.")
@click.option("--select", multiple=True, metavar="WORD[,WORD]", help="As scan --select.")
@click.option("--ignore", multiple=True, metavar="WORD[,WORD]", help="As scan --ignore.")
@click.option(
    "--fail-on",
    type=click.Choice(_SEVERITIES),
    default="medium",
    show_default=True,
    help="Exit with 1 where something of this severity or worse is new.",
)
@click.option(
    "--policy-config",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="As scan --policy-config.",
)
@click.option(
    "--merge-base",
    is_flag=True,
    help="Compare with the commit from which HEAD parted from BASE, as a pull request does.",
)
@click.option(
    "--pre-commit",
    is_flag=True,
    help="BASE and HEAD are what pre-commit says, if it does; BASE is else origin/HEAD or HEAD.",
)
@strict_option
@branches_option
@checks_option
@settings_option
@no_cache_option
def command(
    base: str | None,
    head: str | None,
    form: str,
    only_exposure: bool,
    verbose: bool,
    quiet: bool,
    show_undecided: bool,
    show_notes: bool,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    fail_on: str,
    policy_config: Path | None,
    merge_base: bool,
    pre_commit: bool,
    strict: bool,
    branches: BranchChoice,
    checks: tuple[Path, ...],
    settings: tuple[str, ...],
    no_cache: bool,
) -> None:
    """Compare two revisions of the repository around the working folder.

    BASE and HEAD are commits, branches or tags; without HEAD the work tree is judged as it is. The
    trees are read from git's objects; nothing is checked out. Only units that the change can touch
    are judged.
    """
    from iac_ec2lint.answers.changes.comparing import changes, revisions  # only where it runs
    from iac_ec2lint.engine.finding import Severity
    from iac_ec2lint.source.boundary import work_tree

    top = work_tree(Path.cwd())
    if top is None:
        raise click.UsageError("the working folder is in no git work tree")
    if pre_commit:
        base, head, merge_base = _of_pre_commit(top, base, head)
    if base is None:
        raise click.UsageError("Missing argument 'BASE'.")
    with usage_errors():
        compared = revisions(top, base, head, from_merge_base=merge_base)
    policy = b"" if policy_config is None else policy_config.read_bytes()
    cached = CachedAnswer(
        (top,), lambda: (top, compared, policy), wanted=not checks and not no_cache
    )
    status = cached.say_again(verbose=verbose)
    if status is not None:
        raise SystemExit(status)
    from iac_ec2lint.answers.scan import ScanOptions, load_checks
    from iac_ec2lint.report import render

    options = ScanOptions(
        paths=(),
        tree=cached.tree,
        select=words_in(select),
        ignore=words_in(ignore),
        settings=settings_in(settings),
        checks=checks,
        fail_on=Severity(fail_on),
        strict=strict,
        branches=branches,
        allow_empty=True,
    )
    with usage_errors():
        change = changes(
            options,
            top,
            compared,
            lambda: [entry.info for entry in load_checks(checks)[0]],
            given_options(click.get_current_context()),
            policy_config,
        )
    if form == "json":
        page = _json(change)
    elif form == "markdown":
        page = _comment(change, only_exposure=only_exposure)
    else:
        shown = render(
            "text",
            change.report,
            colour=shows_colour(),
            width=columns(),
            verbose=verbose,
            quiet=quiet,
            show_undecided=show_undecided,
            show_notes=show_notes,
        )
        page = _text(change, shown)
    cached.say("out", (page,))
    if not change.has_submodules:  # of which git alone knows the commit
        cached.keep(change.report.exit_status, change.report.errors)
    raise SystemExit(change.report.exit_status)


def _of_pre_commit(top: Path, base: str | None, head: str | None) -> tuple[str, str | None, bool]:
    """What is compared in a hook, and whether its merge base is.

    Where pre-commit gives no revisions, the work tree is what is about to be committed.
    Source: pre-commit's documentation, "Supported git hooks", and ``pre-commit run --from-ref``.
    """
    import os  # only in a hook

    from iac_ec2lint.answers.changes.objects import EMPTY_TREE, GitObjects, MissingObject

    start, end = (os.environ.get(f"PRE_COMMIT_{side}_REF") for side in ("FROM", "TO"))
    if start and end:
        return start, end, True
    try:
        with GitObjects(top) as objects:
            for name in (base, "origin/HEAD", "HEAD"):
                if name is not None and (name == base or objects.has(name)):
                    return name, head, True
    except MissingObject as error:
        raise click.UsageError(str(error)) from None
    return EMPTY_TREE, head, False  # the first commit


def _comment(change: Change, *, only_exposure: bool) -> str:
    from iac_ec2lint.report.changes.comment import raises_exposure, render  # only if asked for

    if only_exposure and not raises_exposure(change.report, change.verdict):
        return ""
    return render(
        change.report, change.fixed, change.hidden, change.remarks, change.verdict.sentences
    )


def _text(change: Change, shown: str) -> str:
    from iac_ec2lint.report.escape import place, visible  # only where a command runs

    lines = [f"{visible(one[:1].upper() + one[1:])}." for one in change.verdict.sentences]
    lines.append("")
    if change.report.findings or change.report.errors:
        lines += ["New with this change:", "", *shown.splitlines()]
    else:
        lines.append("Nothing new with this change.")
    for title, found in (
        (
            "Fixed by it",
            [f"{place(e.path)}: {e.severity} {e.check} {e.resource}" for e in change.fixed],
        ),
        (
            "Failed, and is suppressed now",
            [
                f"{place(f.span.path, f.span.line)}: {f.severity} {f.check.code} {f.subject}"
                for f in change.hidden
            ],
        ),
        ("To be known", list(change.remarks)),
    ):
        if found:
            lines += ["", f"{title} ({len(found)}):"]
            lines += [f"  {visible(one)}" for one in found[:_SHOWN]]
            if len(found) > _SHOWN:
                lines.append(f"  and {len(found) - _SHOWN} more")
    return "".join(f"{line}\n" for line in lines)


def _json(change: Change) -> str:
    from iac_ec2lint.report.json_format import document  # only where it is asked for
    from iac_ec2lint.report.serialisation import serialise

    whole = document(change.report)
    whole["fixed"] = [
        {
            "check": entry.check,
            "unit": entry.unit,
            "resource": entry.resource,
            "path": entry.path,
            "severity": str(entry.severity),
            "fingerprint": entry.fingerprint,
        }
        for entry in change.fixed
    ]
    whole["hidden"] = [finding.fingerprint for finding in change.hidden]
    whole["verdict"] = change.verdict.document()
    whole["remarks"] = list(change.remarks)
    return serialise(whole)
