"""Imports that are made when what they name is first used.

Two in three of the modules that checks ask are never called in the scan of a small folder, and to
import them takes longer than the scan. What is imported late stands in for the function or class:
it may be called, asked for its attributes or members, written in an annotation, subclassed, and
given to ``isinstance``. What has been imported is given as it is; a name in capitals is a constant,
and is imported at once.
"""

from __future__ import annotations

import builtins
import sys
from contextlib import contextmanager
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


class _LateName:
    """Stands in for a function or a class until it is used."""

    __slots__ = ("_found", "_module", "_name")

    def __init__(self, module: str, name: str) -> None:
        self._module = module
        self._name = name
        self._found: Any = None

    def _real(self) -> Any:
        if self._found is None:
            self._found = getattr(import_module(self._module), self._name)
        return self._found

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        return self._real()(*arguments, **named)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real(), name)

    def __instancecheck__(self, instance: object) -> bool:
        return isinstance(instance, self._real())

    def __subclasscheck__(self, subclass: type) -> bool:
        return issubclass(subclass, self._real())

    def __mro_entries__(self, bases: tuple[object, ...]) -> tuple[type, ...]:
        return (self._real(),)

    def __or__(self, other: object) -> _LateUnion:
        return _LateUnion(self, other)

    def __ror__(self, other: object) -> _LateUnion:
        return _LateUnion(other, self)

    def __getitem__(self, key: object) -> Any:
        return self._real()[key]

    def __iter__(self) -> Iterator[Any]:
        return iter(self._real())

    def __contains__(self, member: object) -> bool:
        return member in self._real()

    def __len__(self) -> int:
        return len(self._real())

    def __eq__(self, other: object) -> bool:
        return bool(self._real() == (other._real() if isinstance(other, _LateName) else other))

    def __hash__(self) -> int:
        return hash(self._real())

    def __repr__(self) -> str:
        return repr(self._real())


class _LateUnion:
    """Stands in for a union, one side of which is late: most are written in annotations alone."""

    __slots__ = ("_left", "_right")

    def __init__(self, left: Any, right: Any) -> None:
        self._left = left
        self._right = right

    def __instancecheck__(self, instance: object) -> bool:
        return any(
            instance is None if side is None else isinstance(instance, side)
            for side in (self._left, self._right)
        )

    def __or__(self, other: object) -> _LateUnion:
        return _LateUnion(self, other)

    def __ror__(self, other: object) -> _LateUnion:
        return _LateUnion(other, self)


class _LateModule:
    """Stands in for a module, of which names are taken."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, name: str) -> Any:
        if name.isupper() or self._name in sys.modules:
            return getattr(import_module(self._name), name)
        return _LateName(self._name, name)


@contextmanager
def late_imports(importer: str) -> Iterator[None]:
    """While it lasts, ``from module import name`` gives names that are imported when they are used.

    An error in the module is raised then as well. For a list of imports, and nothing else.

    Args:
        importer: The module that has the list, as its ``__name__``; others import as ever.
    """
    at_once = builtins.__import__

    def late(name: str, within: Mapping[str, object] | None = None, *rest: Any) -> Any:
        if within is not None and within.get("__name__") == importer:
            return _LateModule(name)
        return at_once(name, within, *rest)

    vars(builtins)["__import__"] = late
    try:
        yield
    finally:
        vars(builtins)["__import__"] = at_once
