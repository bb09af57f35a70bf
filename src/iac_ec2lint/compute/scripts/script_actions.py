"""What boot scripts do: the commands that they run, the lines that they write, what they set.

Sources: cloud-init's documentation, "Module reference"; Image Builder User Guide, "Use the AWSTOE
component document framework"; Systems Manager User Guide, "Document syntax".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from iac_ec2lint.compute.scripts.action import ActionKind
from iac_ec2lint.compute.scripts.boot_script import UNKNOWN_PIECE, BootScript, variants
from iac_ec2lint.compute.scripts.secrets.words import is_public_parameter
from iac_ec2lint.compute.scripts.secrets.written import secrets_in
from iac_ec2lint.compute.scripts.shell.words import RUN_TIME, numbers_of, with_packed_pieces
from iac_ec2lint.source.regular_expression import regular_expression
from iac_ec2lint.values import YES, Answer, Reference, Unknown

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

    from iac_ec2lint.source.span import Span

_CHARACTERS: Final = 100_000
"""Of a longer script nothing is read; EC2 takes 16 KB, packed."""
_LONG: Final = 8
"""Characters that a piece of a line must have to be looked for."""
_NOT_KNOWN: Final = regular_expression("[\U000f0000-\U000fffff]+")


_PACKED: Final = regular_expression(r"(?i)b(?:ase)?64|!!binary|gz")
_MAY_RUN: Final = regular_expression(rf"(?m)(?:^|[;&|(){{}}`:])(?:[^\S\n]|[\"'-])*{UNKNOWN_PIECE}")
"""Where what is run may be packed, or is not known."""


class ScriptAction(NamedTuple):
    """Something that a boot script does, or may do.

    Attributes:
        script: The script: one of those that it can be, where a condition decides that.
        kind: See ``Action``.
        words: See ``Action``; what is not known in them is one of the characters that ``is_known``
            looks for.
        span: Where it does it.
        answer: Whether it does.
        output: See ``Action``.
    """

    script: BootScript
    kind: ActionKind
    words: tuple[str, ...]
    span: Span
    answer: Answer
    output: str = ""

    @property
    def quotable(self) -> bool:
        """Whether what stands there may be shown: not where it is, or has, a secret."""
        return not any(secrets_in(self.span.text))


def script_actions(
    script: BootScript, worth: re.Pattern[str] | None = None
) -> Iterator[ScriptAction]:
    """What a boot script does, and may do, in order.

    Args:
        script: The script.
        worth: What is in each script that does anything of what is asked for, in plain text.
    """
    for one, doubt in variants(script):
        text, causes, span = one.text, one.causes, one.place.span
        if text is None or len(text) > _CHARACTERS:
            if text is not None:
                reason = f"a script of more than {_CHARACTERS:,} characters is not read"
                causes = (Unknown(reason, "limit", span),)
            if causes:
                yield ScriptAction(one, "unknown", (), span, Answer(None, causes))
            continue
        if worth is not None and not _is_worth_reading(text, worth):
            continue
        # Few scripts come so far, and what reads them is not loaded for the others.
        from iac_ec2lint.compute.scripts.action_reading import actions

        told, causes = with_packed_pieces(text, causes)
        lines = told.split("\n")
        for action in actions(told, one.path):
            line = lines[action.number - 1] if 0 < action.number <= len(lines) else ""
            pieces = [piece.strip() for piece in _NOT_KNOWN.split(line)]
            texts = sorted((p for p in pieces if len(p) > _LONG or len(pieces) == 1), key=len)
            unknown = [causes[n] for n in action.doubt if n < len(causes)]
            if action.kind == "unknown":
                unknown = [cause for cause in unknown if not _is_made(cause)]
                if not unknown:
                    continue  # an id or a name runs nothing
            unknown += [doubt] if doubt is not None else []
            yield ScriptAction(
                one,
                action.kind,
                action.words,
                one.span_of(*reversed(texts)),
                Answer(None, tuple(dict.fromkeys(unknown))) if unknown else YES,
                action.output,
            )


def _is_worth_reading(text: str, worth: re.Pattern[str]) -> bool:
    """Whether a script may do anything of what is asked for."""
    if worth.search(text) or _PACKED.search(text):
        return True
    return UNKNOWN_PIECE in text and _MAY_RUN.search(text) is not None


def is_known(word: str) -> bool:
    """Whether all of a word is known: nothing of it is put in, or worked out when it runs."""
    return RUN_TIME not in word and not numbers_of(word)


def _is_made(piece: Unknown) -> bool:
    """Whether a piece is an attribute of something that is made at deployment, or a public key."""
    if not isinstance(piece, Reference):
        return False
    return piece.cause not in ("data-source", "module") or is_public_parameter(piece)
