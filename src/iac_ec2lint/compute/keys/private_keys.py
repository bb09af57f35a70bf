"""Private keys that Terraform makes for EC2 key pairs.

Source: the TLS provider's documentation of ``tls_private_key``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from iac_ec2lint.compute.choices import choices
from iac_ec2lint.graph.memo import remembered
from iac_ec2lint.resources.key_pair import KeyPair
from iac_ec2lint.resources.private_key import PrivateKey
from iac_ec2lint.resources.public_key import PublicKeyDataSource
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
    named = _by_name(graph)
    found: list[GeneratedKey] = []
    for pair in graph.all(KeyPair):
        public = pair.public_key
        if public is None:
            continue
        for private in _meant(public, named):
            answer = _is_half_of(public, private, named)
            when = _when(pair, private, named) if answer.truth is None else None
            if answer.truth is not False:
                found.append(GeneratedKey(private, pair, answer, when))
    used = {key.private for key in found}
    for private in graph.all(PrivateKey):
        span = graph.escaped.get(private.address)
        if private not in used and span is not None:
            reason = f"what a module that is not available does with {private.address} is not known"
            found.append(
                GeneratedKey(private, None, Answer(None, (Unknown(reason, "module", span),)))
            )
    return tuple(found)


def _by_name(graph: Graph) -> dict[str, PrivateKey]:
    """The private keys by their addresses, and by those of what reads their public half."""
    found = {private.address: private for private in graph.all(PrivateKey)}
    for source in graph.all(PublicKeyDataSource):
        read = source.private_key
        for reference in () if read is None else references_of(read):
            if reference.target in found:
                found[source.address] = found[reference.target]
    return found


def _when(pair: KeyPair, private: PrivateKey, named: Mapping[str, PrivateKey]) -> Presence | None:
    """The condition under which a key pair has the public half of a private key."""
    public = pair.public_key
    for choice in () if public is None else choices(public, pair.presence):
        if choice.value is public or choice.doubt is not None:
            continue
        if _is_half_of(choice.value, private, named).truth:
            return choice.presence
    return None


def _meant(public: Val, named: Mapping[str, PrivateKey]) -> list[PrivateKey]:
    """The private keys that a public key may be of, by address."""
    if not isinstance(public, Unknown):
        return []
    values = (public, *public.candidates)
    targets = {reference.target for value in values for reference in references_of(value)}
    found = {named[target].address: named[target] for target in targets if target in named}
    return [found[address] for address in sorted(found)]


def _is_half_of(public: Val, private: PrivateKey, named: Mapping[str, PrivateKey]) -> Answer:
    """Whether a public key is that of a private key."""
    if isinstance(public, Unknown) and public.candidates:
        answers = [_is_half_of(one, private, named) for one in public.candidates]
        return _of_candidates(public, answers)
    if not isinstance(public, Unknown):
        return NO
    return any_of(
        Answer(reference.attribute.startswith("public_key_"))
        for reference in public.references
        if named.get(reference.target) is private
    )


def _of_candidates(value: Unknown, answers: list[Answer]) -> Answer:
    """What holds of a value that is one of several: decided where all agree."""
    if value.unset:
        answers.append(NO)
    if all(answer.truth for answer in answers):
        return YES
    undecided = any(answer.may_be_true for answer in answers)
    return Answer(None, (value,)) if undecided else NO
