"""Nobody asks for the truth of a value that may be unknown: it has none, and raises.

mypy takes ``value or other`` and ``if value`` for granted, whatever ``__bool__`` says; but it knows
the type of every operand.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from types import GetSetDescriptorType
from typing import Any

import pytest

build = pytest.importorskip("mypy.build", reason="mypy is part of the extra `dev`")

REPOSITORY = Path(__file__).parents[2]
ASKED = {
    "OpExpr": ("left",),
    "IfStmt": ("expr",),
    "WhileStmt": ("expr",),
    "ConditionalExpr": ("cond",),
    "AssertStmt": ("expr",),
    "GeneratorExpr": ("condlists",),
    "DictionaryComprehension": ("condlists",),
}
"""What is asked for its truth, by the node of the syntax tree."""


def members(node: Any, known: dict[type, list[str]]) -> Iterator[tuple[str, Any]]:
    """What a node of mypy's tree is made of; its classes are compiled, and have no visitor."""
    kind = type(node)
    if kind not in known:
        known[kind] = [
            name
            for base in kind.__mro__
            for name, one in vars(base).items()
            if isinstance(one, GetSetDescriptorType)
            and name not in ("info", "node", "type", "analyzed", "unanalyzed_type", "names")
        ]
    for name in known[kind]:
        with suppress(AssertionError):  # of what only some nodes of a class have
            yield name, getattr(node, name, None)


def flat(value: Any) -> Iterator[Any]:
    if isinstance(value, list | tuple):
        for one in value:
            yield from flat(one)
    elif value is not None:
        yield value


def is_asked(node: Any, name: str) -> bool:
    kind = type(node).__name__
    if kind == "UnaryExpr":
        return name == "expr" and node.op == "not"
    if kind == "OpExpr" and node.op not in ("and", "or"):
        return False
    return name in ASKED.get(kind, ())


def whole(operand: Any) -> Iterator[Any]:
    """An operand, or the last parts of ``a and b``, of which each may be what is asked."""
    if type(operand).__name__ == "OpExpr" and operand.op in ("and", "or"):
        yield from whole(operand.right)
    elif not (type(operand).__name__ == "UnaryExpr" and operand.op == "not"):
        yield operand


def is_undecidable(kind: Any) -> bool:
    from mypy.types import Instance, TypeVarType, UnionType, get_proper_type

    kind = get_proper_type(kind)
    if isinstance(kind, UnionType):
        return any(map(is_undecidable, kind.items))
    if isinstance(kind, TypeVarType):
        return is_undecidable(kind.upper_bound)
    return isinstance(kind, Instance) and any(b.name == "Undecidable" for b in kind.type.mro)


def found_in(paths: list[Path]) -> list[str]:
    from mypy.find_sources import create_source_list
    from mypy.nodes import Node
    from mypy.options import Options

    options = Options()
    options.export_types = options.preserve_asts = True
    options.incremental = False
    options.python_version = (3, 11)
    options.mypy_path = [str(REPOSITORY / "src")]
    options.explicit_package_bases = options.namespace_packages = True
    options.ignore_missing_imports = True
    options.cache_dir = "/dev/null"
    result = build.build(create_source_list([str(path) for path in paths], options), options)
    found: list[str] = []
    known: dict[type, list[str]] = {}
    for state in result.graph.values():
        path = Path(state.path or ".").resolve()
        if state.tree is None or not any(path.is_relative_to(one) for one in paths):
            continue
        seen: set[int] = set()
        pending: list[Any] = [*state.tree.defs]
        while pending:
            node = pending.pop()
            if id(node) in seen:
                continue
            seen.add(id(node))
            for name, value in members(node, known):
                inner = [one for one in flat(value) if isinstance(one, Node)]
                pending += inner
                if is_asked(node, name):
                    found += (
                        f"{path}:{part.line}: {result.types[part]}"
                        for one in inner
                        for part in whole(one)
                        if is_undecidable(result.types.get(part))
                    )
    return sorted(set(found))


@pytest.mark.slow
def test_nobody_asks_an_unknown_for_its_truth() -> None:
    assert found_in([REPOSITORY / "src", REPOSITORY / "checks"]) == []


@pytest.mark.slow
def test_who_does_is_found(tmp_path: Path) -> None:
    (tmp_path / "asks.py").write_text(
        "from iac_ec2lint.values import Answer, Val\n\n\n"
        "def asks(value: Val | None, answer: Answer, some: list[Val]) -> object:\n"
        "    first = value or 1\n"
        "    second = 1 if value else 2\n"
        "    third = not answer\n"
        "    fourth = [one for one in some if one]\n"
        "    fifth = bool(some) and value is not None\n"
        "    if some and value:\n"
        "        return first\n"
        "    return second, third, fourth, fifth\n",
        "utf-8",
    )
    found = found_in([tmp_path])
    assert [int(one.split(":")[1]) for one in found] == [10, 5, 6, 7, 8]
