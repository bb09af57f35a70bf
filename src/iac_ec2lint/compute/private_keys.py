"""Private keys that Terraform makes for EC2 key pairs.

Source: the TLS provider's documentation of ``tls_private_key``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from iac_ec2lint.compute.choices import choices
from iac_ec2lint.graph.memo import remembered
from iac_ec2lint.resources.key_pair import KeyPair
from iac_ec2lint.resources.private_key import PrivateKey
from iac_ec2lint.values import NO, YES, Answer, Unknown, Val, any_of, references_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from iac_ec2lint.declaration import Presence
    from iac_ec2lint.graph.graph import Graph


class GeneratedKey(NamedTuple):
    """A private key that Terraform makes for an EC2 key pair, or may.

    Attributes:
        private: The private key.
        pair: The key pair that its public half becomes; ``None`` where the key is handed to a
            module that is not available.
        answer: Whether it becomes one.
        when: The condition that somebody wrote under which it does, where it may.
    """

    private: PrivateKey
    pair: KeyPair | None
    answer: Answer
    when: Presence | None = None


@remembered
def generated_keys(graph: Graph) -> tuple[GeneratedKey, ...]:
    """The private keys of the unit whose public half becomes an EC2 key pair, by key pair."""
    made = {private.address: private for private in graph.all(PrivateKey)}
    found = [
        GeneratedKey(private, pair, answer, _when(pair, private) if answer.truth is None else None)
        for pair in graph.all(KeyPair)
        if pair.public_key is not None
        for private in _meant(pair.public_key, made)
        if (answer := _is_half_of(pair.public_key, private)).truth is not False
    ]
    used = {key.private for key in found}
    for private in graph.all(PrivateKey):
        span = graph.escaped.get(private.address)
        if private not in used and span is not None:
            reason = f"what a module that is not available does with {private.address} is not known"
            found.append(
                GeneratedKey(private, None, Answer(None, (Unknown(reason, "module", span),)))
            )
    return tuple(found)


def _when(pair: KeyPair, private: PrivateKey) -> Presence | None:
    """The condition under which a key pair has the public half of a private key."""
    assert pair.public_key is not None  # noqa: S101 - it may have that half
    for choice in choices(pair.public_key, pair.presence):
        if choice.value is pair.public_key or choice.doubt is not None:
            continue
        if _is_half_of(choice.value, private).truth:
            return choice.presence
    return None


def _meant(public: Val, made: Mapping[str, PrivateKey]) -> list[PrivateKey]:
    """The private keys that a public key may be of, by address."""
    if not isinstance(public, Unknown):
        return []
    values = (public, *public.candidates)
    targets = {reference.target for value in values for reference in references_of(value)}
    return [made[address] for address in sorted(targets) if address in made]


def _is_half_of(public: Val, private: PrivateKey) -> Answer:
    """Whether a public key is that of a private key."""
    if isinstance(public, Unknown) and public.candidates:
        return _of_candidates(public, [_is_half_of(one, private) for one in public.candidates])
    if not isinstance(public, Unknown):
        return NO
    return any_of(
        Answer(reference.attribute.startswith("public_key_"))
        for reference in public.references
        if reference.target == private.address
    )


def _of_candidates(value: Unknown, answers: list[Answer]) -> Answer:
    """What holds of a value that is one of several: decided where all agree."""
    if value.unset:
        answers.append(NO)
    if all(answer.truth for answer in answers):
        return YES
    undecided = any(answer.may_be_true for answer in answers)
    return Answer(None, (value,)) if undecided else NO
