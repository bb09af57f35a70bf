"""The syntax tree of YAML and JSON text, every node with its place.

Aliases are followed: an alias and its anchor are the same node, so a node's span is where its text
is written. Merge keys (``<<``) are merged. Application tags (``!Sub``) are kept as ``Tagged``.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from iac_ec2lint.source.regular_expression import regular_expression
from iac_ec2lint.source.span import SourceText, Span
from iac_ec2lint.values import number_text

if TYPE_CHECKING:
    from collections.abc import Iterator

_INTEGER = regular_expression(r"-?(?:0|[1-9][0-9]{0,300})")
_FRACTION = regular_expression(r"-?(?:0|[1-9][0-9]*)\.[0-9]+")
# https://yaml.org/type/int.html, binary, octal, hexadecimal, base 60, underscores.
_OTHER_BASE = regular_expression(
    r"[-+]?(?:0b[01_]*[01][01_]*|0[0-7_]*[0-7][0-7_]*|0x[0-9a-fA-F_]*[0-9a-fA-F][0-9a-fA-F_]*"
    r"|[1-9][0-9_]*(?::[0-5]?[0-9])*)"
)
_ACCOUNT_ID = regular_expression(r"[0-9]{12}")

# YAML 1.1's words for bools (https://yaml.org/type/bool.html, without the single letters, which no
# parser in use reads as bools) and for null (https://yaml.org/type/null.html).
_WORDS: dict[str, bool | None] = {"": None, "~": None}
for _truth, _names in ((True, ("true", "yes", "on")), (False, ("false", "no", "off"))):
    for _name in _names:
        for _spelling in (_name, _name.capitalize(), _name.upper()):
            _WORDS[_spelling] = _truth
for _spelling in ("null", "Null", "NULL"):
    _WORDS[_spelling] = None

Plain = str | int | Decimal | bool | None


class Scalar:
    """A single value, as text and how it was written.

    Attributes:
        source: The file's text.
        text: Its text, escapes and folding resolved.
        plain: Whether it was written without quotes, and so may be a number, a bool or null.
        start: The offset of its first code point (its tag's or anchor's, where it has one).
        end: The offset after its last one.
    """

    __slots__ = ("end", "plain", "source", "start", "text")

    def __init__(self, source: SourceText, text: str, start: int, end: int, *, plain: bool) -> None:
        self.source = source
        self.text = text
        self.plain = plain
        self.start = start
        self.end = end

    @property
    def span(self) -> Span:
        """Where it is written."""
        # As Span() makes it, without a call of Python's: so in the other nodes.
        return tuple.__new__(Span, (self.source, self.start, self.end))

    @property
    def data(self) -> Plain:
        """Its text as YAML 1.1 and JSON resolve it, except where digits would be lost.

        ``026`` is 22, ``0x16``, ``2_2`` and ``1:30`` are numbers, as CloudFormation takes them
        (https://dev.classmethod.jp/articles/how-to-identify-numerical-values-in-cfn-yaml-template/).
        A fraction is converted only where its text can be restored from it, and the twelve digits
        of an account stay as they were meant: ``8.0`` and ``012345670123`` are text.
        """
        if not self.plain:
            return self.text
        return resolve(self.text)

    def __repr__(self) -> str:
        return f"Scalar({self.text!r})"


class Sequence:
    """A list.

    Attributes:
        source: The file's text.
        items: Its elements in order.
        start: The offset of its first code point.
        end: The offset after its last one.
    """

    __slots__ = ("end", "items", "source", "start")

    def __init__(self, source: SourceText, items: list[Node], start: int, end: int) -> None:
        self.source = source
        self.items = items
        self.start = start
        self.end = end

    @property
    def span(self) -> Span:
        """Where it is written."""
        return tuple.__new__(Span, (self.source, self.start, self.end))

    def __repr__(self) -> str:
        return f"Sequence({self.items!r})"


class Mapping:
    """A map from text to nodes, in the order written.

    Attributes:
        source: The file's text.
        entries: Each key's text to the key and its node. Of equal keys the last counts.
        start: The offset of its first code point.
        end: The offset after its last one.
    """

    __slots__ = ("end", "entries", "source", "start")

    def __init__(
        self, source: SourceText, entries: dict[str, tuple[Scalar, Node]], start: int, end: int
    ) -> None:
        self.source = source
        self.entries = entries
        self.start = start
        self.end = end

    @property
    def span(self) -> Span:
        """Where it is written."""
        return tuple.__new__(Span, (self.source, self.start, self.end))

    def get(self, key: str) -> Node | None:
        """The node of a key; ``None`` where it has none."""
        entry = self.entries.get(key)
        return None if entry is None else entry[1]

    def __repr__(self) -> str:
        return f"Mapping({ {key: node for key, (_, node) in self.entries.items()}!r})"


class Tagged:
    """A node with an application's tag: ``!Sub "${A}-b"``.

    Attributes:
        tag: The tag as written, with its ``!``.
        node: The node without it; its span is the whole, tag included.
    """

    __slots__ = ("node", "tag")

    def __init__(self, tag: str, node: Scalar | Sequence | Mapping) -> None:
        self.tag = tag
        self.node = node

    @property
    def source(self) -> SourceText:
        """The file's text."""
        return self.node.source

    @property
    def start(self) -> int:
        """The offset of its first code point."""
        return self.node.start

    @property
    def end(self) -> int:
        """The offset after its last one."""
        return self.node.end

    @property
    def span(self) -> Span:
        """Where it is written."""
        return self.node.span

    def __repr__(self) -> str:
        return f"Tagged({self.tag!r}, {self.node!r})"


Node = Scalar | Sequence | Mapping | Tagged


def resolve(text: str) -> Plain:
    """The data that a plain scalar's text means; see ``Scalar.data``."""
    if text in _WORDS:
        return _WORDS[text]
    first = text[0]
    if first in "+-0123456789":
        if _INTEGER.fullmatch(text):
            return int(text) if text != "-0" else text
        if len(text) < 300 and _OTHER_BASE.fullmatch(text) and not _ACCOUNT_ID.fullmatch(text):
            return _of_another_base(text.replace("_", ""))
        if _FRACTION.fullmatch(text) and len(text) < 300:
            number = Decimal(text)
            return number if number_text(number) == text else text
    return text


def _of_another_base(text: str) -> int:
    digits = text.lstrip("+-")
    if digits[:2] in ("0b", "0x"):
        number = int(digits, 0)
    elif digits[0] == "0":
        number = int(digits, 8)
    else:
        number = 0
        for part in digits.split(":"):
            number = number * 60 + int(part)
    return -number if text[0] == "-" else number


def items_of(node: Node | None) -> list[Node]:
    """The elements of a sequence; a single node is a list of itself, ``None`` an empty one."""
    if node is None:
        return []
    return node.items if isinstance(node, Sequence) else [node]


def scalar_text(node: Node | None) -> str | None:
    """The text of a scalar, whatever its tag; ``None`` of everything else, and of null."""
    if isinstance(node, Tagged):
        node = node.node
    if not isinstance(node, Scalar) or node.data is None:
        return None
    return node.text


def walk(node: Node) -> Iterator[tuple[Scalar | None, Node]]:
    """Every node with the key it is the value of, if it is one, in order, each once."""
    seen: set[int] = set()
    stack: list[tuple[Scalar | None, Node]] = [(None, node)]
    while stack:
        key, current = stack.pop()
        if id(current) in seen:
            continue
        seen.add(id(current))
        yield key, current
        inner = current.node if isinstance(current, Tagged) else current
        if isinstance(inner, Scalar):
            continue
        if isinstance(inner, Mapping):
            stack.extend(reversed(inner.entries.values()))
        else:
            stack.extend((None, item) for item in reversed(inner.items))
