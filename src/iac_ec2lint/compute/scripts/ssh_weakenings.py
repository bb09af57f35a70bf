"""Boot scripts that open logins with passwords or as root, or bring SSH keys of their own.

Source: EC2 User Guide, "Recommendations for creating shared Linux AMIs".
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from iac_ec2lint.compute.choices import choices
from iac_ec2lint.compute.scripts.boot_script import UNKNOWN_PIECE, BootScript, read_script, variants
from iac_ec2lint.compute.scripts.boot_scripts import boot_scripts
from iac_ec2lint.compute.scripts.shell.words import with_packed_pieces
from iac_ec2lint.declaration import CERTAIN
from iac_ec2lint.graph.memo import remembered
from iac_ec2lint.resources.key_pair import KeyPair
from iac_ec2lint.source.regular_expression import regular_expression
from iac_ec2lint.values import NO, YES, Answer, Reference, Unknown

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from iac_ec2lint.compute.scripts.logins.setting import Kind, Setting
    from iac_ec2lint.graph.graph import Graph
    from iac_ec2lint.source.span import Span
    from iac_ec2lint.values import Val

_WORTH_READING: Final = regular_expression(
    r"PasswordAuthentication|PermitRootLogin|ssh_pwauth|disable_root|passw|authori[sz]ed|NOPASSWD"
    r"|!authenticate|user(?:add|mod)|adduser|b(?:ase)?64|!!binary|gz",
    re.IGNORECASE,
)
"""What is in each script that changes any of it, unless a piece of it is unknown."""
_LOGIN_FILE: Final = regular_expression(r"authorized_keys|sshd_config|sudoers|cloud\.cfg")
"""Of a file with another name it says nothing that nobody knows what is written to it."""
_NOT_KNOWN: Final = regular_expression(f"[\U000f0000-\U000fffff{UNKNOWN_PIECE}]+")
_KEY_PAIR_LOOKED_UP: Final = regular_expression(r"(?:^|\.)data\.aws_key_pair\.")
_NAMES: Final = {"key": "ssh_authorized_keys", "sudo": "NOPASSWD"}
"""By what word it may be found that something is done to logins that is no setting."""
_LONG: Final = 8
"""Characters that a piece of a line must have to be looked for."""
_CHOICES: Final = 8
"""Pieces of which each one that it can be is read."""
_CHARACTERS: Final = 100_000
"""Of a longer script nothing is read; EC2 takes 16 KB, packed."""


class SshWeakening(NamedTuple):
    """What a boot script does to the logins of its host, or may do.

    Attributes:
        kind: What it concerns: a ``setting``, a ``password`` or a ``key`` that is written in the
            script, ``sudo`` for everyone; ``anything`` where it is not known what is run.
        what: The setting and its value, where it is one: ``PermitRootLogin yes``.
        span: Where it does it.
        answer: Whether it does.
    """

    kind: Kind
    what: str
    span: Span
    answer: Answer


class WeakeningScript(NamedTuple):
    """A boot script that weakens logins, or may.

    Attributes:
        script: The script.
        weakenings: What it does: what is certain, or else what may be; in the script's order.
    """

    script: BootScript
    weakenings: tuple[SshWeakening, ...]


def ssh_weakenings(graph: Graph) -> Iterator[WeakeningScript]:
    """The scripts that weaken logins, or may, by resource."""
    reader = _Reader(graph)
    for written in boot_scripts(graph):
        for script, doubt in variants(written):
            found = list(reader.read(script))
            if doubt is not None:
                found = [one._replace(answer=Answer(None, (doubt,))) for one in found]
            sure = tuple(one for one in found if one.answer.truth)
            chosen = [] if sure else list(reader.read_choices(script))
            if chosen:
                yield from chosen
            elif found:
                yield WeakeningScript(script, sure or tuple(found))


class _Reader:
    """Reads the scripts of a graph; hosts of one module have one script."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.known: dict[tuple[str, str], tuple[Setting, ...]] = {}

    def read(self, script: BootScript) -> Iterator[SshWeakening]:
        """What a script does to logins, and what it may do."""
        text, causes, span = script.text, script.causes, script.place.span
        if text is None:
            if causes and (not script.path or _LOGIN_FILE.search(script.path)):
                yield SshWeakening("anything", "", span, Answer(None, causes))
            return
        of_logins = bool(script.path) and _LOGIN_FILE.search(script.path) is not None
        if not _WORTH_READING.search(text) and not of_logins and not causes:
            return
        if len(text) > _CHARACTERS:
            reason = f"a script of more than {_CHARACTERS:,} characters is not read"
            cause = Unknown(reason, "limit", span)
            yield SshWeakening("anything", "", span, Answer(None, (cause,)))
            return
        told, every = with_packed_pieces(text, causes)
        yield from self._weakenings(script, told, every, _chosen(causes))

    def read_choices(self, script: BootScript) -> Iterator[WeakeningScript]:
        """What it certainly does where a piece of it is one that somebody wrote a condition for."""
        text, causes = script.text, script.causes
        if text is None or len(text) > _CHARACTERS:
            return
        for number in sorted(_chosen(causes)):
            for choice in choices(causes[number], script.place.presence):
                piece, _ = read_script(choice.value)
                told, every = with_packed_pieces(text, causes, {number: piece or ""})
                found = self._weakenings(script, told, every)
                sure = tuple(one for one in found if one.answer.truth)
                if sure:
                    place = script.place._replace(presence=choice.presence)
                    yield WeakeningScript(script._replace(place=place), sure)

    def _weakenings(
        self,
        script: BootScript,
        text: str,
        causes: Sequence[Unknown],
        chosen: Collection[int] = (),
    ) -> Iterator[SshWeakening]:
        """What a text does; but what hangs on one of the ``chosen`` pieces alone is left out."""
        key = (text, script.path)
        if key not in self.known:
            # Few scripts come so far, and what reads them is not loaded for the others.
            from iac_ec2lint.compute.scripts.logins.user_data import login_settings

            self.known[key] = tuple(login_settings(*key))
        lines = text.split("\n")
        for setting in self.known[key]:
            line = _line(setting, lines)
            at, word = script.line_of(*_texts(line)), _word(setting)
            is_packed = word not in (script.text or "")
            if word and (at is script.place.span or is_packed):
                found = script.word_of(word)
                at = at if found is script.place.span else found
            pieces = (*setting.doubt, *setting.literal)
            if len(pieces) == 1 and pieces[0] in chosen and not setting.reason:
                continue
            answer = _answer(setting, causes, at)
            if setting.kind == "key":
                answer = answer & ~_is_of_pair(setting, causes, self.graph)
            if answer.truth is not False:
                yield SshWeakening(setting.kind, setting.what, at, answer)


def _chosen(causes: Sequence[Unknown]) -> set[int]:
    """The pieces of which each one that it can be is known, and read by itself."""
    several = [n for n, cause in enumerate(causes) if cause.candidates]
    return {n for n in several[:_CHOICES] if _is_read(causes[n])}


def _is_read(cause: Unknown) -> bool:
    for choice in choices(cause, CERTAIN):
        text, unknown = read_script(choice.value)
        if text is None or unknown or choice.doubt is not None:
            return False
    return True


def _line(setting: Setting, lines: Sequence[str]) -> str:
    """The line that does it; of a function that is given what it writes, the line that gives it."""
    line = lines[setting.number - 1] if setting.number <= len(lines) else ""
    said = setting.key or setting.what
    if said and said not in line:
        given = [one for one in lines if said in one and not one.lstrip().startswith("#")]
        return given[0] if len(given) == 1 else line
    return line


def _word(setting: Setting) -> str:
    """What a setting is called where it is written."""
    return setting.what.partition(" ")[0].strip(":=") or _NAMES.get(setting.kind, "")


def _texts(line: str) -> list[str]:
    """A line as it may be found in the file: all of it, or the longest piece that is known."""
    pieces = [piece.strip() for piece in _NOT_KNOWN.split(line)]
    return (
        pieces if len(pieces) == 1 else sorted((p for p in pieces if len(p) > _LONG), key=len)[::-1]
    )


def _answer(setting: Setting, causes: Sequence[Unknown], span: Span) -> Answer:
    """Whether a script certainly does what it says."""
    unknown = [causes[n] for n in setting.doubt if n < len(causes)]
    if setting.kind == "anything":
        unknown = [cause for cause in unknown if not _is_made(cause)]
        if not unknown and not setting.reason:
            return NO  # an id or a name runs nothing
    if setting.reason:
        unknown.append(Unknown(setting.reason, "expression", span))
    literal = [causes[n] for n in setting.literal if n < len(causes)]
    unknown += [cause for cause in literal if not _is_made(cause)]
    return Answer(None, tuple(dict.fromkeys(unknown))) if unknown else YES


def _is_made(piece: Unknown) -> bool:
    """Whether a piece is an attribute of something that is made at deployment."""
    return isinstance(piece, Reference) and piece.cause not in ("data-source", "module")


def _is_of_pair(setting: Setting, causes: Sequence[Unknown], graph: Graph) -> Answer:
    """Whether a key is the public half of a key pair, which the host may have anyway."""
    if setting.key:
        return Answer(setting.key in _public_keys(graph))
    pieces = [causes[n] for n in setting.literal if n < len(causes)]
    return Answer(
        any(map(_is_looked_up, pieces))
        or any(
            _is_half(pieces, pair.public_key)
            for pair in graph.all(KeyPair)
            if pair.public_key is not None
        )
    )


def _is_looked_up(piece: Unknown) -> bool:
    """Whether a piece is read from a key pair that is declared elsewhere."""
    return isinstance(piece, Reference) and _KEY_PAIR_LOOKED_UP.search(piece.target) is not None


@remembered
def _public_keys(graph: Graph) -> frozenset[str]:
    """The public keys of the unit's key pairs, each without its type and its comment."""
    values = [pair.public_key for pair in graph.all(KeyPair) if pair.public_key is not None]
    values += [one for value in values for one in _candidates(value)]
    return frozenset(word for value in values for word in (value.text or "").split())


def _is_half(pieces: Sequence[Unknown], public: Val) -> bool:
    """Whether what stands in a script is what a key pair is made of."""
    if not isinstance(public, Unknown):
        return False
    asked = {(one.target, one.attribute) for one in public.references}
    return any(
        piece.reason == public.reason
        or bool(asked.intersection((one.target, one.attribute) for one in piece.references))
        for piece in pieces
    )


def _candidates(value: Val) -> tuple[Val, ...]:
    return value.candidates if isinstance(value, Unknown) else ()
