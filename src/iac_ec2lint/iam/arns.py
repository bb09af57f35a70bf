"""ARNs of the unit's resources, of which account, Region and ids are known after deployment.

Policies write the unit's own partition, account and Region as ``data.aws_caller_identity`` or
``AWS::AccountId``: an ARN is compared with them in their own terms. Source: semantics.md, D1
("Symbolic ARNs"). The partition is taken to be ``aws``.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from iac_ec2lint.graph.relations import THIS_ACCOUNT
from iac_ec2lint.iam.policy import probes
from iac_ec2lint.iam.policy.glob import ACCOUNT, pieces_of
from iac_ec2lint.source.regular_expression import regular_expression
from iac_ec2lint.values import Reference, Unknown, Val, Value, inputs_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from iac_ec2lint.iam.policy.document import PolicyDocument
    from iac_ec2lint.iam.principal import Principal
    from iac_ec2lint.resources.part import Resource
    from iac_ec2lint.source.span import Span

OWN_REGION: Final = "the Region that the unit is deployed to is not known"
"""The reason of the piece that stands for it."""

_NAME: Final = regular_expression(
    r"anything|anyone|[0-9a-f]{8}-[0-9a-f-]{27}|(?:[a-z]+-)?0123456789abcdef0?"
)
"""What stands for a name or an id in the ARNs of probes."""
_WILD: Final = regular_expression(r"\*|\?|\$\{[^}]*\}")


def own_account(span: Span) -> Unknown:
    """The account that all of the unit is in; its id is not known."""
    return Unknown(ACCOUNT, "external-id", span)


def own_region(span: Span) -> Unknown:
    """The Region that what is asked about is in."""
    return Unknown(OWN_REGION, "computed", span)


def arn_in(
    span: Span,
    service: str,
    kind: str,
    name: Val | None = None,
    *,
    region: bool = True,
    in_region: str | None = None,
    account: bool = True,
) -> Unknown:
    """``arn:aws:<service>:<region>:<account>:<kind><name>`` in the unit's account.

    Args:
        span: Of what it is about.
        service: ``ec2``.
        kind: The kind of the resource, with what follows it: ``instance/``.
        name: Its name or id; by default one that is not known.
        region: Whether the ARN has a Region.
        in_region: Which, if it is not the unit's own.
        account: Whether it has an account.
    """
    if name is None:
        name = Unknown(f"the {kind.rstrip('/:')} is not known", "computed", span)
    pieces: list[str | Unknown] = [f"arn:aws:{service}:"]
    pieces += [in_region or own_region(span), ":"] if region else [":"]
    pieces += [own_account(span), f":{kind}"] if account else [f":{kind}"]
    if isinstance(name, Reference) or (isinstance(name, Unknown) and not name.parts):
        pieces.append(name)
    elif isinstance(name, Unknown):
        pieces.extend(name.parts)
    else:
        pieces.append(name.text or "")
    return joined(pieces, span)


def identity_of(resource: Resource) -> Reference:
    """The reference to the ARN of a declared resource, which policies may be about by that."""
    return Reference(resource.address, "arn", resource.span)


def own_id(resource: Resource) -> Reference:
    """The id of a resource, or what it is named by, as policies refer to it."""
    attribute = "Ref" if resource.declared.of_cloudformation else "id"
    return Reference(resource.address, attribute, resource.span)


def names_of(resource: Resource, name: Val | None) -> tuple[Val, ...]:
    """What the ARN of a resource may end with: the name that it is given, and its own id."""
    return (own_id(resource),) if name is None else (name, own_id(resource))


def instance_arn(host: Resource) -> Unknown:
    """``arn:aws:ec2:<region>:<account>:instance/<id>`` of an instance of the unit.

    Of what starts instances the id of none is known.
    """
    if host.type not in {"aws_instance", "AWS::EC2::Instance"}:
        return arn_in(host.span, "ec2", "instance/")
    return arn_in(host.span, "ec2", "instance/", own_id(host))


def somewhere(action: str, principal: Principal) -> Unknown:
    """The ARN of some resource that an action is about, in the unit's account."""
    span = principal.resource.span
    prefix, _, rest = probes.probe_of(action).template.partition("arn:aws:")
    if prefix or not rest:
        return arn_in(span, action.partition(":")[0], "")
    service, region, account, resource = rest.split(":", 3)
    pieces: list[str | Unknown] = [f"arn:aws:{service}:"]
    pieces += [own_region(span), ":"] if region else [":"]
    pieces += [own_account(span), ":"] if account else [":"]
    at = 0
    for match in _NAME.finditer(resource):
        pieces.append(resource[at : match.start()])
        pieces.append(Unknown("the resource is not known", "computed", span))
        at = match.end()
    pieces.append(resource[at:])
    return joined(pieces, span)


def at_home_of(template: str, span: Span) -> Val:
    """The ARN that a probe is about (``probes.Probe.template``), in the unit's account and Region.

    One without an account, such as that of a snapshot, is as it stands.
    """
    # An id that no documentation has in its examples: a policy may name that one alone.
    template = template.replace("0123456789abcdef", "0f1e2d3c4b5a6978")
    prefix, _, rest = template.partition("{account}")
    if not rest.startswith(":"):
        return Value(template.replace("{account}", probes.foreign_account()), span)
    service, region, *_ = prefix.removeprefix("arn:aws:").split(":")
    between = [own_region(span), ":"] if region else [":"]
    return joined([f"arn:aws:{service}:", *between, own_account(span), rest], span)


def example_of(pieces: tuple[str | Unknown, ...], span: Span) -> Val:
    """An ARN that an entry of ``Resource`` covers: its wildcards filled in."""
    filled = [_WILD.sub("x", one) if isinstance(one, str) else one for one in pieces]
    if len(filled) == 1:
        only = filled[0]
        return Value(only, span) if isinstance(only, str) else only
    return joined(filled, span)


def joined(pieces: Iterable[str | Unknown], span: Span) -> Unknown:
    """A text of pieces of which some are unknown."""
    merged = tuple(_merged(pieces))
    first = next((piece for piece in merged if isinstance(piece, Unknown)), own_account(span))
    return Unknown(first.reason, first.cause, span, parts=merged, inputs=inputs_in(merged))


def _merged(pieces: Iterable[str | Unknown]) -> Iterator[str | Unknown]:
    text = ""
    for piece in pieces:
        if isinstance(piece, str):
            text += piece
            continue
        if text:
            yield text
        yield piece
        text = ""
    if text:
        yield text


_REGION: Final = re.compile(r"(^|.*[./])(data\.aws_region\..*|AWS::Region)")
"""What is the unit's own, in whatever module or nested stack it is read."""


_OF_ARNS: Final = frozenset(
    {
        "granteeprincipal",
        "instanceprofile",
        "permissionsboundary",
        "policyarn",
        "principalarn",
        "rolearn",
    }
)
"""The condition keys that are ARNs, without what stands before the colon."""


class Terms(NamedTuple):
    """What some policies write for the unit's own partition, account and Region.

    A partition that is written as ``AWS::Partition`` is whatever the ARN has that is asked about.
    """

    partition: str | None = None
    account: Reference | None = None
    region: Reference | None = None


def in_the_terms(documents: tuple[PolicyDocument, ...], arn: Val) -> Val:
    """An ARN with partition, Region and account as some policies write the unit's own."""
    return written(arn, own_terms(documents))


def written(arn: Val, own: Terms) -> Val:
    """An ARN in some terms."""
    pieces = pieces_of(arn)
    if pieces is None or not isinstance(pieces[0], str):
        return arn
    if own.partition is None and own.account is None and own.region is None:
        return arn
    written: list[str | Unknown] = []
    for piece in pieces:
        if isinstance(piece, Unknown) and piece.cause == "external-id" and own.account is not None:
            written.append(own.account)
        elif isinstance(piece, Unknown) and piece.reason == OWN_REGION and own.region is not None:
            written.append(own.region)
        else:
            written.append(piece)
    first = written[0]
    if isinstance(first, str) and first.startswith("arn:aws:") and own.partition is not None:
        written[0] = f"arn:{own.partition}:{first[8:]}"
    unknown = next((piece for piece in written if isinstance(piece, Unknown)), None)
    if unknown is None:
        return Value("".join(piece for piece in written if isinstance(piece, str)), arn.span)
    return Unknown(
        unknown.reason, unknown.cause, arn.span, parts=tuple(written), inputs=inputs_in(written)
    )


def own_terms(documents: tuple[PolicyDocument, ...]) -> Terms:
    """How some policies write what is the unit's own."""
    found = Terms()
    for document in documents:
        for statement in document.statements:
            named = [entry.value for entry in statement.principals or ()]
            compared = [
                value
                for condition in statement.conditions
                if condition.positive == "ArnLike" or condition.claim in _OF_ARNS
                for value in condition.values
            ]
            for entry in (
                *compared,
                *(statement.resources or ()),
                *(statement.not_resources or ()),
                *named,
            ):
                for piece in pieces_of(entry) or ():
                    if isinstance(piece, str):
                        if piece.startswith(("arn:aws-cn:", "arn:aws-us-gov:")):
                            found = found._replace(partition=piece.split(":")[1])
                    elif isinstance(piece, Reference):
                        if THIS_ACCOUNT.fullmatch(piece.target):
                            found = found._replace(account=piece)
                        elif _REGION.fullmatch(piece.target):
                            found = found._replace(region=piece)
    return found
