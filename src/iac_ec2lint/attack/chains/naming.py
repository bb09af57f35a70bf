"""Which sensitive things the policies of a principal name, and by which ARNs.

Source: Service Authorization Reference (which ARN an action is about).
"""

from __future__ import annotations

from collections.abc import Iterator

from iac_ec2lint.attack.chains.kinds import BY_PATH, KINDS, MOST, Kind, Vault
from iac_ec2lint.attack.chains.sensitive import SensitiveThing
from iac_ec2lint.attack.chains.sensitive_names import names_sensitive
from iac_ec2lint.attack.chains.thing_tags import asks_for_tags
from iac_ec2lint.graph.graph import Graph
from iac_ec2lint.iam.arns import arn_in, example_of, identity_of, joined
from iac_ec2lint.iam.grants import grants_on
from iac_ec2lint.iam.policy.glob import has_wildcard, is_everything, match_arn, pieces_of
from iac_ec2lint.iam.policy.matching import speaking_of
from iac_ec2lint.iam.principal import Principal
from iac_ec2lint.resources.part import Resource
from iac_ec2lint.resources.ssm_parameter import SsmParameter
from iac_ec2lint.resources.stored_data import Bucket, Secret, Table
from iac_ec2lint.values import YES, Answer, Reference, Unknown, Val, Value

NamedThing = tuple[SensitiveThing, Val, Reference | None]


def named_things(
    graph: Graph,
    principal: Principal,
    kind: type[Resource],
    action: str,
    things: dict[str, SensitiveThing],
) -> Iterator[NamedThing]:
    """What the statements of a principal that allow an action may be about."""
    for grant in grants_on(principal, action):
        if grant.managed is not None:
            continue  # AWS's own policies name no thing of anybody's
        for statement in speaking_of(grant.document, action):
            if statement.effect.text == "Deny" or statement.resources is None:
                continue
            for entry in statement.resources:
                for one in _each(entry):
                    yield from _about(graph, kind, action, one, things)
                    if asks_for_tags(statement, kind) and is_everything(one):
                        yield from _every(kind, things)
                    if action == BY_PATH:
                        yield from _below(one, things)


def _every(kind: type[Resource], things: dict[str, SensitiveThing]) -> Iterator[NamedThing]:
    """The things of a kind, of which a policy means those that have some tag."""
    for thing in list(things.values())[:MOST]:
        if isinstance(thing.resource, kind):
            identity = identity_of(thing.resource)
            yield thing, identity, identity


def _each(entry: Val) -> Iterator[Val]:
    if isinstance(entry, Unknown) and entry.candidates:
        yield from entry.candidates
    elif isinstance(entry, Value) and isinstance(entry.data, tuple):
        yield from entry.elements()
    else:
        yield entry


def _about(
    graph: Graph,
    kind: type[Resource],
    action: str,
    entry: Val,
    things: dict[str, SensitiveThing],
) -> Iterator[NamedThing]:
    """The things that one entry of ``Resource`` names, each with an ARN that it covers."""
    table = KINDS[kind]
    after = table.after_of(action)
    pieces = pieces_of(entry) or ()
    text = "".join(one if isinstance(one, str) else "*" for one in pieces)
    for at, piece in enumerate(pieces):
        if not isinstance(piece, Reference):
            continue
        node = graph.get(piece.target)
        if isinstance(node, kind):
            thing = things.get(piece.target)
            rest = pieces[at + 1 :]
            if thing is not None and (kind is not Bucket or bool(rest) is bool(after)):
                identity = Reference(piece.target, "arn", piece.span)
                yield thing, example_of(pieces, entry.span), identity
            return
    if isinstance(entry, Reference) and kind is Secret and graph.get(entry.target) is None:
        yield SensitiveThing(None, f"the secret {entry.target}", YES), entry, None
        return
    if isinstance(entry, Unknown) and not entry.parts and not isinstance(entry, Reference):
        yield from _every(kind, things)  # it may name any of them
        return
    start = f":{table.service}:"
    if text.strip("*") == "" or start not in text:
        return
    name = text.split(":", 5)[-1].removeprefix(table.before.rstrip("/")).lstrip(":/")
    if name.strip("*") == "" or not isinstance(pieces[-1], str):
        return  # all of them, which is a power
    matched = False
    for thing in list(things.values())[:MOST]:
        if isinstance(thing.resource, kind) and isinstance(thing.resource, Vault):
            arn = _arn(thing.resource, table, after)
            identity = identity_of(thing.resource)
            if arn is not None and match_arn(entry, arn, identity) is not False:
                # One of which the name is not known may be another.
                matched = matched or isinstance(thing.resource.name, Value)
                yield thing, arn, identity
    if not matched and action not in table.opens:
        yield from _elsewhere(kind, table, entry, name)


def _below(entry: Val, things: dict[str, SensitiveThing]) -> Iterator[NamedThing]:
    """The parameters below a path that an entry names, each with the path.

    Source: Systems Manager User Guide, "Restricting access to Parameter Store parameters using IAM
    policies": who has access to a path has it to all levels of it.
    """
    for thing in list(things.values())[:MOST]:
        name = thing.resource.name if isinstance(thing.resource, SsmParameter) else None
        if isinstance(name, Unknown):
            arn = arn_in(entry.span, "ssm", "parameter/", name)
            if match_arn(entry, arn) is not False:
                yield thing, arn, None
            continue
        levels = (name.text or "").strip("/").split("/")[:-1] if name is not None else []
        for depth in range(1, len(levels) + 1):
            path = Value("/".join(levels[:depth]), entry.span)
            arn = arn_in(entry.span, "ssm", "parameter/", path)
            if match_arn(entry, arn) is not False:
                yield thing, arn, None


def _elsewhere(kind: type[Resource], table: Kind, entry: Val, name: str) -> Iterator[NamedThing]:
    """A thing that a policy names by its ARN, and that may be declared elsewhere."""
    plain = name.partition("/")[0] if kind is Bucket else name
    plain = plain.removesuffix("-??????").removesuffix("-*")
    if not plain.strip("*?-/"):
        return
    words = f"the {table.words}{'s' if has_wildcard(plain) else ''} {plain!r}"
    if kind is Secret:
        yield SensitiveThing(None, words, YES), example_of(pieces_of(entry) or (), entry.span), None
    elif kind in (Bucket, Table) and names_sensitive(plain):
        reason = f"that {words} holds what is sensitive is known by its name alone"
        gap = Unknown(reason, "expression", entry.span)
        thing = SensitiveThing(None, words, Answer(None, (gap,)), by_name=True)
        yield thing, example_of(pieces_of(entry) or (), entry.span), None


def _arn(resource: Resource, table: Kind, after: str) -> Val | None:
    """The ARN of a declared thing by its name, and what follows it."""
    name = resource.name if isinstance(resource, Vault) else None
    pieces = None if name is None else pieces_of(name)
    if pieces is None:
        return None
    first, *rest = pieces
    if isinstance(first, str):
        first = first.lstrip("/")
    known = joined((first, *rest, after), resource.span)
    home = table.home
    return arn_in(resource.span, table.service, table.before, known, region=home, account=home)
