"""Preferences of Session Manager: what its sessions are logged to, and encrypted with.

Source: Systems Manager User Guide, "Session document schema".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from iac_ec2lint.compute.scripts.boot_script import UNKNOWN_PIECE, BootScript, script_of
from iac_ec2lint.resources.ssm_document import SsmDocument
from iac_ec2lint.values import NO, YES, Answer, Reference, Unknown, Val, Value, is_given

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from iac_ec2lint.graph.graph import Graph
    from iac_ec2lint.resources.part import Place

_OF_ACCOUNT: Final = "SSM-SessionManagerRunShell"
"""The name of the document that has the preferences of an account."""
_SHELL: Final = "Standard_Stream"
"""The kind of session that must have preferences; others may have some."""


class SessionPreferences(NamedTuple):
    """The preferences that a document has for its sessions.

    Attributes:
        document: The document.
        answer: Whether it is one of sessions.
        inputs: Its preferences, by their names.
        problem: Why they are not known, where they are not.
    """

    document: SsmDocument
    answer: Answer
    inputs: Mapping[str, Val]
    problem: Unknown | None = None

    def is_given(self, name: str) -> Answer:
        """Whether a preference is set: there, and not empty."""
        if self.problem is not None:
            return Answer(None, (self.problem,))
        value = self.inputs.get(name)
        if value is None:
            return NO
        # A name that AWS makes up is one; what an input gives may be empty.
        if isinstance(value, Unknown) and not isinstance(value, Reference) and not value.parts:
            return Answer(None, (value,))
        return is_given(value)

    def is_off(self, name: str) -> Answer:
        """Whether a preference is switched off."""
        if self.problem is not None:
            return Answer(None, (self.problem,))
        value = self.inputs.get(name)
        return NO if value is None else value.test(lambda data: str(data).lower() == "false")

    def place(self, name: str = "") -> Place:
        """Where a preference is written, else the document's content."""
        place = self.document.place("content")
        value = self.inputs.get(name)
        return place if value is None else place._replace(span=value.span, value=value)


def session_preferences(graph: Graph) -> Iterator[SessionPreferences]:
    """The documents of sessions, with their preferences: not those that forward ports."""
    for document in graph.all(SsmDocument):
        session = document.equals("kind", "Session")
        named = document.equals("name", _OF_ACCOUNT)
        # Preferences have the type Session: another type counts only beside the name itself.
        answer = session | (NO if named.truth is None and session.truth is False else named)
        if not answer.may_be_true or document.content is None:
            continue
        content = document.content
        read = structure_of(document, content)
        if isinstance(read, Unknown):
            yield SessionPreferences(document, answer, {}, read)
            continue
        kind = read.get("sessionType")
        shell = YES if kind is None else kind.equals(_SHELL)
        inputs = read.get("inputs")
        said = {} if inputs is None else inputs.items()
        if shell.truth is False and not said:
            continue
        problem = inputs if isinstance(inputs, Unknown) and not said else None
        yield SessionPreferences(document, answer if said else answer & shell, said, problem)


def structure_of(document: SsmDocument, content: Val) -> Mapping[str, Val] | Unknown:
    """The members of a document, each with its place, as far as they are known."""
    structure = content.decoded if content.decoded is not None else content
    if structure.items():
        return structure.items()
    script = script_of(document, document.place("content"), content)
    if script.text is None:
        return script.causes[0] if script.causes else _unreadable(content)
    pieces = script.text.split(UNKNOWN_PIECE)
    numbered = "".join(f"{UNKNOWN_PIECE}{n}{UNKNOWN_PIECE}{p}" for n, p in enumerate(pieces[1:]))
    read = _load(pieces[0] + numbered)
    if not isinstance(read, dict):
        return _unreadable(content)
    found = _value(read, script, content, "")
    return found.items()


def _unreadable(content: Val) -> Unknown:
    return Unknown("the content of the document cannot be read", "expression", content.span)


def _load(text: str) -> Any:
    import json  # few units have such a document, and fewer one that is written as text

    try:
        return json.loads(text)
    except ValueError:
        import yaml

        try:
            return yaml.safe_load(text)
        except yaml.YAMLError:
            return None


def _value(data: Any, script: BootScript, content: Val, key: str) -> Val:
    """Data that was read from a text as a value, at the line that has its key."""
    span = script.span_of(f'"{key}"', f"{key}:") if key else content.span
    if isinstance(data, dict):
        members = {str(name): _value(one, script, content, str(name)) for name, one in data.items()}
        return Value(members, span, content.via)
    if isinstance(data, list):
        elements = tuple(_value(one, script, content, key) for one in data)
        return Value(elements, span, content.via)
    if isinstance(data, str) and UNKNOWN_PIECE in data:
        pieces = data.split(UNKNOWN_PIECE)
        if pieces[0] or pieces[2] or len(pieces) > 3:
            return Unknown("it is known in part", "computed", span, parts=(data,))
        number = int(pieces[1])
        return script.causes[number] if number < len(script.causes) else _unreadable(content)
    known = data if isinstance(data, str | bool | int | None) else str(data)
    return Value(known, span, content.via)
