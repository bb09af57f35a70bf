"""Which volumes are backed up, by what the unit declares.

Sources: EBS User Guide, "Automate backups with Amazon Data Lifecycle Manager"; AWS Backup Developer
Guide, "Select AWS services to backup". Both select in their own Region. Whatever tags are for, a
tag with a word such as ``backup`` is taken for one by which somebody else's plan may select.
"""

from __future__ import annotations

from fnmatch import fnmatchcase
from re import escape, fullmatch
from typing import TYPE_CHECKING, Final, NamedTuple

from iac_ec2lint.compute.devices import devices
from iac_ec2lint.compute.launch.launches import launches_of
from iac_ec2lint.compute.upkeep.lifecycle_policy_targets import IMAGES, SNAPSHOTS, targets_of
from iac_ec2lint.compute.upkeep.regions import apart
from iac_ec2lint.graph.graph import External
from iac_ec2lint.graph.memo import remembered
from iac_ec2lint.graph.relations import spelling
from iac_ec2lint.resources.backup import BackupSelection
from iac_ec2lint.resources.instance import Instance
from iac_ec2lint.resources.launch_template import LaunchTemplate
from iac_ec2lint.resources.lifecycle_policy import LifecyclePolicy
from iac_ec2lint.resources.part import Place
from iac_ec2lint.resources.provider import Provider
from iac_ec2lint.resources.snapshot import VolumeSnapshot
from iac_ec2lint.resources.unread_module import UnreadModule
from iac_ec2lint.resources.volume import Volume, VolumeAttachment
from iac_ec2lint.values import (
    NO,
    YES,
    Answer,
    Reference,
    Step,
    Unknown,
    Val,
    Value,
    any_of,
    as_text,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from iac_ec2lint.compute.launch.launches import Launch
    from iac_ec2lint.graph.graph import Edge, Graph
    from iac_ec2lint.resources.backup import SelectedTag, SelectionConditions
    from iac_ec2lint.resources.part import Part, Resource

_WORDS: Final = ("backup", "snapshot", "dlm", "lifecycle")
"""Words in the names of tags and modules that have to do with backups."""

_REFUSALS: Final = frozenset({"false", "no", "none", "off", "0", "disabled", ""})
"""Values of such tags that say that there is to be none."""

_CONDITION: Final = "aws:ResourceTag/"


class BackedUp(NamedTuple):
    """A volume that keeps data, and whether it is backed up.

    Attributes:
        resource: The volume; of a device that is kept, the instance.
        place: Where it is declared.
        words: What it is.
        answer: Whether anything in the unit backs it up.
    """

    resource: Resource
    place: Place
    words: str
    answer: Answer


@remembered
def volumes_to_back_up(graph: Graph) -> tuple[BackedUp, ...]:
    """Every volume declared on its own, and every device that outlives its instance.

    Root volumes are left out: they are made anew from their image.
    """
    cover = _Cover(graph)
    found: list[BackedUp] = []
    for volume in graph.all(Volume):
        place = Place(volume.span, "", None, volume.presence)
        found.append(BackedUp(volume, place, "the volume", cover.of_volume(volume)))
    for instance in graph.all(Instance):
        for launch in launches_of(graph, instance):
            for device in devices(graph, launch):
                said = device.part.delete_on_termination
                kept = NO if device.root or said is None else said.equals(False)
                if kept.truth is False:
                    continue
                name = device.name
                words = f'the device "{name}" that is kept' if name else "a device that is kept"
                place = device.part.place("delete_on_termination")
                answer = cover.of_instance(instance)
                for tags in (device.part.tags, instance.volume_tags):
                    if isinstance(tags, Unknown):
                        answer |= _open(tags) | cover.of_tags(instance, tags.certain_members())
                    elif tags is not None:
                        answer |= cover.of_tags(instance, tags.items())
                answer |= cover.of_template(instance, launch)
                found.append(BackedUp(device.resource, place, words, ~kept | answer))
    return tuple(map(_as_far_as_seen, found))


def _as_far_as_seen(found: BackedUp) -> BackedUp:
    """The answer, which rests on nobody else's backing it up where it is false."""
    if found.answer.truth is not False:
        return found
    step = Step(found.place.span, "no plan that is declared elsewhere selects it", assumed=True)
    return found._replace(answer=Answer(False, (), (step,)))


class _Cover:
    """What the policies, plans and snapshots of a unit cover."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._policies = [one for one in graph.all(LifecyclePolicy) if _may_run(one).may_be_true]
        self._selections = list(graph.all(BackupSelection))
        self._targets: dict[Resource, Answer] = {}
        for policy in self._policies:
            for target in targets_of(graph, policy, SNAPSHOTS, IMAGES):
                known = self._targets.get(target.resource, NO)
                self._targets[target.resource] = known | (target.answer & policy.presence.answer)
        self._elsewhere = any_of(_may_back_up(module) for module in graph.all(UnreadModule))

    def of_volume(self, volume: Volume) -> Answer:
        """Whether a volume is backed up: itself, or as one of an instance's."""
        answers = [self._of_tagged(volume, "volume")]
        for edge in self._graph.sources(volume, "volume"):
            if isinstance(edge.source, VolumeSnapshot):
                answers.append(edge.answer)
            elif isinstance(edge.source, Instance):
                answers.append(self.of_instance(edge.source) & edge.answer)
            elif isinstance(edge.source, VolumeAttachment):
                attached = self._graph.targets(edge.source, "instance")
                answers += [self._of_attached(one) & edge.answer for one in attached]
        return any_of(answers)

    def of_instance(self, instance: Instance) -> Answer:
        """Whether an instance is backed up, with all of its volumes."""
        return self._of_tagged(instance, "instance")

    def of_template(self, instance: Instance, launch: Launch) -> Answer:
        """Whether an instance, or its volumes, are backed up for the tags that a template gives."""
        if not instance.launch_template.written:
            return NO
        if not isinstance(launch.template, LaunchTemplate):
            return _doubt("the template may tag volumes", instance)
        answers = []
        for one in launch.template.tag_specifications:
            tags, gap = one.pairs
            for kind, named in (("volume", None), ("instance", instance)):
                covered = self.of_tags(instance, tags, kind, named)
                covered |= NO if gap is None else _open(gap)
                if kind == "instance" and instance.tags:
                    # The API Reference does not say that both are there.
                    words = "the instance has tags of its own beside its template's"
                    covered &= _doubt(words, instance)
                answers.append(covered & one.equals("kind", kind) & one.presence.answer)
        return any_of(answers) & Answer(True, (), launch.assumptions)

    def of_tags(
        self,
        resource: Volume | Instance,
        tags: Mapping[str, Val],
        kind: str = "volume",
        named: Resource | None = None,
    ) -> Answer:
        """Whether something is backed up for its tags, or as all volumes in its Region are.

        A selection may also take it in, or leave it out, by its ARN, where it has one (``named``).
        """
        answers = [_by_name(tags), self._elsewhere]
        for policy in self._policies:
            near = ~apart(policy, resource)
            answers.append(near & _covers_all_volumes(policy))
            meant = any_of(written.equals(kind.upper()) for written in policy.resource_types)
            pairs = any_of(_same(tags, key, wanted) for key, wanted in policy.targets)
            if policy.unknown_targets is not None and tags:
                pairs |= _open(policy.unknown_targets)
            answers.append(near & meant & pairs & policy.presence.answer & _may_run(policy))
        answers += [
            ~apart(one, resource) & self._selected(one, named, tags, kind)
            for one in self._selections
        ]
        return any_of(answers)

    def _of_tagged(self, resource: Volume | Instance, kind: str) -> Answer:
        tags = resource.tags
        if resource.unknown_tags is None:  # else they may have others in place of the defaults
            tags = {**self._default_tags(resource), **tags}
        answers = [self._targets.get(resource, NO), self.of_tags(resource, tags, kind, resource)]
        answers += [_open(gap) for gap in (resource.unknown_tags,) if gap is not None]
        answers += [_open(one) for one in self._defaults(resource) if isinstance(one, Unknown)]
        tagged = self._graph.sources(resource, "tagged")
        answers += [_doubt("a tag is declared apart", edge.source) for edge in tagged]
        return any_of(answers)

    def _default_tags(self, resource: Resource) -> dict[str, Val]:
        """The tags that its provider gives to all that it makes."""
        found: dict[str, Val] = {}
        for one in self._defaults(resource):
            found |= one.items()
        return found

    def _defaults(self, resource: Resource) -> Iterator[Val]:
        if resource.declared.of_cloudformation:
            return  # what Cloud Control makes has the tags alone that its properties say
        for provider in self._graph.all(Provider):
            if provider.scope == resource.configuration and provider.default_tags is not None:
                yield provider.default_tags

    def _of_attached(self, edge: Edge) -> Answer:
        """Whether what a volume is attached to is backed up."""
        if isinstance(edge.target, Instance):
            return self.of_instance(edge.target) & edge.answer
        words = "the instance that it is attached to is declared elsewhere"
        return Answer(None, (Unknown(words, "external-id", edge.value.span),))

    def _selected(
        self,
        selection: BackupSelection,
        resource: Resource | None,
        tags: Mapping[str, Val],
        kind: str,
    ) -> Answer:
        """Whether a selection takes in a resource of a kind."""
        by_tag = any_of(_pair(tags, one) for one in selection.tags_selected)
        by_name = NO
        for edge in self._graph.targets(selection, "resources"):
            if resource is not None and edge.target is resource:
                by_name |= edge.answer
            elif edge.target is None or isinstance(edge.target, External):
                by_name |= _pattern(edge.value, kind)
        answer = (by_name | by_tag) & selection.presence.answer
        conditions = selection.conditions
        narrowed = list(_conditions(conditions, tags))
        if (conditions.written and not narrowed) or (
            selection.tags_selected and not by_tag.may_be_true
        ):
            narrowed.append(_doubt("what the selection leaves out is not known", selection))
        for one in narrowed:
            answer &= one
        return answer & ~self._left_out(selection, resource, kind)

    def _left_out(self, selection: BackupSelection, resource: Resource | None, kind: str) -> Answer:
        """Whether a selection names a resource among those that it leaves out."""
        answer = NO
        for edge in self._graph.targets(selection, "excluded"):
            if resource is not None and edge.target is resource:
                answer |= edge.answer
            elif edge.target is None or isinstance(edge.target, External):
                answer |= _pattern(edge.value, kind)
        return answer


def _may_run(policy: LifecyclePolicy) -> Answer:
    return policy.state.equals("ENABLED") if policy.state is not None else YES


def _covers_all_volumes(policy: LifecyclePolicy) -> Answer:
    """Whether a default policy takes snapshots of each volume, tagged or not."""
    kind = policy.default_policy
    if kind is None:
        return NO
    covers = kind.equals("VOLUME") & _may_run(policy) & policy.presence.answer
    if policy.exclusions.written:
        covers &= _doubt("the default policy leaves volumes out", policy)
    return covers


def _may_back_up(module: UnreadModule) -> Answer:
    """Whether a module that is not on the disk may back up what is here, by its name."""
    source = module.source.text if module.source is not None else None
    if any(word in f"{module.address} {source}".lower() for word in _WORDS):
        return _doubt(f"{module.address} may back it up", module)
    return NO


def _by_name(tags: Mapping[str, Val]) -> Answer:
    """Whether a tag is one by which a plan elsewhere may select: undecided or not."""
    for name, value in tags.items():
        if any(word in name.lower() for word in _WORDS):
            if isinstance(value, Unknown):
                return _open(value)
            if str(value.data).lower() not in _REFUSALS:
                words = f'a plan elsewhere may select by the tag "{name}"'
                return Answer(None, (Unknown(words, "external-id", value.span),))
    return NO


def _conditions(conditions: SelectionConditions, tags: Mapping[str, Val]) -> Iterator[Answer]:
    """Whether a resource's tags are as each condition of a selection asks for."""
    for one in conditions.equal:
        yield _pair(tags, one)
    for one in conditions.like:
        yield _fits(tags, one, absent=NO)
    # Whether what lacks the tag is selected is not said.
    for one in conditions.other_than:
        key = _tag_of(one)
        unsaid = _doubt("whether what lacks a tag is selected is not known", one)
        yield unsaid if key is None or key not in tags else ~_pair(tags, one)
    for one in conditions.unlike:
        unsaid = _doubt("whether what lacks a tag is selected is not known", one)
        yield ~_fits(tags, one, absent=unsaid)


def _tag_of(wanted: SelectedTag) -> str | None:
    """The key of the tag that a selection asks for, where it is known."""
    text = wanted.key.text if wanted.key is not None else None
    return None if text is None else text.removeprefix(_CONDITION)


def _fits(tags: Mapping[str, Val], wanted: SelectedTag, absent: Answer) -> Answer:
    """Whether the value of a tag fits a pattern, in which ``*`` stands for any text."""
    key, pattern = _tag_of(wanted), wanted.value
    if key is None or pattern is None or pattern.text is None:
        return _open(wanted.key if key is None and wanted.key is not None else pattern)
    said = tags.get(key)
    if said is None:
        return absent
    text = as_text(said).text
    if text is None:
        return _open(said)
    return YES if fullmatch(".*".join(map(escape, pattern.text.split("*"))), text) else NO


def _pair(tags: Mapping[str, Val], wanted: SelectedTag) -> Answer:
    """Whether there is a tag that a selection asks for."""
    key = wanted.key
    if not isinstance(key, Value) or key.text is None:
        return _open(key) if key is not None and tags else NO
    name = key.text.removeprefix(_CONDITION)
    return NO if wanted.value is None else _same(tags, name, wanted.value)


def _same(tags: Mapping[str, Val], key: str, wanted: Val) -> Answer:
    """Whether there is a tag, with the value that is wanted."""
    said = tags.get(key)
    if said is None:
        return NO
    if isinstance(wanted, Value):
        return as_text(said).equals(as_text(wanted).text)
    spelled = spelling(wanted)  # whatever the name of the stack is, it is the same in both
    if spelled is not None and spelled == spelling(said):
        return YES
    return as_text(wanted).equals(as_text(said).text) if isinstance(said, Value) else _open(wanted)


def _pattern(value: Val, kind: str) -> Answer:
    """Whether a pattern of ARNs takes in all volumes, or all instances."""
    if isinstance(value, Reference):
        return NO  # one resource, and another one
    if isinstance(value, Unknown):
        return _open(value)
    text = value.text or ""
    if text == "*":
        return YES
    fields = text.split(":")
    if len(fields) != 6 or not fnmatchcase("ec2", fields[2]):
        return NO
    if not fnmatchcase(f"{kind}/", fields[5].removesuffix("*")) and fields[5] != "*":
        return NO
    if {fields[3], fields[4]} == {"*"}:
        return YES
    words = f'whether it is one of "{text}" is not known'
    return Answer(None, (Unknown(words, "external-id", value.span),))


def _doubt(words: str, part: Part) -> Answer:
    return Answer(None, (Unknown(words, "external-id", part.span),))


def _open(value: Val | None) -> Answer:
    return Answer(None, (value,) if isinstance(value, Unknown) else ())
