"""Taking over hosts by what is run on them: a document, a window's task, a deployment.

Whoever changes what Systems Manager or CodeDeploy runs on a host as root has the host, without a
right on the host itself. Sources: Systems Manager User Guide, "Creating associations" (a document
that changes is run again) and API Reference, UpdateDocument, UpdateDocumentDefaultVersion,
UpdateMaintenanceWindowTask (what is left out stays, the role too); EMR API Reference,
AddJobFlowSteps; CodeDeploy User Guide,
"CodeDeploy permissions reference" (CreateDeployment) and "AppSpec 'hooks' section".
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from iac_ec2lint.compute.instance_tags import tag_of
from iac_ec2lint.compute.upkeep.patch_tasks import runs_on
from iac_ec2lint.engine.finding import Evidence
from iac_ec2lint.graph.graph import Graph
from iac_ec2lint.graph.memo import remembered
from iac_ec2lint.iam.access import tidy
from iac_ec2lint.iam.arns import arn_in, joined, own_id
from iac_ec2lint.iam.escalation.instances.documents import arns_of_document
from iac_ec2lint.iam.escalation.rows.instances import DEPLOYS, RETASKS, REWRITES, STEPS
from iac_ec2lint.iam.escalation.rows.kinds import EdgeKind
from iac_ec2lint.iam.escalation.steps import (
    ActionRequest,
    PrivilegeStep,
    allowed_to,
    may_do_to,
)
from iac_ec2lint.iam.grants import may_somewhere
from iac_ec2lint.iam.policy.glob import pieces_of
from iac_ec2lint.iam.principal import Principal
from iac_ec2lint.resources.deployment_group import DeploymentGroup, DeploymentTagFilter
from iac_ec2lint.resources.instance import Instance
from iac_ec2lint.resources.maintenance_window import MaintenanceWindow, MaintenanceWindowTask
from iac_ec2lint.resources.part import Resource
from iac_ec2lint.resources.ssm_association import SsmAssociation
from iac_ec2lint.resources.ssm_document import SsmDocument
from iac_ec2lint.values import NO, YES, Answer, Unknown, Val, all_of, any_of

Change = tuple[PrivilegeStep, tuple[Evidence, ...]]
"""A way to change what is run on a host, and the hops that say that it is run there."""

_NEWEST: Final = "$LATEST"
_DEFAULT: Final = "$DEFAULT"


class _Run(NamedTuple):
    """A document of the unit that an association or a task runs.

    Attributes:
        by: The association, or the task.
        document: The document.
        newest: Whether it runs the newest version.
        default: Whether it runs the default version.
        answer: Whether it runs it at all.
    """

    by: SsmAssociation | MaintenanceWindowTask
    document: SsmDocument
    newest: Answer
    default: Answer
    answer: Answer


def changes(graph: Graph, principal: Principal, host: Resource) -> Iterator[Change]:
    """The ways in which a principal changes what is run on a host."""
    yield from _documents(graph, principal, host)
    yield from _tasks(graph, principal)
    yield from _deployments(graph, principal, host)
    yield from _cluster_steps(principal, host)


def _documents(graph: Graph, principal: Principal, host: Resource) -> Iterator[Change]:
    if not may_somewhere(principal, REWRITES.actions[0][0]):
        return
    for run in _runs(graph):
        there = run.answer & runs_on(graph, run.by, host)
        if there.truth is False:
            continue
        document = run.document
        arns = arns_of_document(document)
        fact = f"{run.by.address} runs {document.address} on {host.address}"
        hop = Evidence(run.by.span, fact, run.by.address)
        for actions, used in zip(REWRITES.actions, (run.newest, run.default), strict=True):
            given = there & used
            yield from _step(principal, REWRITES, actions, document, arns, given, hop)


@remembered
def _runs(graph: Graph) -> tuple[_Run, ...]:
    """What associations and windows' tasks run of the unit's own documents of commands."""
    found: list[_Run] = []
    every: list[SsmAssociation | MaintenanceWindowTask] = [
        *graph.all(SsmAssociation),
        *graph.all(MaintenanceWindowTask),
    ]
    for by in every:
        if by.document is None:
            continue
        for document in graph.resolve(by.document, ("SsmDocument",)):
            if not isinstance(document, SsmDocument):
                continue
            answer = by.presence.answer & document.presence.answer
            answer = answer & (YES if document.kind is None else document.kind.equals("Command"))
            if isinstance(by, MaintenanceWindowTask):
                answer = answer & _in_window(graph, by)
            version = by.document_version
            if version is None:
                newest, default = NO, YES
            else:
                newest, default = version.equals(_NEWEST), version.equals(_DEFAULT)
            found.append(_Run(by, document, newest, default, answer))
    return tuple(found)


def _in_window(graph: Graph, task: MaintenanceWindowTask) -> Answer:
    """Whether a task runs commands, in a window that is on."""
    runs = NO if task.task_type is None else task.task_type.equals("RUN_COMMAND")
    windows = [e.target for e in graph.targets(task, "window")]
    off = [w.enabled.is_true() for w in windows if isinstance(w, MaintenanceWindow)]
    return runs & (all_of(off) if off else YES)


def _tasks(graph: Graph, principal: Principal) -> Iterator[Change]:
    """Tasks of windows: who changes one says what it runs, and on what."""
    if not may_somewhere(principal, RETASKS.actions[0][0]):
        return
    for task in graph.all(MaintenanceWindowTask):
        given = task.presence.answer & _in_window(graph, task)
        window = next((e.value for e in graph.targets(task, "window")), None)
        asked_of = [arn_in(task.span, "ssm", "windowtask/", own_id(task))]
        name = window if isinstance(window, Unknown) else None
        asked_of.insert(0, arn_in(task.span, "ssm", "maintenancewindow/", name))
        fact = f"{task.address} runs commands on instances, with the role that it has"
        hop = Evidence(task.span, fact, task.address)
        asked = tuple(ActionRequest(RETASKS.actions[0][0], arn) for arn in asked_of)
        answer = given & allowed_to(principal, asked)
        if answer.truth is not False:
            yield PrivilegeStep(RETASKS, RETASKS.actions[0], tidy(answer), asked, task), (hop,)


def _deployments(graph: Graph, principal: Principal, host: Resource) -> Iterator[Change]:
    if not may_somewhere(principal, DEPLOYS.actions[0][0]):
        return
    for group in graph.all(DeploymentGroup):
        given = group.presence.answer & _deploys_to(graph, group, host)
        if given.truth is False:
            continue
        named = joined(
            (*_pieces(group.application, group), "/", *_pieces(group.name, group)), group.span
        )
        arn = arn_in(group.span, "codedeploy", "deploymentgroup:", named)
        fact = f"{group.address} deploys to {host.address}, whose agent runs scripts as root"
        hop = Evidence(group.span, fact, group.address)
        yield from _step(principal, DEPLOYS, DEPLOYS.actions[0], group, (arn,), given, hop)


def _cluster_steps(principal: Principal, host: Resource) -> Iterator[Change]:
    if host.type in _CLUSTERS:
        arn = arn_in(host.span, "elasticmapreduce", "cluster/", own_id(host))
        fact = f"{host.address} runs steps on its instances, with their role"
        hop = Evidence(host.span, fact, host.address)
        yield from _step(principal, STEPS, STEPS.actions[0], host, (arn,), YES, hop)


_CLUSTERS: Final = frozenset({"aws_emr_cluster", "AWS::EMR::Cluster"})


def _pieces(name: Val | None, group: DeploymentGroup) -> tuple[str | Unknown, ...]:
    pieces = None if name is None else pieces_of(name)
    return pieces or (own_id(group),)


def _step(
    principal: Principal,
    kind: EdgeKind,
    actions: tuple[str, ...],
    about: Resource,
    arns: tuple[Val, ...],
    given: Answer,
    hop: Evidence,
) -> Iterator[Change]:
    if given.truth is False:
        return
    asked, may = may_do_to(principal, about, actions, arns)
    answer = given & may
    if answer.truth is not False:
        yield PrivilegeStep(kind, actions, tidy(answer), asked, about), (hop,)


def _deploys_to(graph: Graph, group: DeploymentGroup, host: Resource) -> Answer:
    """Whether a deployment group deploys to the instances of a host.

    Source: CodeDeploy API Reference, CreateDeploymentGroup (``ec2TagFilters``: any of them;
    ``ec2TagSet``: one of each group).
    """
    answers = [
        edge.answer
        for edge in graph.targets(group, "auto_scaling_groups")
        if edge.target in (host, None)
    ]
    if isinstance(host, Instance):
        answers += [_has(graph, host, one) for one in group.own_filters]
        sets = [any_of(_has(graph, host, one) for one in every.filters) for every in group.tag_sets]
        if sets:
            answers.append(all_of(sets))
    return any_of(answers)


def _has(graph: Graph, host: Instance, wanted: DeploymentTagFilter) -> Answer:
    """Whether an instance has the tag that a filter asks for."""
    if wanted.key is None or wanted.key.text is None:
        return Answer(None, (wanted.key,) if isinstance(wanted.key, Unknown) else ())
    tag = tag_of(graph, host, wanted.key.text.lower())
    if tag is None:
        words = f"whether {host.address} has the tag {wanted.key.text} is not known"
        return Answer(None, (Unknown(words, "external-id", wanted.span),))
    if not tag:
        return NO
    by_key = NO if wanted.kind is None else wanted.kind.equals("KEY_ONLY")
    value = NO if wanted.value is None else wanted.value.test(lambda data: data == tag[0])
    return by_key | value
