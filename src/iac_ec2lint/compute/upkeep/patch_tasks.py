"""What installs updates on instances: tasks of Systems Manager, and what boot scripts set up.

Sources: Systems Manager User Guide, "SSM Command documents for patching managed nodes" and "How
targets and rate controls work"; API Reference, ``Target``.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final, NamedTuple

from iac_ec2lint.compute.audit.tags import has_tag
from iac_ec2lint.compute.launch.launches import launches
from iac_ec2lint.compute.launch.running import runs
from iac_ec2lint.compute.scripts.boot_scripts import boot_scripts
from iac_ec2lint.graph.memo import remembered
from iac_ec2lint.resources.image_builder import ImageBuild
from iac_ec2lint.resources.maintenance_window import (
    MaintenanceWindow,
    MaintenanceWindowTarget,
    MaintenanceWindowTask,
)
from iac_ec2lint.resources.managed_host import ManagedHost
from iac_ec2lint.resources.ssm_association import SsmAssociation
from iac_ec2lint.resources.ssm_document import SsmDocument
from iac_ec2lint.source.regular_expression import regular_expression
from iac_ec2lint.values import NO, YES, Answer, Reference, Unknown, Value, all_of, any_of, walk

if TYPE_CHECKING:
    from iac_ec2lint.graph.graph import Graph
    from iac_ec2lint.resources.part import Place, Resource
    from iac_ec2lint.resources.ssm_association import SsmTarget
    from iac_ec2lint.values import Data, Val

_WITH_OPERATION: Final = frozenset(
    {
        "AWS-RunPatchBaseline",
        "AWS-RunPatchBaselineAssociation",
        "AWS-RunPatchBaselineWithHooks",
        "AWS-ApplyPatchBaseline",
    }
)
"""Documents that scan, or install, as they are told."""
_INSTALLING: Final = frozenset(
    {"AWS-PatchAsgInstance", "AWS-PatchInstanceWithRollback", "AWS-InstallWindowsUpdates"}
)
"""Documents that install."""
_MAY_UPDATE: Final = regular_expression(r"(?i)patch|update|upgrade|\b(?:apt|dnf|yum|zypper|http)")
"""Words without which a document that is declared here neither installs updates nor runs one of
AWS's that does."""
_OPERATION: Final = "Operation"
_SERVICES: Final = ("dnf-automatic", "unattended-upgrades", "yum-cron")
"""Services that install updates by themselves."""


class PatchTask(NamedTuple):
    """An association, or a task of a maintenance window, that patches, or may.

    Attributes:
        resource: The association or the task.
        answer: Whether it runs a document that patches.
        installs: Whether that installs, and does not only scan.
        place: Where it says so.
        targets: What it runs on: of each group all must hold; ``None`` where that is not known.
        windows: The windows that it runs in; none where it is no window's.
    """

    resource: SsmAssociation | MaintenanceWindowTask
    answer: Answer
    installs: Answer
    place: Place
    targets: tuple[tuple[SsmTarget, ...], ...] | None
    windows: tuple[MaintenanceWindow, ...]

    @property
    def there(self) -> Answer:
        """Whether it is certain to be there, and no window that it runs in is switched off."""
        on = all_of(window.equals("enabled", True) for window in self.windows)
        return self.resource.presence.answer & on

    @property
    def selection(self) -> frozenset[tuple[str, str]] | None:
        """What it runs on, as text to compare; ``None`` where that is not known."""
        if self.targets is None:
            return None
        found: set[tuple[str, str]] = set()
        for group in self.targets:
            for target in group:
                key = target.key.text if target.key is not None else None
                texts = [_identity(value) for value in target.values]
                if key is None or None in texts:
                    return None
                found.update((key, text) for text in texts if text is not None)
        return frozenset(found)


def _identity(value: Val) -> str | None:
    if isinstance(value, Reference):
        return f"{value.target}.{value.attribute}"
    return value.text


@remembered
def patch_tasks(graph: Graph) -> tuple[PatchTask, ...]:
    """The associations and tasks of the unit that patch, or may, by address."""
    every: list[SsmAssociation | MaintenanceWindowTask] = [
        *graph.all(SsmAssociation),
        *graph.all(MaintenanceWindowTask),
    ]
    found = (_task(graph, one) for one in every)
    return tuple(task for task in found if task.answer.may_be_true)


def _task(graph: Graph, resource: SsmAssociation | MaintenanceWindowTask) -> PatchTask:
    document = resource.document
    if document is not None and _is_of_the_unit(graph, document):
        document = None
    patches = NO if document is None else document.test(lambda data: _named(data) is not None)
    always = NO if document is None else document.test(lambda data: _named(data) in _INSTALLING)
    operation, place = _operation(resource)
    told = NO if operation is None else operation.test(_is_install)
    windows: tuple[MaintenanceWindow, ...] = ()
    if isinstance(resource, MaintenanceWindowTask):
        edges = graph.targets(resource, "window")
        windows = tuple(e.target for e in edges if isinstance(e.target, MaintenanceWindow))
    targets = _targets(graph, resource)
    return PatchTask(resource, patches, always | told, place, targets, windows)


def _is_of_the_unit(graph: Graph, document: Val) -> bool:
    """Whether it is a document that is declared here, and surely installs no update.

    Names that begin as those of AWS's documents do are AWS's alone (API Reference,
    ``CreateDocument``), so that it is none of these; nor does it name one, or what installs.
    """
    if not isinstance(document, Reference):
        return False
    own = next((d for d in graph.all(SsmDocument) if d.address == document.target), None)
    if own is None or own.content is None:
        return False
    parts = [*walk(own.content if own.content.decoded is None else own.content.decoded)]
    if any(isinstance(part, Unknown) for part in parts):
        return False
    texts = (part.text or "" for part in parts if isinstance(part, Value))
    return not any(_MAY_UPDATE.search(text) for text in texts)


def _named(data: Data) -> str | None:
    """The document that a name, or an ARN, means, if it patches."""
    if not isinstance(data, str):
        return None
    name = data.rpartition("/")[2].partition(":")[0]
    return name if name in _WITH_OPERATION or name in _INSTALLING else None


def _is_install(data: Data) -> bool:
    words = data if isinstance(data, tuple) else (data,)
    return any(str(getattr(word, "data", word)) == "Install" for word in words)


def _operation(resource: SsmAssociation | MaintenanceWindowTask) -> tuple[Val | None, Place]:
    """What a document is told to do, and where; the value is unknown if the parameters are."""
    if isinstance(resource, MaintenanceWindowTask):
        for part in resource.parameters:
            if part.name is not None and part.name.text == _OPERATION:
                return _first(part.values), part.place("values")
        said, name = resource.parameter_map, "parameter_map"
        if said is None:
            unknown = next(
                (p.name for p in resource.parameters if isinstance(p.name, Unknown)), None
            )
            return unknown, resource.place("document")
    else:
        said, name = resource.parameters, "parameters"
        if said is None:
            return None, resource.place("document")
    value = said.items().get(_OPERATION)
    if isinstance(said, Unknown) and value is None:
        # What it can be are maps, none of which is an operation.
        return said.but(candidates=()), resource.place(name)
    place = resource.place(name)
    if isinstance(value, Value) and "Values" in value.items():  # as TaskParameters has it
        value = value.items()["Values"]
    value = _first(value)
    return value, place if value is None else place._replace(span=value.span, value=value)


def _first(value: Val | None) -> Val | None:
    """The first of several values, and the value itself where it is one."""
    if isinstance(value, Value) and isinstance(value.data, tuple):
        elements = value.elements()
        return elements[0] if elements else None
    return value


def _targets(
    graph: Graph, resource: SsmAssociation | MaintenanceWindowTask
) -> tuple[tuple[SsmTarget, ...], ...] | None:
    """What it runs on; ``None`` where that is not known, or where it says nothing."""
    if not resource.targets:
        return None
    found: list[tuple[SsmTarget, ...]] = []
    own: list[SsmTarget] = []
    for target in resource.targets:
        if target.key is None or target.key.text != "WindowTargetIds":
            own.append(target)
            continue
        for value in target.values:
            nodes = graph.resolve(value, ("MaintenanceWindowTarget",))
            registered = [n for n in nodes if isinstance(n, MaintenanceWindowTarget)]
            if not registered:
                return None
            found.extend(tuple(node.targets) for node in registered)
    return (*found, tuple(own)) if own else tuple(found)


def covers(graph: Graph, task: PatchTask, host: Resource) -> Answer:
    """Whether a task runs on the instances of a host."""
    return runs_on(graph, task.resource, host)


def runs_on(
    graph: Graph, resource: SsmAssociation | MaintenanceWindowTask, host: Resource
) -> Answer:
    """Whether an association, or a task of a window, runs on the instances of a host."""
    if isinstance(resource, SsmAssociation) and resource.instances:
        edges = graph.targets(resource, "instances")
        return any_of(edge.answer for edge in edges if edge.target in (host, None))
    targets = _targets(graph, resource)
    if targets is None:
        reason = f"what {resource.address} runs on is not known"
        return Answer(None, (Unknown(reason, "external-id", resource.span),))
    return any_of(all_of(selects(graph, one, host) for one in group) for group in targets)


def selects(graph: Graph, target: SsmTarget, host: Resource) -> Answer:
    """Whether a target selects the instances of a host."""
    key = target.key
    if key is None:
        return NO
    if key.text is None:
        return Answer(None, (key,) if isinstance(key, Unknown) else ())
    if key.text == "InstanceIds":
        return any_of(_is_instance(graph, value, host) for value in target.values)
    if key.text.startswith("tag:"):
        return _is_tagged(graph, host, key.text.removeprefix("tag:"), target.values)
    if key.text == "tag-key":
        names = [value.text for value in target.values if value.text is not None]
        return any_of(_is_tagged(graph, host, name, ()) for name in names)
    reason = f"what {key.text} selects is not known"
    return Answer(None, (Unknown(reason, "external-id", key.span),))


def _is_instance(graph: Graph, value: Val, host: Resource) -> Answer:
    if value.text == "*":
        return YES
    if host in graph.resolve(value, ("Instance",)):
        return YES
    known = isinstance(value, Reference) or value.text is not None
    return NO if known else Answer(None, (value,) if isinstance(value, Unknown) else ())


def _is_tagged(graph: Graph, host: Resource, name: str, values: tuple[Val, ...]) -> Answer:
    """Whether the instances of a host have a tag, with one of some values where these are given."""
    own = host.tags.get(name)
    if own is None:
        given = has_tag(graph, host, name)
        if not values or given.truth is False:
            return given
        reason = f"the value of the tag {name} of {host.address} is not known"
        return given & Answer(None, (Unknown(reason, "external-id", host.span),))
    if isinstance(own, Unknown):
        return Answer(None, (own,))
    return any_of(map(partial(_is_one, own), values)) if values else YES


def _is_one(own: Value, value: Val) -> Answer:
    return value.test(lambda data: data == own.text)


@remembered
def updates(graph: Graph) -> Answer:
    """Whether anything in the unit installs updates on any of its instances.

    An image that a pipeline of the unit builds may bring them along, which nobody can tell.
    """
    hosts = patched_hosts(graph)
    answers = [
        task.there & task.answer & task.installs & covers(graph, task, host)
        for task in patch_tasks(graph)
        for host in hosts
    ]
    for script in boot_scripts(graph):
        if script.text is None:
            answers.append(Answer(None, script.causes))
        elif any(word in script.text for word in _SERVICES):
            is_one = YES if script.doubt is None else Answer(None, (script.doubt,))
            answers.append(script.place.presence.answer & is_one)
    for pipeline in graph.all(ImageBuild):
        reason = (
            f"whether instances are launched from the images of {pipeline.address} is not known"
        )
        answers.append(Answer(None, (Unknown(reason, "external-id", pipeline.span),)))
    return any_of(answers)


def patched_hosts(graph: Graph) -> tuple[Resource, ...]:
    """What has instances that somebody has to patch: not what a service launches, and replaces."""
    hosts = dict.fromkeys(launch.host for launch in launches(graph) if not launch.unused)
    return tuple(
        host
        for host in hosts
        if not isinstance(host, ManagedHost) and runs(graph, host).truth is not False
    )
