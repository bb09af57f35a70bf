"""Scripts that stand in structures: cfn-init's metadata, documents of Systems Manager, parameters.

Sources: CloudFormation User Guide, "AWS::CloudFormation::Init", of which what it downloads (the
``source`` of files, ``sources``, ``rpm`` and ``msi`` packages) is read as the command that does it;
Systems Manager User Guide, "Document syntax"; Systems Manager API Reference, ``CreateAssociation``
and ``MaintenanceWindowRunCommandParameters``, whose ``Parameters`` are kept as they are written.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from iac_ec2lint.compute.choices import choices
from iac_ec2lint.compute.scripts.boot_script import UNKNOWN_PIECE, BootScript, script_of
from iac_ec2lint.declaration import CERTAIN
from iac_ec2lint.resources.maintenance_window import MaintenanceWindowTask
from iac_ec2lint.resources.part import Place
from iac_ec2lint.resources.ssm_association import SsmAssociation
from iac_ec2lint.resources.ssm_document import SsmDocument
from iac_ec2lint.source.regular_expression import regular_expression
from iac_ec2lint.values import Unknown, Val, Value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iac_ec2lint.declaration import Presence
    from iac_ec2lint.graph.graph import Graph
    from iac_ec2lint.resources.part import Resource

_INIT: Final = "AWS::CloudFormation::Init"
_DEPTH: Final = 20
_COMMANDS: Final = "commands"
"""The parameter of ``AWS-RunShellScript`` and ``AWS-RunPowerShellScript``."""
_POWERSHELL_DOCUMENT: Final = "AWS-RunPowerShellScript"
_OF_AWS: Final = regular_expression(r"(?i)aws|amazon|amzn")
"""How the names of AWS's documents begin."""
_DOWNLOADED: Final = {"rpm": "rpm -U", "msi": "curl -O"}
"""The packages of cfn-init that are addresses, and a command that does what it does with them."""
_KEY: Final = regular_expression(r"^(?P<indent> *)[\"']?(?P<key>[\w-]+)[\"']?:(?P<rest>.*)$")
"""A key of a map in YAML, at the beginning of a line."""
_IN_FLOW: Final = regular_expression(r"[{,]\s*[\"']?default[\"']?:\s*(?P<value>[^,}]*)")


def structured_scripts(resource: Resource) -> Iterator[BootScript]:
    """The scripts in the document that a resource is, or in its metadata.

    Args:
        resource: A document, or what instances are launched by.
    """
    if isinstance(resource, SsmDocument):
        if resource.content is not None:
            place = resource.place("content")
            for choice in choices(resource.content, place.presence):
                at = place._replace(presence=choice.presence)
                yield _of_document(resource, at, choice.value)
        return
    metadata = resource.declared.metadata
    said = None if metadata is None else metadata.items().get(_INIT)
    if said is not None:
        path = f"Metadata.{_INIT}"
        for name, config, there in _entries(said, CERTAIN):
            if name != "configSets":
                yield from _of_config(resource, f"{path}.{name}", config, there)


def command_scripts(graph: Graph) -> Iterator[BootScript]:
    """The commands that associations and tasks have documents run on instances."""
    return (script for name, script in _given(graph) if name == _COMMANDS)


def given_scripts(graph: Graph) -> Iterator[BootScript]:
    """What associations and tasks give to documents besides commands, a parameter a script.

    Of a parameter that is no command and of which nothing is known nothing is said.
    """
    return (script for name, script in _given(graph) if name != _COMMANDS)


def _given(graph: Graph) -> Iterator[tuple[str, BootScript]]:
    """Each parameter of each document that is run, by its name."""
    for association in graph.all(SsmAssociation):
        yield from _of_map(association, "parameters", association.parameters)
    for task in graph.all(MaintenanceWindowTask):
        yield from _of_map(task, "parameter_map", task.parameter_map)
        for part in task.parameters:
            name = part.name
            if name is None or part.values is None:
                continue
            place = part.place("values")
            if isinstance(name, Unknown):
                yield "", BootScript(task, place, None, (name,), kind="parameter")
                # These are commands where it is their name.
                for _, script in _parameter(task, place, _COMMANDS, part.values):
                    yield _COMMANDS, script._replace(doubt=name)
            elif name.text:
                yield from _parameter(task, place, name.text, part.values)


def _of_map(
    resource: SsmAssociation | MaintenanceWindowTask, field: str, value: Val | None
) -> Iterator[tuple[str, BootScript]]:
    if value is None:
        return
    place = resource.place(field)
    for choice in choices(value, place.presence):
        if not isinstance(choice.value, Value):
            continue
        for name, member in choice.value.items().items():
            at = Place(member.span, f"{place.attribute}.{name}", member, choice.presence)
            for key, script in _parameter(resource, at, name, member):
                doubt = choice.doubt if script.doubt is None else script.doubt
                yield key, script._replace(doubt=doubt)


def _parameter(
    resource: SsmAssociation | MaintenanceWindowTask, place: Place, name: str, value: Val
) -> Iterator[tuple[str, BootScript]]:
    for choice in choices(value, place.presence):
        at = place._replace(presence=choice.presence)
        words = choice.value.elements() if isinstance(choice.value, Value) else ()
        causes: list[Unknown] = []
        lines: list[str] = []
        for word in words or (choice.value,):
            text, unknown = _text(word)
            causes += unknown
            apart = name == _COMMANDS or (len(words) > 1 and not _is_of_aws(resource.document))
            lines.append(text if apart else f"{name}: {text}")
        if name == _COMMANDS or not isinstance(choice.value, Unknown) or choice.value.parts:
            document = resource.document
            script = BootScript(resource, at, _joined(lines), tuple(causes), kind="parameter")
            powershell = _joined(["<powershell>", *lines, "</powershell>"])
            if name != _COMMANDS or document is None:
                yield name, script
            elif document.text is not None:
                windows = document.text.endswith(_POWERSHELL_DOCUMENT)
                yield name, script._replace(text=powershell) if windows else script
            else:  # each of the two documents takes them
                yield name, script
                if isinstance(document, Unknown):
                    yield name, script._replace(text=powershell, doubt=document)


def _is_of_aws(document: Val | None) -> bool:
    """Whether a document is surely one of AWS's own: of these, commands alone are scripts.

    Source: Systems Manager API Reference, CreateDocument: nobody's own begins as theirs do.
    """
    return document is not None and _OF_AWS.match(document.text or "") is not None


def _joined(lines: list[str]) -> str:
    return "\n".join(lines) + "\n"


def _entries(value: Val, presence: Presence) -> Iterator[tuple[str, Val, Presence]]:
    """The members of each map that a value can be; an unknown one is a member without a name."""
    for choice in choices(value, presence):
        unknown = choice.value if choice.doubt is None else choice.doubt
        if isinstance(unknown, Unknown):
            yield "", unknown, choice.presence
            continue
        for name, member in choice.value.items().items():
            yield name, member, choice.presence


def _unknown(resource: Resource, path: str, value: Val, presence: Presence) -> BootScript:
    place = Place(value.span, path, value, presence)
    causes = (value,) if isinstance(value, Unknown) else ()
    return BootScript(resource, place, None, causes, kind="cfn-init")


def _of_document(document: SsmDocument, place: Place, content: Val) -> BootScript:
    script = _written_document(document, place, content)
    return script if script.text is None else script._replace(text=_by_parameter(script.text))


def _by_parameter(text: str) -> str:
    """A document in YAML in which each parameter's default stands behind the parameter's name.

    The name says what the default is, as it does of a variable; lines stay where they are.
    """
    lines = text.splitlines(keepends=True)
    inside: list[tuple[int, str]] = []
    for number, line in enumerate(lines):
        found = _KEY.match(line)
        if found is None:
            continue
        indent, key = len(found["indent"]), found["key"]
        while inside and inside[-1][0] >= indent:
            inside.pop()
        names = [name for _, name in inside]
        if names[:1] == ["parameters"]:
            flow = _IN_FLOW.search(found["rest"]) if len(names) == 1 else None
            if flow is not None:
                lines[number] = f"{found['indent']}{key}: {flow['value']}\n"
            elif len(names) == 2 and key == "default":
                lines[number] = line.replace(key, names[1], 1)
        inside.append((indent, key))
    return "".join(lines)


def _written_document(document: SsmDocument, place: Place, content: Val) -> BootScript:
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


def _of_config(
    resource: Resource, path: str, config: Val, presence: Presence
) -> Iterator[BootScript]:
    """The files, the commands and the downloads of one configuration of cfn-init."""
    for section, entries, there in _entries(config, presence):
        if not section:
            yield _unknown(resource, path, entries, there)
        if section not in ("files", "commands", "packages", "sources"):
            continue
        for name, entry, present in _entries(entries, there):
            inside = f"{path}.{section}.{name}"
            if not name:
                yield _unknown(resource, inside, entry, present)
            elif section == "sources":
                yield from _of_downloads(resource, inside, entry, present, "curl -O")
            elif section == "packages":
                for package, source, given in _entries(entry, present):
                    if package and name in _DOWNLOADED:
                        at = f"{inside}.{package}"
                        yield from _of_downloads(resource, at, source, given, _DOWNLOADED[name])
            else:
                yield from _of_entry(resource, section, inside, entry, present)


def _of_entry(
    resource: Resource, section: str, path: str, entry: Val, presence: Presence
) -> Iterator[BootScript]:
    """A file, or a command."""
    for key, value, given in _entries(entry, presence):
        at = Place(value.span, f"{path}.{key}", value, given)
        if not key:
            yield _unknown(resource, path, value, given)
        elif section == "commands" and key in ("command", "test"):
            yield _of_command(resource, at, value, entry)
        elif section == "files" and key == "content":
            yield from _of_file(resource, at, value, path.partition(".files.")[2])
        elif section == "files" and key == "source":
            yield from _of_downloads(resource, at.attribute, value, given, "curl -O")


def _of_downloads(
    resource: Resource, path: str, source: Val, presence: Presence, command: str
) -> Iterator[BootScript]:
    """What cfn-init downloads, as the command that would do so: an address, or several."""
    for choice in choices(source, presence):
        if choice.doubt is not None or (
            isinstance(choice.value, Unknown) and not choice.value.parts
        ):
            continue  # of an address that is not known there is nothing to say
        found = choice.value.elements() if isinstance(choice.value, Value) else ()
        for value in found or (choice.value,):
            text, causes = _text(value)
            place = Place(value.span, path, value, choice.presence)
            yield BootScript(
                resource, place, f"{command} {_quoted(text)}\n", causes, kind="cfn-init"
            )


def _of_file(resource: Resource, place: Place, content: Val, path: str) -> Iterator[BootScript]:
    for choice in choices(content, place.presence):
        at = place._replace(presence=choice.presence)
        value = choice.value if choice.doubt is None else choice.doubt
        if value.items():
            text, causes = _as_lines(value)
            yield BootScript(resource, at, text, causes, kind="cfn-init", path=path)
        else:
            yield script_of(resource, at, value)._replace(kind="cfn-init", path=path)


def _of_command(resource: Resource, place: Place, command: Val, entry: Val) -> BootScript:
    """A command, with the environment that it is run in."""
    lines: list[str] = []
    causes: tuple[Unknown, ...] = ()
    given = entry.items().get("env")
    for name, value in (given.items() if given is not None else {}).items():
        text, unknown = _text(value)
        lines.append(f"export {name}='{text}'\n")
        causes += unknown
    if isinstance(given, Unknown) and not lines:
        lines.append(f"{UNKNOWN_PIECE}\n")
        causes += (given,)
    if isinstance(command, Value) and command.text is None:
        texts = [_text(word) for word in command.elements()]
        written = " ".join(_quoted(text) for text, _ in texts)
        causes += tuple(cause for _, each in texts for cause in each)
    else:
        written, unknown = _text(command)
        causes += unknown
    return BootScript(resource, place, f"{''.join(lines)}{written}\n", causes, kind="cfn-init")


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
