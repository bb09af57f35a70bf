"""Reads scripts for what they do, part by part: shells, PowerShell, cloud-config, documents.

Sources: cloud-init's documentation, "Module reference"; EC2 User Guide, "EC2Launch v2 task
configuration"; Image Builder User Guide, "Use the AWSTOE
component document framework"; Systems Manager User Guide, "Document syntax".
"""

from __future__ import annotations

import shlex
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from iac_ec2lint.compute.scripts.action import Action
from iac_ec2lint.compute.scripts.boot_script import read_packed
from iac_ec2lint.compute.scripts.script_parts import script_parts
from iac_ec2lint.compute.scripts.shell.calls import given_to, output_of, plain
from iac_ec2lint.compute.scripts.shell.reader import commands
from iac_ec2lint.compute.scripts.shell.scope import Scope
from iac_ec2lint.compute.scripts.shell.words import RUN_TIME, Command, Line, numbers_of
from iac_ec2lint.document.reading import read
from iac_ec2lint.document.tree import Mapping, Node, Scalar, Sequence, Tagged, items_of, scalar_text
from iac_ec2lint.source.regular_expression import regular_expression
from iac_ec2lint.source.span import SourceText

if TYPE_CHECKING:
    import re
    from collections.abc import Iterable, Iterator

_DEPTH: Final = 6
_DOCUMENT: Final = regular_expression(
    r"(?m)^[^\S\n]*[\"']?(?:mainSteps|runtimeConfig|phases)[\"']?\s*:"
)
_POWERSHELL_WORD: Final = regular_expression(r"\"[^\"]*\"|'[^']*'|[^\s;|&(){}\"']+|[;|&\n]")
_REMARK: Final = regular_expression(r"(?i)\s*@?(?:rem\b|::)")
_PARAMETER: Final = regular_expression(r"\{\{([^{}]*)\}\}")
_NOT_KNOWN: Final = regular_expression("[\U000f0000-\U000fffff]+")
_SHELL_STEPS: Final = frozenset({"ExecuteBash", "aws:runShellScript"})
_POWERSHELL_STEPS: Final = frozenset({"ExecutePowerShell", "aws:runPowerShellScript"})


@lru_cache(maxsize=100)
def actions(script: str, path: str = "") -> tuple[Action, ...]:
    """What a script does, in order.

    Args:
        script: The script, with a character of ``piece_of`` for what is not known of it.
        path: The file that it is written to, where it is not run but written.
    """
    return tuple(_actions(script, path))


def _actions(script: str, path: str) -> Iterator[Action]:
    if path:
        lines = [Line(text, number) for number, text in enumerate(script.split("\n"), 1)]
        yield from _Shell().write(path, lines)
        return
    if _DOCUMENT.search(script):
        yield from _of_document(script)
        return
    for part in script_parts(script):
        number = part.number if part.whole else 1
        made: Iterator[Action]
        if part.kind == "shell":
            made = _Shell().run(part.text, number)
        elif part.kind in ("cloud-config", "archive"):
            made = _of_config(part.text, number)
        elif part.kind in ("powershell", "batch"):
            made = _of_windows(part.text, number, part.kind == "batch")
        elif part.kind == "tasks":
            made = _of_tasks(part.text, number)
        else:
            continue
        for action in made:
            told = action._replace(doubt=(*part.doubt, *action.doubt))
            yield told if part.whole else told._replace(number=0)


class _Shell:
    """Reads scripts of a shell; what they write to files is remembered."""

    def __init__(self) -> None:
        self.files: dict[str, list[Line]] = {}
        self.scope = Scope()

    def run(self, script: str, number: int, depth: int = 0) -> Iterator[Action]:
        """What a script of a shell does."""
        if depth > _DEPTH:
            return
        found = commands(script, number, self.scope)
        readers = {id(source): command for command in found for source in command.piped}
        for command in found:
            called = plain(command)
            at, doubt = command.number, command.doubt
            if called.script is not None:
                yield from self.run(called.script, at, depth + 1)
            if called.shell:
                given = given_to(command, self.files)
                text = "\n".join(line.text for line in given)
                yield from self.run(text, given[0].number if given else at, depth + 1)
            made = output_of(command, self.files) if command.outputs else []
            for path, _ in command.outputs:
                yield from self.write(path, made)
            words = called.words
            if words[:1] == ["tee"]:
                for path in words[1:]:
                    if not path.startswith("-"):
                        yield from self.write(path, given_to(command, self.files))
            if words and numbers_of(words[0][:1]):
                yield Action("unknown", (), at, tuple(numbers_of(words[0])))
            elif words:
                outputs = [path for path, _ in command.outputs if not path.startswith("/dev/")]
                if id(command) in readers:
                    outputs.append(_name(readers[id(command)]))
                yield Action("command", tuple(words), at, doubt, outputs[0] if outputs else "")

    def write(self, path: str, lines: list[Line]) -> Iterator[Action]:
        """What it comes to that lines are written to a file: one that is a script may be run."""
        if path == "/dev/null":
            return
        self.files[path] = [*self.files.get(path, ()), *lines]
        for line in lines:
            yield Action("file", (path, line.text), line.number)
        if lines and lines[0].text.startswith("#!") and "sh" in lines[0].text:
            inner = _Shell()
            yield from inner.run("\n".join(line.text for line in lines), lines[0].number, _DEPTH)


def _name(command: Command) -> str:
    """The name of a command that reads what another one writes."""
    called = plain(command)
    return "sh" if called.shell else (called.words[0] if called.words else "")


def _of_windows(script: str, number: int, batch: bool = False) -> Iterator[Action]:
    """The commands of a script of PowerShell, or of a batch file, as far as they are words."""
    for offset, line in enumerate(script.split("\n")):
        words: list[str] = []
        if batch and _REMARK.match(line):
            continue
        for found in _POWERSHELL_WORD.finditer(line):
            word = found[0]
            if word.startswith("#") and not batch:
                break
            if word in ";|&":
                yield from _of_words(words, number + offset)
                words = []
            else:
                words.append(word.strip("\"'"))
        yield from _of_words(words, number + offset)


def _of_words(words: list[str], number: int) -> Iterator[Action]:
    """A command of Windows; nobody knows what is run where its name is not known."""
    if words and numbers_of(words[0][:1]):
        yield Action("unknown", (), number, tuple(numbers_of(words[0])))
    elif words:
        yield Action("powershell", tuple(words), number)


# cloud-config and documents


def _roots(text: str, first: int, unread: list[Action]) -> list[Node]:
    """The trees of a text without the lines of which nothing is known: these are ``unread``."""
    lines = text.split("\n")
    for at, line in enumerate(lines):
        pieces = tuple(numbers_of(line))
        if pieces and not _NOT_KNOWN.sub("", line).strip():
            lines[at] = ""
            unread.append(Action("unknown", (), first + at, pieces))
    roots = read(SourceText("script.yaml", "\n".join(lines))).roots
    if not roots and numbers_of(text) and not unread:
        unread.append(Action("unknown", (), first, tuple(numbers_of(text))))
    return roots


def _of_config(text: str, first: int) -> Iterator[Action]:
    """What a cloud-config, or an archive of user data, does and sets."""
    unread: list[Action] = []
    for root in _roots(text, first, unread):
        if isinstance(root, Sequence):
            for item in root.items:
                content = item.get("content") if isinstance(item, Mapping) else item
                for action in actions(scalar_text(content) or ""):
                    yield action._replace(number=0)
        elif isinstance(root, Mapping):
            shell = _Shell()
            for key in ("bootcmd", "runcmd"):
                for item in items_of(root.get(key)):
                    words = [scalar_text(word) or "" for word in items_of(item)]
                    line = words[0] if isinstance(item, Scalar | Tagged) else shlex.join(words)
                    yield from shell.run(line, _number(item, first))
            for item in items_of(root.get("write_files")):
                yield from _of_file(shell, item, first)
            for key, (_, node) in root.entries.items():
                if key not in ("bootcmd", "runcmd", "write_files"):
                    yield from _settings(key, node, first)
    yield from unread


def _of_file(shell: _Shell, item: Node, first: int) -> Iterator[Action]:
    content = item.get("content") if isinstance(item, Mapping) else None
    path = scalar_text(item.get("path")) if isinstance(item, Mapping) else None
    text = scalar_text(content)
    if content is None or path is None or text is None:
        return
    plain_text = read_packed(text)
    number = _number(content, first)
    offsets = range(plain_text.count("\n") + 1)
    lines = [
        Line(line, number + offset if plain_text == text else number)
        for offset, line in zip(offsets, plain_text.split("\n"), strict=True)
    ]
    yield from shell.write(path, lines)


def _settings(name: str, node: Node, first: int) -> Iterator[Action]:
    """What is set by a key, and by those that stand in it."""
    if isinstance(node, Mapping):
        for key, (_, inner) in node.entries.items():
            yield from _settings(f"{name}.{key}", inner, first)
    elif isinstance(node, Sequence):
        for inner in node.items:
            yield from _settings(name, inner, first)
    else:
        text = scalar_text(node)
        if text is not None:
            yield Action("setting", (name, text), _number(node, first))


def _of_tasks(text: str, first: int) -> Iterator[Action]:
    """What the tasks of EC2Launch v2 run and write."""
    unread: list[Action] = []
    for root in _roots(text, first, unread):
        tasks = root.get("tasks") if isinstance(root, Mapping) else None
        for task in items_of(tasks):
            inputs = task.get("inputs") if isinstance(task, Mapping) else task
            name = scalar_text(task.get("task")) if isinstance(task, Mapping) else None
            for one in items_of(inputs):
                if isinstance(one, Mapping):
                    yield from _of_task(name or "", one, first)
                elif inputs is not None:
                    yield from _of_unknown_text(one, first)
    yield from unread


def _of_task(name: str, inputs: Mapping, first: int) -> Iterator[Action]:
    content = inputs.get("content")
    if name == "executeScript" and content is not None:
        yield from _of_windows(
            scalar_text(content) or "",
            _number(content, first),
            scalar_text(inputs.get("type")) == "batch",
        )
    elif name == "executeProgram":
        path = inputs.get("path")
        if path is not None:
            words = [scalar_text(word) or "" for word in (path, *items_of(inputs.get("arguments")))]
            yield from _of_words(words, _number(path, first))
    elif name == "writeFile" and content is not None:
        target, start = scalar_text(inputs.get("destination")) or "", _number(content, first)
        for offset, line in enumerate((scalar_text(content) or "").split("\n")):
            yield Action("file", (target, line), start + offset)


def _of_unknown_text(node: Node, first: int) -> Iterator[Action]:
    """A place where something to be run may stand of which nothing is known."""
    text = scalar_text(node) or ""
    if numbers_of(text) and not _NOT_KNOWN.sub("", text).strip():
        yield Action("unknown", (), _number(node, first), tuple(numbers_of(text)))


def _of_document(text: str) -> Iterator[Action]:
    """What the steps of a document of Image Builder or of Systems Manager do."""
    unread: list[Action] = []
    for root in _roots(text, 1, unread):
        yield from _of_unknown_nodes(root, 1)
        for name, inputs in _steps(root):
            node = inputs.get("runCommand") or inputs.get("commands")
            items = items_of(node)
            if name in _SHELL_STEPS:
                shell = _Shell()  # what one item sets the next one knows
                for one, number in _shell_texts(items):
                    yield from shell.run(one, number)
            elif name in _POWERSHELL_STEPS:
                for item in items:
                    yield from _of_windows(scalar_text(item) or "", _number(item, 1))
            else:
                checked = inputs.get("checksum") is not None
                for key, (_, node) in inputs.entries.items():
                    if key != "source" or not checked:  # else it is known what comes
                        yield from _settings(f"{name}.{key}", node, 1)
    yield from unread


_STRUCTURE: Final = frozenset(
    {"mainSteps", "phases", "steps", "runtimeConfig", "properties", "inputs", "action"}
)
"""What steps stand in, or what decides what a step does."""


def _of_unknown_nodes(
    node: Node, first: int, key: str = "mainSteps", *, runs: bool = True
) -> Iterator[Action]:
    """The places of a document where steps may stand of which nothing is known.

    Args:
        node: The document, or a part of it.
        first: The line that its text begins on.
        key: What it stands in.
        runs: Whether those count as well where the commands of a step may stand.
    """
    if isinstance(node, Mapping):
        for name, (_, inner) in node.entries.items():
            if name != "inputs" or not isinstance(inner, Mapping):
                yield from _of_unknown_nodes(inner, first, name, runs=runs)
            elif runs:  # what a step is given is text, but for what it runs
                for one in ("runCommand", "commands"):
                    given = inner.get(one)
                    yield from _of_unknown_nodes(given, first) if given is not None else ()
    elif isinstance(node, Sequence):
        for inner in node.items:
            yield from _of_unknown_nodes(inner, first, key, runs=runs)
    elif key in _STRUCTURE:
        yield from _of_unknown_text(node, first)


def shell_steps(text: str) -> Iterator[tuple[str, int]]:
    """The scripts of a shell in a document of Image Builder or Systems Manager, and their lines.

    A parameter in them, ``{{ Name }}``, is its default where that is written; else it is worked out
    when the document runs, as what is read then is: ``{{ ssm:name }}``.

    Args:
        text: What may be such a document; of other texts there are none.
    """
    if _DOCUMENT.search(text):
        for root in _roots(text, 1, []):
            defaults = _defaults(root)

            def given(found: re.Match[str], defaults: dict[str, str] = defaults) -> str:
                return defaults.get(found[1].strip(), RUN_TIME)

            for name, inputs in _steps(root):
                if name in _SHELL_STEPS:
                    node = inputs.get("runCommand") or inputs.get("commands")
                    for script, number in _shell_texts(items_of(node)):
                        yield _PARAMETER.sub(given, script), number


def _defaults(root: Node) -> dict[str, str]:
    """What the parameters of a document are unless they are given, where that is written in it.

    In Systems Manager they are a map, in Image Builder a list of maps. Here the default may stand
    behind the parameter's name, as a variable's does.
    """
    found: dict[str, str] = {}
    parameters = root.get("parameters") if isinstance(root, Mapping) else None
    for one in items_of(parameters):
        for name, (_, said) in one.entries.items() if isinstance(one, Mapping) else ():
            inner = said if isinstance(said, Mapping) else None
            text = scalar_text(inner.get("default") or inner.get(name) if inner else said)
            if text is not None and not numbers_of(text):
                found[name] = text
    return found


def unknown_steps(text: str) -> Iterator[Action]:
    """The places where steps of such a document may stand of which nothing is known."""
    if _DOCUMENT.search(text):
        unread: list[Action] = []
        for root in _roots(text, 1, unread):
            yield from _of_unknown_nodes(root, 1, runs=False)
        yield from unread


def _shell_texts(items: Iterable[Node]) -> list[tuple[str, int]]:
    """The texts of a step, each with its own place; as one where each is the next one's line."""
    texts = [(scalar_text(item) or "", _number(item, 1)) for item in items]
    return [("\n".join(one for one, _ in texts), texts[0][1])] if _follow(texts) else texts


def _follow(texts: list[tuple[str, int]]) -> bool:
    """Whether texts of one line each stand on lines that follow one another."""
    return bool(texts) and [number for _, number in texts] == [
        texts[0][1] + offset for offset in range(len(texts))
    ]


def _steps(root: Node) -> Iterator[tuple[str, Mapping]]:
    """The steps of a document: the names of their actions, and what these are given."""
    pending = [root]
    while pending:
        node = pending.pop()
        if isinstance(node, Sequence):
            pending += reversed(node.items)
        elif isinstance(node, Mapping):
            name, inputs = scalar_text(node.get("action")), node.get("inputs")
            if name is not None and isinstance(inputs, Mapping | Sequence):
                for one in items_of(inputs):
                    if isinstance(one, Mapping):
                        yield name, one
            else:
                for key, (_, inner) in reversed(node.entries.items()):
                    if key.startswith("aws:") and isinstance(inner, Mapping):  # of version 1.2
                        yield from ((key, one) for one in _maps(inner.get("properties")))
                    pending.append(inner)


def _maps(node: Node | None) -> list[Mapping]:
    return [one for one in items_of(node) if isinstance(one, Mapping)]


def _number(node: Node, first: int) -> int:
    """The line of the script that a node's text begins on."""
    source = node.source
    block = source.text[node.start : node.start + 1] in ("|", ">")
    return first + source.position(node.start)[0] - 1 + block
