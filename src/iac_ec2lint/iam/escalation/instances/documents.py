"""Whether what a principal may have Systems Manager run on hosts is commands of its own.

A document may run what its caller says, or no more than what is written in it. Sources: Systems
Manager User Guide, "SSM document plugin reference", "Data elements and parameters", "Enforce a
session document permission check for the AWS CLI" and "Restrict access to commands in a session".
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from iac_ec2lint.compute.audit.session_preferences import structure_of
from iac_ec2lint.graph.nodes import External
from iac_ec2lint.iam.arns import arn_in, joined, names_of, own_region
from iac_ec2lint.iam.escalation.rows.instances import (
    FIXED_DOCUMENTS,
    SESSION_DOCUMENTS,
    SHELL_DOCUMENTS,
    TUNNEL_DOCUMENTS,
)
from iac_ec2lint.iam.escalation.steps import may_do_to
from iac_ec2lint.iam.grants import asked_keys, is_allowed, statements_on
from iac_ec2lint.iam.policy.glob import has_wildcard, nobody, pieces_of, segments_of
from iac_ec2lint.resources.part import DataSource
from iac_ec2lint.resources.ssm_document import SsmDocument
from iac_ec2lint.values import NO, YES, Answer, Reference, Unknown, Val, Value, any_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from iac_ec2lint.graph.graph import Graph
    from iac_ec2lint.iam.policy.operators import Keys
    from iac_ec2lint.iam.principal import Principal
    from iac_ec2lint.source.span import Span

STARTS_SESSIONS: Final = "ssm:StartSession"
ACCESS_CHECK: Final = "ssm:sessiondocumentaccesscheck"
"""Whether a session asks for the right to its document: not where a call names none, which has a
shell by the account's own (Systems Manager User Guide, "Enforce a session document permission
check for the AWS CLI")."""
UNCHECKED: Final = ((ACCESS_CHECK, ("false",)),)
CHECKED: Final = ((ACCESS_CHECK, ("true",)),)

_OF_ACCOUNT: Final = "SSM-SessionManagerRunShell"
_PLACEHOLDER: Final = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")
_SEGMENTS: Final = 6
_SCRIPTS: Final = frozenset({"aws:runShellScript", "aws:runPowerShellScript"})
# Each prints and ends: none has a pager or an editor, from which one has a shell.
_READS_ALONE: Final = re.compile(
    r"(?:cat|date|df|du|free|head|hostname|id|ls|ps|pwd|tail|uname|uptime|whoami)(?: [\w./=-]+)*"
)


class _Kind(NamedTuple):
    """Documents that an action is about.

    Attributes:
        shells: AWS's that run what their caller says.
        fixed: AWS's that run no more than what is written in them.
        of_account: Those of the account that are there without anybody's making them, and give a
            shell.
    """

    shells: tuple[str, ...]
    fixed: frozenset[str]
    of_account: tuple[str, ...] = ()


_COMMANDS: Final = _Kind(SHELL_DOCUMENTS, FIXED_DOCUMENTS)
_SESSIONS: Final = _Kind(SESSION_DOCUMENTS, TUNNEL_DOCUMENTS, (_OF_ACCOUNT,))


def runs_commands(graph: Graph, principal: Principal, action: str, span: Span) -> Answer:
    """Whether a principal may use a document of Systems Manager that runs commands of its own.

    Args:
        graph: The graph.
        principal: The principal.
        action: What it does with a document, such as ``ssm:SendCommand``.
        span: Where it is asked.
    """
    return _gives_shell(graph, principal, action, _COMMANDS, None, span)


def opens_shells(graph: Graph, principal: Principal, span: Span) -> Answer:
    """Whether a principal may open a session with a document that gives it a shell."""
    return _gives_shell(graph, principal, STARTS_SESSIONS, _SESSIONS, dict(CHECKED), span)


def opens_tunnels(principal: Principal, span: Span) -> Answer:
    """Whether a principal may open a session that leads to any port of a host."""
    return any_of(
        is_allowed(principal, STARTS_SESSIONS, _of_aws(name, span), nobody(span), dict(CHECKED))
        for name in TUNNEL_DOCUMENTS
    )


def asks_for_documents(principal: Principal) -> bool:
    """Whether policies of a principal ask whether it may use a session's document."""
    return ACCESS_CHECK in asked_keys(principal)


def _of_aws(name: str, span: Span) -> Unknown:
    return arn_in(span, "ssm", "document/", Value(name, span), account=False)


def _of_anybody(span: Span) -> Unknown:
    """The ARN of some document, which AWS or another account may have."""
    gaps = [Unknown(f"the {word} is not known", "computed", span) for word in ("owner", "document")]
    return joined(["arn:aws:ssm:", own_region(span), ":", gaps[0], ":document/", gaps[1]], span)


def _gives_shell(
    graph: Graph,
    principal: Principal,
    action: str,
    kind: _Kind,
    context: Keys | None,
    span: Span,
) -> Answer:
    arns = [
        *(_of_aws(name, span) for name in kind.shells),
        *(arn_in(span, "ssm", "document/", Value(name, span)) for name in kind.of_account),
    ]
    answer = any_of(is_allowed(principal, action, arn, nobody(span), context) for arn in arns)
    if answer.truth:
        return answer
    answer = answer | any_of(_of_the_unit(graph, principal, action, context))
    if answer.truth is False and _names_others(graph, principal, action, kind):
        other = is_allowed(principal, action, _of_anybody(span), None, context)
        gap = Unknown("what the documents that it may use do is not known", "expression", span)
        answer = other & Answer(None, (gap,))
    return answer


def _of_the_unit(
    graph: Graph, principal: Principal, action: str, context: Keys | None
) -> Iterator[Answer]:
    """Whether a principal may use a document of the unit, and run its own commands by that."""
    for document in graph.all(SsmDocument):
        arns = arns_of_document(document)
        _, may = may_do_to(principal, document, (action,), arns, context)
        if may.truth is not False:
            changes = any_of(may_do_to(principal, document, one, arns)[1] for one in _CHANGES)
            yield document.presence.answer & may & (_takes_commands(document) | changes)


_CHANGES: Final = (("ssm:UpdateDocument",), ("ssm:DeleteDocument", "ssm:CreateDocument"))
"""What makes a document run something else: its newest version, which a call may ask for."""


def arns_of_document(document: SsmDocument) -> tuple[Val, ...]:
    """The ARNs of a document of the unit, as policies may write them."""
    names = names_of(document, document.name)
    return tuple(arn_in(document.span, "ssm", "document/", name) for name in names)


def _names_others(graph: Graph, principal: Principal, action: str, kind: _Kind) -> bool:
    """Whether some statement may be about a document of which it is not known what it does."""
    known = kind.fixed.union(kind.shells, kind.of_account)
    named = {one.name.text for one in graph.all(SsmDocument) if one.name is not None}
    return any(
        statement.resources is None
        or any(not _is_known(graph, entry, known | named) for entry in statement.resources)
        for statement in statements_on(principal, action)
        if statement.effect.text != "Deny"
    )


def _is_known(graph: Graph, entry: Val, names: frozenset[str | None]) -> bool:
    """Whether an entry of ``Resource`` is about no document, or about known ones alone."""
    if isinstance(entry, Reference):
        return not isinstance(graph.get(entry.target), External | DataSource | None)
    segments = segments_of(entry)
    if len(segments) != _SEGMENTS:
        return False
    service, resource = segments[2], segments[-1]
    if service != ["ssm"]:
        return all(isinstance(one, str) and not has_wildcard(one) for one in service)
    kind = resource[0] if resource else ""
    if not isinstance(kind, str) or has_wildcard(kind.partition("/")[0]):
        return False
    if not kind.startswith("document/"):
        return "/" in kind
    if len(resource) == 1:
        return kind.removeprefix("document/") in names
    return all(
        isinstance(one, Reference) and isinstance(graph.get(one.target), SsmDocument)
        for one in resource[1:]
    )


def _takes_commands(document: SsmDocument) -> Answer:
    """Whether a document of the unit runs what whoever uses it says: surely by a free parameter.

    In a session that lets somebody type to a program, the program may give a shell.
    """
    if document.content is None:
        return _unread(document)
    read = structure_of(document, document.content)
    if isinstance(read, Unknown):
        return Answer(None, (read,))
    parameters = read.get("parameters")
    if isinstance(parameters, Unknown) and not parameters.items():
        return Answer(None, (parameters,))
    free = {} if parameters is None else parameters.items()
    session = read.get("sessionType")
    if session is not None:
        return _of_session(document, session, read, free)
    steps = read.get("mainSteps")
    if steps is not None:
        return _any(document, _of_steps(document, steps, free))
    plugins = read.get("runtimeConfig")
    if plugins is None or not plugins.items():
        return _unread(document)
    return _any(
        document,
        (
            _of_step(document, Value(name, one.span), one, free)
            for name, one in plugins.items().items()
        ),
    )


def _any(document: SsmDocument, answers: Iterator[Answer]) -> Answer:
    found = tuple(answers)
    return any_of(found) if found else _unread(document)


def _unread(document: SsmDocument) -> Answer:
    words = f"what {document.address} runs is not known"
    return Answer(None, (Unknown(words, "expression", document.span),))


def _of_session(
    document: SsmDocument, session: Val, read: Mapping[str, Val], free: Mapping[str, Val]
) -> Answer:
    shell = session.equals("Standard_Stream")
    if shell.truth is not False:
        return shell
    if session.equals("Port").truth:
        return NO
    properties = read.get("properties")
    leaves = () if properties is None else tuple(_leaves(properties))
    said = any_of(_said(document, one, free, script=True) for one in leaves)
    if said.truth is not False:
        return said
    texts = [one.text for one in leaves if one.text not in (None, "true", "false")]
    if texts and all(_READS_ALONE.fullmatch(text.strip()) for text in texts if text is not None):
        return NO
    return _unread(document)


def _of_steps(document: SsmDocument, steps: Val, free: Mapping[str, Val]) -> Iterator[Answer]:
    elements = tuple(steps.elements())
    if not elements:
        yield _unread(document)
    for step in elements:
        members = step.items()
        action, inputs = members.get("action"), members.get("inputs")
        if action is None:
            yield _unread(document)
        elif inputs is not None:
            yield _of_step(document, action, inputs, free)


def _of_step(document: SsmDocument, action: Val, inputs: Val, free: Mapping[str, Val]) -> Answer:
    if action.text is None:
        return _unread(document)
    script = action.text in _SCRIPTS
    return any_of(_said(document, one, free, script=script) for one in _leaves(inputs))


def _leaves(value: Val) -> Iterator[Val]:
    data = value.data if isinstance(value, Value) else None
    if isinstance(data, dict | tuple):
        for one in value.items().values() if isinstance(data, dict) else value.elements():
            yield from _leaves(one)
    else:
        yield value


def _said(document: SsmDocument, value: Val, free: Mapping[str, Val], *, script: bool) -> Answer:
    """Whether a caller says something of a text: all of a script by a parameter without limits."""
    if isinstance(value, Unknown) and not isinstance(value, Reference):
        whole = tuple(one for one in value.parts if not isinstance(one, str | Reference))
        if whole or not value.parts:
            return Answer(None, (value,))
    texts = [one for one in pieces_of(value) or () if isinstance(one, str)]
    names = _PLACEHOLDER.findall("".join(texts))
    return any_of(_is_free(document, free.get(name), script=script) for name in names)


def _is_free(document: SsmDocument, parameter: Val | None, *, script: bool) -> Answer:
    """Whether a placeholder stands for whatever a caller writes."""
    if parameter is None or not parameter.items():
        return _unread(document)
    said = parameter.items()
    if "allowedValues" in said:
        return NO
    if script and not {"allowedPattern", "interpolationType", "maxChars"} & set(said):
        return YES
    return _unread(document)
