"""The files of one module, parsed, and what they declare.

Source: "Files and Directories", "Override Files" and "JSON Configuration Syntax" of the Terraform
language; OpenTofu for ``.tofu`` files.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from iac_ec2lint.hcl import tree
from iac_ec2lint.hcl.parser import parse
from iac_ec2lint.source.diagnostic import Diagnostic
from iac_ec2lint.source.discovery import is_module_file
from iac_ec2lint.source.regular_expression import regular_expression
from iac_ec2lint.terraform.folders.module_files import (
    _OVERRIDE,
    Reading,
    _split,
    module_files,
)
from iac_ec2lint.terraform.folders.overrides import merge_blocks

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from iac_ec2lint.hcl.json_syntax import BlockTypes
    from iac_ec2lint.hcl.parser import ParserName
    from iac_ec2lint.source.files import Files
    from iac_ec2lint.source.span import SourceText
    from iac_ec2lint.source.suppression import Suppression
    from iac_ec2lint.values import Val

_SEVERAL = 4
"""From so many names on that two files declare both, these are taken for two modules."""

_MARKING = regular_expression(
    r"""
    \b (?: sensitive | ephemeral ) "? \s* (?: \( | " | [=:] (?! \s* "? false ) )
    | \b terraform \s* \. \s* applying \b
    """,
    re.VERBOSE,
)
"""The syntax that marks values: an argument that is not ``false``, a call, a block."""

_DYNAMIC: dict[str, Any] = {}
_DYNAMIC["dynamic"] = (1, {"content": (0, _DYNAMIC)})
_RESOURCE: dict[str, Any] = {
    **_DYNAMIC,
    "lifecycle": (0, {"precondition": (0, {}), "postcondition": (0, {})}),
    "provisioner": (1, {"connection": (0, {})}),
    "connection": (0, {}),
}
JSON_BLOCKS: BlockTypes = {
    "terraform": (
        0,
        {
            "required_providers": (0, {}),
            "backend": (1, {}),
            "cloud": (0, {}),
            "provider_meta": (1, {}),
        },
    ),
    "variable": (1, {"validation": (0, {})}),
    "locals": (0, {}),
    "output": (1, {"precondition": (0, {})}),
    "module": (1, {}),
    "provider": (1, {}),
    "resource": (2, _RESOURCE),
    "data": (2, _RESOURCE),
    "ephemeral": (2, _RESOURCE),
    "moved": (0, {}),
    "removed": (0, {}),
    "import": (0, {}),
    "check": (1, {"data": (2, _RESOURCE), "assert": (0, {})}),
}
"""The block types at the top level of a Terraform file in JSON syntax."""


_KEYED = regular_expression(r"\b(?:count|each)\s*[.\[]|\bself\b")


class ModuleSyntax:
    """What the files of one folder declare, before anything is evaluated.

    Attributes:
        folder: The folder.
        files: Its parsed files, by path as messages name it.
        variables: The ``variable`` blocks by name.
        locals: The local values by name.
        outputs: The ``output`` blocks by name.
        resources: The ``resource`` blocks by type and name, in the order of files and lines.
        data: The ``data`` blocks by type and name.
        calls: The ``module`` blocks by name.
        providers: The ``provider`` blocks by local name and alias (empty for the default one).
        backend: The ``backend`` or ``cloud`` block, if there is one.
        required: The ``required_providers`` blocks.
        requirements: The entry of each local name in them.
        diagnostics: The errors in the files.
        repeated: What is declared twice: its name, where, and where it is the first time.
        unbased: What overrides nothing: where, and what it is.
        read: The paths as messages name them, and whether each was read in full.
        defaults: Defaults of variables once they have been evaluated and converted.
        calculated: Other results that are computed once for all calls of the module.
        mentions_marks: Whether its files mention sensitive or ephemeral values.
    """

    __slots__ = (
        "backend",
        "calculated",
        "calls",
        "data",
        "defaults",
        "diagnostics",
        "files",
        "folder",
        "locals",
        "mentions_marks",
        "outputs",
        "partial",
        "providers",
        "read",
        "repeated",
        "required",
        "requirements",
        "resources",
        "suppressions",
        "unbased",
        "variables",
    )

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.files: list[tree.File] = []
        self.variables: dict[str, tree.Block] = {}
        self.locals: dict[str, tree.Attribute] = {}
        self.outputs: dict[str, tree.Block] = {}
        self.resources: dict[tuple[str, str], tree.Block] = {}
        self.data: dict[tuple[str, str], tree.Block] = {}
        self.calls: dict[str, tree.Block] = {}
        self.providers: dict[tuple[str, str], tree.Block] = {}
        self.backend: tree.Block | None = None
        self.required: list[tree.Block] = []
        self.requirements: dict[str, tree.Attribute] = {}
        self.diagnostics: list[Diagnostic] = []
        self.repeated: list[tuple[str, tree.Node, tree.Node]] = []
        self.unbased: list[tuple[tree.Node, str]] = []
        self.read: dict[str, bool] = {}
        self.partial = False
        self.mentions_marks = False
        self.suppressions: list[Suppression] | None = None
        self.defaults: dict[str, Val] = {}
        self.calculated: dict[object, Any] = {}

    def is_alike(self, name: str, block: tree.Block) -> bool:
        """Whether all instances of a resource are the same to everything else.

        Nothing in its block hangs on the instance's key, and nothing in the module, which is where
        alone it can be, refers to it.

        Args:
            name: What references to it begin with: ``aws_instance.web``.
            block: Its block.
        """
        overridden = any("override" in file.source.path for file in self.files)
        if overridden or _KEYED.search(block.source.text, block.start, block.end):
            return False
        mention = re.compile(rf"\b{re.escape(name)}\b".replace(r"\.", r"\s*\.\s*"))
        return not any(mention.search(file.source.text) for file in self.files)

    @property
    def steps(self) -> int:
        """The steps that evaluating it once takes, without the instances of its resources."""
        return sum([len(file.source.text) for file in self.files]) // 100


def read_module(
    files: Files, folder: Path, parser: ParserName, reading: Reading = "opentofu"
) -> ModuleSyntax:
    """Parse the files of a folder and index what they declare."""
    syntax = ModuleSyntax(folder)
    primary, overrides = module_files(files, folder, reading)
    for name in primary:
        file = _read_file(files, folder / name, parser, syntax)
        if file is not None:
            _Indexing(syntax).add(file)
    for name in overrides:
        file = _read_file(files, folder / name, parser, syntax)
        if file is not None:
            _Indexing(syntax).override(file)
    _report_repeated(syntax)
    _report_unbased(syntax)
    return syntax


def with_generated(
    base: ModuleSyntax, generated: Iterable[tuple[SourceText, str, bool]], parser: ParserName
) -> ModuleSyntax:
    """What the files of a folder declare with those that are generated in it.

    Args:
        base: What its own files declare.
        generated: Files: the text, the name, and whether it replaces one of that name.
        parser: The parser to read them with.
    """
    files = {file.source.path.rpartition("/")[2]: (file, False) for file in base.files}
    for source, name, replaces in generated:
        if is_module_file(name) and not name.endswith(".json") and (replaces or name not in files):
            files[name] = (parse(source, parser)[0], True)
    syntax = ModuleSyntax(base.folder)
    syntax.read = base.read
    syntax.diagnostics = [*base.diagnostics]
    syntax.partial = base.partial
    syntax.mentions_marks = base.mentions_marks
    overrides = {name for name in files if _OVERRIDE.search(_split(name)[0])}
    for name in sorted(files, key=lambda name: (name in overrides, name)):
        file, is_new = files[name]
        syntax.files.append(file)
        syntax.mentions_marks |= is_new and _mentions_marks(file.source.text)
        indexing = _Indexing(syntax)
        (indexing.override if name in overrides else indexing.add)(file)
    return syntax


def _report_repeated(syntax: ModuleSyntax) -> None:
    """Report what is declared twice, in one error where files seem to be modules of their own."""
    found = syntax.repeated
    if not found:
        return
    name, node, first = found[0]
    message = f'"{name}" is declared already, at {first.span.path}:{first.span.line}'
    files = sorted({n.span.path for _, node, first in found for n in (node, first)})
    if len(found) < _SEVERAL or len(files) < 2:
        for name, node, first in found:
            message = f'"{name}" is declared already, at {first.span.path}:{first.span.line}'
            syntax.diagnostics.append(Diagnostic.at(node.span, message))
        return
    # What one of the files refers to may be meant to be declared in that file only.
    syntax.partial = True
    named = ", ".join(path.rpartition("/")[2] for path in files[:_SEVERAL])
    more = f" and {len(files) - _SEVERAL} more" if len(files) > _SEVERAL else ""
    message += (
        f", and so are {len(found) - 1} more names in this folder, of which Terraform makes one "
        f"module; if {named}{more} are modules of their own, they need folders of their own"
    )
    syntax.diagnostics.append(Diagnostic.at(node.span, message))


def _report_unbased(syntax: ModuleSyntax) -> None:
    """Report what overrides nothing, in one error where the files seem to be for another folder."""
    found = syntax.unbased
    if len(found) < _SEVERAL:
        for node, what in found:
            message = f"there is no {what} that this could override"
            syntax.diagnostics.append(Diagnostic.at(node.span, message))
        return
    # What the files refer to may be declared where they are to be copied to.
    syntax.partial = True
    node, what = found[0]
    message = (
        f"there is no {what} that this could override, and so it is with {len(found) - 1} more "
        "blocks in this folder; if its files are copied into that of another module, only there "
        "can they be judged"
    )
    syntax.diagnostics.append(Diagnostic.at(node.span, message))


def _read_file(
    files: Files, path: Path, parser: ParserName, syntax: ModuleSyntax
) -> tree.File | None:
    source = files.read(path)
    if isinstance(source, Diagnostic):
        syntax.diagnostics.append(source)
        syntax.read[source.path] = False
        syntax.partial = True
        return None
    if path.suffix == ".json":
        from iac_ec2lint.hcl.json_syntax import parse_json  # rare: not imported in an ordinary run

        file, problems = parse_json(source, JSON_BLOCKS)
    else:
        file, problems = files.parse_once(parser, source, lambda: parse(source, parser))
    syntax.mentions_marks = syntax.mentions_marks or _mentions_marks(source.text)
    syntax.diagnostics.extend(problems)
    syntax.read[source.path] = not problems
    syntax.partial = syntax.partial or bool(problems)
    syntax.files.append(file)
    return file


def _mentions_marks(text: str) -> bool:
    # Nearly all files have none of these words, and finding that out is cheap.
    if "sensitive" not in text and "ephemeral" not in text and "applying" not in text:
        return False
    return _MARKING.search(text) is not None


_ONE_LABEL = {"variable", "output", "module"}


class _Indexing:
    """Puts the blocks of one file into a module's index."""

    __slots__ = ("syntax",)

    def __init__(self, syntax: ModuleSyntax) -> None:
        self.syntax = syntax

    def add(self, file: tree.File) -> None:
        for block in file.body.blocks:
            self._add_block(block)

    def override(self, file: tree.File) -> None:
        for block in file.body.blocks:
            self._override_block(block)

    def _named(self, block: tree.Block) -> dict[str, tree.Block]:
        syntax = self.syntax
        if block.type == "variable":
            return syntax.variables
        return syntax.outputs if block.type == "output" else syntax.calls

    def _add_block(self, block: tree.Block) -> None:
        syntax = self.syntax
        kind = block.type
        if kind in ("resource", "data"):
            if len(block.labels) == 2:
                index = syntax.resources if kind == "resource" else syntax.data
                self._declare(index, (block.labels[0], block.labels[1]), block)
            else:
                self._report(block, f"a {kind} block has two labels: its type and its name")
        elif kind in _ONE_LABEL:
            if len(block.labels) == 1:
                self._declare(self._named(block), block.labels[0], block)
            else:
                self._report(block, f"a {kind} block has one label: its name")
        elif kind == "locals":
            for name, attribute in block.body.attributes.items():
                self._declare(syntax.locals, name, attribute)
        elif kind == "provider" and len(block.labels) == 1:
            self._declare(syntax.providers, (block.labels[0], _alias(block)), block)
        elif kind == "terraform":
            self._add_settings(block)

    def _add_settings(self, block: tree.Block) -> None:
        """Add a ``terraform`` block; in an override file, its backend replaces another."""
        for nested in block.body.blocks:
            if nested.type == "required_providers":
                self.syntax.required.append(nested)
                self.syntax.requirements.update(nested.body.attributes)
            elif nested.type == "cloud" or (nested.type == "backend" and len(nested.labels) == 1):
                self.syntax.backend = nested

    def _declare(self, index: dict[Any, Any], key: Any, node: tree.Node) -> None:
        first = index.setdefault(key, node)
        if first is not node:
            name = ".".join(key) if isinstance(key, tuple) else key
            self.syntax.repeated.append((name.rstrip("."), node, first))

    def _report(self, node: tree.Node, message: str) -> None:
        self.syntax.diagnostics.append(Diagnostic.at(node.span, message))

    def _override_block(self, block: tree.Block) -> None:
        syntax = self.syntax
        if block.type == "locals":
            for name, attribute in block.body.attributes.items():
                if name in syntax.locals:
                    syntax.locals[name] = attribute
                else:
                    self._no_base(attribute, f'local value "{name}"')
            return
        index: dict[Any, tree.Block]
        key: Any
        if block.type in ("resource", "data") and len(block.labels) == 2:
            index = syntax.resources if block.type == "resource" else syntax.data
            key = (block.labels[0], block.labels[1])
        elif block.type in _ONE_LABEL and len(block.labels) == 1:
            index, key = self._named(block), block.labels[0]
        elif block.type == "provider" and len(block.labels) == 1:
            index, key = syntax.providers, (block.labels[0], _alias(block))
            index.setdefault(key, block)
        else:
            self._add_block(block)
            return
        base = index.get(key)
        if base is None:
            self._no_base(block, f"{block.type} {' '.join(block.labels)}")
        elif base is not block:
            index[key] = merge_blocks(base, block)

    def _no_base(self, node: tree.Node, what: str) -> None:
        self.syntax.unbased.append((node, what))


def _alias(block: tree.Block) -> str:
    if "alias" not in block.span.text:
        return ""
    attribute = block.body.attributes.get("alias")
    return static_text(attribute.expression) or "" if attribute is not None else ""


def static_text(expression: tree.Expression) -> str | None:
    """The text of a string without interpolation; ``None`` where it is another expression."""
    if isinstance(expression, tree.Template):
        return expression.text
    return None


def reference_text(expression: tree.Expression) -> str:
    """The text of a reference: ``aws.west``; in quotes in JSON and in old syntax."""
    text = static_text(expression)
    return text if text is not None else expression.span.text.strip()
