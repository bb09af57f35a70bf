"""Scripts that stand in structures: cfn-init's metadata, documents of Systems Manager.

Sources: CloudFormation User Guide, "AWS::CloudFormation::Init"; Systems Manager User Guide,
"Document syntax".
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from iac_ec2lint.compute.scripts.boot_scripts import UNKNOWN_PIECE, BootScript, script_of
from iac_ec2lint.declaration import CERTAIN
from iac_ec2lint.resources.part import Place
from iac_ec2lint.resources.ssm_document import SsmDocument
from iac_ec2lint.values import Unknown, Val, Value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iac_ec2lint.resources.part import Resource

_INIT: Final = "AWS::CloudFormation::Init"
_DEPTH: Final = 20


def structured_scripts(resource: Resource) -> Iterator[BootScript]:
    """The scripts in the document that a resource is, or in its metadata.

    Args:
        resource: A document, or what instances are launched by.
    """
    if isinstance(resource, SsmDocument):
        if resource.content is not None:
            yield _of_document(resource, resource.content)
        return
    said = _members(resource.declared.metadata).get(_INIT)
    if said is None:
        return
    path = f"Metadata.{_INIT}"
    if isinstance(said, Unknown):
        yield BootScript(resource, _place(path, said), None, (said,), kind="cfn-init")
    for name, config in said.items().items():
        if name != "configSets":
            yield from _of_config(resource, f"{path}.{name}", config)


def _members(value: Val | None) -> dict[str, Val]:
    return {} if value is None else value.items()


def _place(path: str, value: Val) -> Place:
    return Place(value.span, path, value, CERTAIN)


def _of_document(document: SsmDocument, content: Val) -> BootScript:
    place = document.place("content")
    script = script_of(document, place, content)._replace(kind="document")
    structure = content.decoded if content.decoded is not None else content
    if structure.items():
        text, causes = _as_lines(structure)
        return script._replace(text=text, causes=causes)
    if script.text is not None and script.text.lstrip().startswith("{"):
        try:
            lines = _lines(json.loads(script.text))
        except ValueError:  # it is judged as it is written
            return script
        return script._replace(text="\n".join(lines) + "\n")
    return script


def _of_config(resource: Resource, path: str, config: Val) -> Iterator[BootScript]:
    """The files and the commands of one configuration of cfn-init."""
    for section in ("files", "commands"):
        entries = config.items().get(section)
        if isinstance(entries, Unknown) and not entries.items():
            place = _place(f"{path}.{section}", entries)
            yield BootScript(resource, place, None, (entries,), kind="cfn-init")
        for name, entry in _members(entries).items():
            inside = f"{path}.{section}.{name}"
            said = entry.items()
            if section == "files":
                content = said.get("content")
                if content is not None:
                    yield _of_file(resource, _place(f"{inside}.content", content), content, name)
            else:
                yield from _of_command(resource, inside, said)


def _of_file(resource: Resource, place: Place, content: Val, name: str) -> BootScript:
    if content.items():
        text, causes = _as_lines(content)
        return BootScript(resource, place, text, causes, kind="cfn-init", path=name)
    return script_of(resource, place, content)._replace(kind="cfn-init", path=name)


def _of_command(resource: Resource, path: str, said: dict[str, Val]) -> Iterator[BootScript]:
    """The commands of one entry, each with the environment that it is run in."""
    given = said.get("env")
    lines: list[str] = []
    causes: tuple[Unknown, ...] = ()
    for name, value in _members(given).items():
        text, unknown = _text(value)
        lines.append(f"export {name}='{text}'\n")
        causes += unknown
    for key in ("command", "test"):
        command = said.get(key)
        if command is None:
            continue
        words = command.elements() if isinstance(command, Value) else ()
        if isinstance(command, Value) and command.text is None and words:
            texts = [_text(word) for word in words]
            written = " ".join(_quoted(text) for text, _ in texts)
            unknown = tuple(cause for _, each in texts for cause in each)
        else:
            written, unknown = _text(command)
        place = _place(f"{path}.{key}", command)
        text = "".join(lines) + written + "\n"
        yield BootScript(resource, place, text, (*causes, *unknown), kind="cfn-init")


def _quoted(word: str) -> str:
    safe = word and not set(word) & set(" \t\n'\"\\$`;&|<>()*?[]{}#~!")
    return word if safe else "'" + word.replace("'", "'\\''") + "'"


def _text(value: Val) -> tuple[str, tuple[Unknown, ...]]:
    """A value as text, with ``UNKNOWN_PIECE`` for what is not known, and what that is."""
    if isinstance(value, Value):
        data = value.data
        if isinstance(data, bool):
            return str(data).lower(), ()
        return ("" if data is None else str(data)), ()
    pieces = value.parts or (value,)
    text = "".join(piece if isinstance(piece, str) else UNKNOWN_PIECE for piece in pieces)
    return text, tuple(piece for piece in pieces if isinstance(piece, Unknown))


def _as_lines(value: Val) -> tuple[str, tuple[Unknown, ...]]:
    """A structure as YAML, and what is not known in it."""
    causes: list[Unknown] = []
    return "\n".join(_lines(_plain(value, causes, 0))) + "\n", tuple(causes)


def _plain(value: Val, causes: list[Unknown], depth: int) -> Any:
    members = value.items()
    if members and depth < _DEPTH:
        return {name: _plain(one, causes, depth + 1) for name, one in members.items()}
    if isinstance(value, Value) and isinstance(value.data, tuple) and depth < _DEPTH:
        return [_plain(one, causes, depth + 1) for one in value.elements()]
    text, unknown = _text(value)
    causes += unknown
    return text


def _lines(data: Any, indent: str = "") -> Iterator[str]:
    """The lines of a structure in YAML: of a text each of its lines as it is."""
    if isinstance(data, dict):
        for key, value in data.items():
            yield from _entry(f"{indent}{_scalar(str(key))}:", value, indent)
    elif isinstance(data, list):
        for value in data:
            yield from _entry(f"{indent}-", value, indent)
    else:
        yield f"{indent}{_scalar(_word(data))}"


def _entry(head: str, value: Any, indent: str) -> Iterator[str]:
    deeper = f"{indent}  "
    if isinstance(value, dict | list):
        if not value:
            yield f"{head} {'{}' if isinstance(value, dict) else '[]'}"
            return
        yield head
        yield from _lines(value, deeper)
        return
    text = _word(value)
    if "\n" in text:
        yield f"{head} |-"
        yield from (f"{deeper}{line}" for line in text.split("\n"))
    else:
        yield f"{head} {_scalar(text)}"


def _word(data: Any) -> str:
    if data is None:
        return "null"
    return str(data).lower() if isinstance(data, bool) else str(data)


def _scalar(text: str) -> str:
    """A text of one line, quoted where YAML would read it as anything else."""
    begins = text[:1] in "'\"[]{}>|*&!%#`@,?:-\\" or text != text.strip()
    return "'" + text.replace("'", "''") + "'" if begins or ": " in text or " #" in text else text
