"""Which blocks of a root module a change touches, by their text: the others mean what they meant.

A block means the same where its text is the same and that of all that it can name is. So what is
unknown in it is unknown as before, and lets nothing new through.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iac_ec2lint.answers.changes.touched import Touched
    from iac_ec2lint.answers.units import Job, Survey
    from iac_ec2lint.terraform.folders.syntax import ModuleSyntax

_NO_FLOWS: Final = re.compile(
    "aws_(iam|kms|s3|ebs|cloudwatch|sns|sqs|dynamodb|backup|dlm|budgets|guardduty|config)_"
)
"""The types through which no packet goes, and which say of none where it goes."""
_NO_ACCESS: Final = re.compile(
    "aws_(security_group(_rule)?|vpc_security_group_(in|e)gress_rule|route(_table(_association)?)?"
    "|network_acl(_rule|_association)?|subnet|internet_gateway|nat_gateway|eip(_association)?"
    "|(lb|alb)_(listener|target_group|target_group_attachment)|ebs_volume|volume_attachment)"
)
"""The types that give nobody access to an API."""
_AS_ITSELF: Final = r"(?!(\[[^\]\n]*\])?\.(id|arn)\b)"
"""Not followed by what it is known by, which is the same whatever its block says."""


class ChangedBlocks(NamedTuple):
    """The blocks of resources that are not the same in two trees.

    Attributes:
        types: Their types.
        names: Their addresses in their modules.
        elsewhere: The text of what is not such a block, and of blocks by their type.
    """

    types: frozenset[str]
    names: frozenset[str]
    elsewhere: tuple[tuple[str, str], ...]

    @property
    def can_open_flows(self) -> bool:
        """Whether one of them, or what names one, may let packets through."""
        return self._matters(_NO_FLOWS)

    @property
    def can_give_access(self) -> bool:
        """Whether one of them, or what names one, may give access."""
        return self._matters(_NO_ACCESS)

    def _matters(self, harmless: re.Pattern[str]) -> bool:
        if not all(map(harmless.match, self.types)):
            return True
        named = [re.compile(rf"\b{re.escape(name)}\b{_AS_ITSELF}") for name in self.names]
        return any(
            not harmless.match(kind) and any(name.search(text) for name in named)
            for kind, text in self.elsewhere
        )


def changed_blocks(
    surveys: tuple[Survey, Survey], jobs: tuple[Job, Job], touched: Touched
) -> ChangedBlocks | None:
    """The blocks of resources of a root module that a change touches.

    Args:
        surveys: The earlier tree and the later one.
        jobs: The root module in either.
        touched: What the change touches.

    Returns:
        ``None`` where it may be anything: other blocks, values, files that functions read.
    """
    if any(job.kind != "root-module" or job.reading != "opentofu" for job in jobs):
        return None
    if touched.is_everything or touched.is_led_to(jobs):
        return None
    sides = [dict(_blocks(survey, job)) for survey, job in zip(surveys, jobs, strict=True)]
    before, after = sides
    differing = {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)}
    if any(kind != "resource" for _, kind, _, _ in differing):
        return None
    every = {**before, **after}
    return ChangedBlocks(
        frozenset(kind for _, _, kind, _ in differing),
        frozenset(f"{kind}.{name}" for _, _, kind, name in differing),
        tuple(
            (kind if group == "resource" else "", text)
            for (_, group, kind, _), text in every.items()
        ),
    )


def declared_types(survey: Survey, job: Job) -> frozenset[str]:
    """The types of all resources that a root module or a stack declares."""
    found: set[str] = set()
    for part in survey.finder.parts(job):
        if job.kind == "root-module":
            found.update(kind for kind, _ in survey.modules.syntax(part).resources)
        elif job.kind == "stack":
            for template in survey.templates.templates(part):
                found.update(one.type for one in template.resources.values())
    return frozenset(found)


_Key = tuple[str, str, str, str]


def _blocks(survey: Survey, job: Job) -> Iterator[tuple[_Key, str]]:
    """All blocks of a root module and of those that it calls, each with its text."""
    for folder in sorted(survey.finder.parts(job)):
        place = survey.files.display(folder)
        syntax = survey.modules.syntax(folder)
        yield from _of_module(place, syntax)
        for name in survey.files.names(folder):
            if name.endswith((".tfvars", ".tfvars.json", ".lock.hcl")):
                yield (place, "file", name, ""), str(survey.files.read_bytes(folder / name))


def _of_module(place: str, syntax: ModuleSyntax) -> Iterator[tuple[_Key, str]]:
    found: dict[_Key, str] = {}
    for file in syntax.files:
        name = file.source.path.rpartition("/")[2]
        # Where it stands says nothing, unless it overrides another block.
        over = name if "override" in name else ""
        for block in file.body.blocks:
            first, second, *_ = *block.labels, "", ""
            is_resource = block.type == "resource" and len(block.labels) == 2
            key = place, "resource" if is_resource else f"{block.type} {over}", first, second
            found[key] = f"{found.get(key, '')}{over}{block.span.text}\n"
    for name, whole in syntax.read.items():
        if not whole:  # what could not be read may say anything
            found[place, "unread", name, ""] = str(id(syntax))
    yield from found.items()
