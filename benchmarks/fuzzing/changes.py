"""Good files, edited as bytes and as tokens, so that reading is reached."""

from __future__ import annotations

import json
import random
import re
from pathlib import Path

from fuzzing.parts import Input
from fuzzing.template import Template
from fuzzing.terraform import Terraform

_REPOSITORY = Path(__file__).resolve().parents[2]
_LARGEST = 20_000
_SMALL = 2_500
_ENDINGS = (".tf", ".yaml", ".json")

_GIVEN = re.compile(rb"[=:] *([^=:\n,{}\[\]#]*[^=:\n,{}\[\]# ])")
"""What is given to a name on one line, in any of the languages."""

_TOKENS = [
    *(b"{", b"}", b"[", b"]", b"(", b")", b'"', b"\n", b"=", b":", b"- ", b"${", b"%{", b"<<EOT\n"),
    *(b"/*", b"*/", b"#", b"&a ", b"*a", b"!Ref ", b"!If ", b"\x00", b"\xff", b"\xef\xbb\xbf"),
    *(b"null", b"each.value", b"count = 1e9\n", b"for_each = {}\n", b'dynamic "x" {\n', b"[*]"),
    *(b"Fn::If", b"---\n", b"<<: *a\n", b"? ", b"1e999999999", b"\\u12", b"# ec2lint:ignore=DATA"),
    *("\u2028".encode(), "\u202e".encode(), b"\r", b"\t", b"..", b"Type: []\n"),
]


def corpus() -> list[tuple[str, bytes]]:
    """Good files: the name that each has in its unit, and its text."""
    return [
        (f"changed{path.suffix}", path.read_bytes())
        for folder in ("examples", "tests/fixtures", "tests/plans")
        for path in sorted((_REPOSITORY / folder).rglob("*"))
        if path.suffix in _ENDINGS and path.stat().st_size < _LARGEST
    ]


class Changes:
    """Edits good files.

    Args:
        chance: Where all that is random comes from.
    """

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.good = corpus()
        self.small = [one for one in self.good if len(one[1]) < _SMALL]
        self._terraform = Terraform(chance)
        self._template = Template(chance)

    def files(self) -> Input:
        """A small good file, edited as bytes, or in what it gives to names."""
        name, text = self.chance.choice(self.small)
        edit = self.chance.choice((self._bytes, self._bytes, self._value))
        for _ in range(self.chance.choice((1, 1, 2, 4, 12))):
            text = edit(name, text)
        return {name: text}

    def bent(self) -> Input:
        """A good file that can still be read, with other values or without some lines."""
        name, text = self.chance.choice(self.good)
        for _ in range(self.chance.choice((1, 2, 4, 8))):
            edit = self.chance.choice((self._value, self._value, self._value, self._line))
            text = edit(name, text)
        return {name: text}

    def _line(self, name: str, text: bytes) -> bytes:  # noqa: ARG002 - as the other edits
        lines = text.split(b"\n")
        at = self.chance.randrange(len(lines))
        if not lines[at].strip().endswith((b"{", b"}", b"[", b"]", b":")):
            lines[at : at + 1] = self.chance.choice(([], [lines[at]] * 2))
        return b"\n".join(lines)

    def _bytes(self, name: str, text: bytes) -> bytes:  # noqa: ARG002 - as the other edit
        chance = self.chance
        at = chance.randrange(len(text) + 1)
        end = min(len(text), at + chance.choice((0, 0, 1, 1, 4, 30)))
        other = chance.choice(self.small)[1]
        start = chance.randrange(len(other) + 1)
        piece = chance.choice(
            (b"", chance.choice(_TOKENS), other[start : start + 40], text[at:end])
        )
        return text[:at] + piece + text[end:]

    def _value(self, name: str, text: bytes) -> bytes:
        places = list(_GIVEN.finditer(text))
        if not places:
            return text
        place = self.chance.choice(places)
        depth = self.chance.choice((0, 1, 2))
        if name.endswith(".tf"):
            value = self._terraform.value(depth)
        elif name.endswith(".json"):
            value = json.dumps(self._template.node(depth))
        else:
            value = self._template.raw(depth)
        return text[: place.start(1)] + value.encode("utf-8", "replace") + text[place.end(1) :]
