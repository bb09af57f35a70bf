"""Personal and secret data in tags, names and descriptions.

Sources: EC2 User Guide, "Tag your Amazon EC2 resources"; AWS Account Management, "View AWS account
identifiers" (the id of an account is no secret); ISO/IEC 7812-1 for card numbers; Social Security
Administration, National Insurance Manual and Agenzia delle Entrate for their numbers.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from iac_ec2lint.compute.choices import choices
from iac_ec2lint.compute.scripts.boot_script import UNKNOWN_PIECE
from iac_ec2lint.compute.scripts.secrets.pieces import is_secret
from iac_ec2lint.compute.scripts.secrets.words import names_secret
from iac_ec2lint.compute.scripts.secrets.written import secrets_in
from iac_ec2lint.resources.instance_tag import SeparateTag
from iac_ec2lint.resources.part import Place, Resource
from iac_ec2lint.resources.provider import Provider
from iac_ec2lint.resources.security_group import (
    SecurityGroup,
    SecurityGroupRule,
    SeparateSecurityGroupRule,
)
from iac_ec2lint.source.regular_expression import regular_expression
from iac_ec2lint.values import Reference, Unknown, Value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iac_ec2lint.declaration import Presence, Section
    from iac_ec2lint.values import Val

EMAIL: Final = "an e-mail address"
_EMAIL: Final = regular_expression(
    r"(?<![\w.+-])[\w.+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}"
)
_CARD: Final = regular_expression(
    r"(?<![\w-])(?:(?:4\d{3}|5[1-5]\d\d|2[2-7]\d\d|6(?:011|5\d\d))(?:[ -]?\d{4}){3}"
    r"|3[47]\d\d[ -]?\d{6}[ -]?\d{5})(?![\w-])"
)
_NATIONAL: Final = regular_expression(
    r"(?<![\w-])(?:(?!000|666|9)\d{3}-(?!00)\d\d-(?!0000)\d{4}"
    r"|(?![DFIQUV])[A-Z](?![DFIQUVO])[A-Z] \d\d \d\d \d\d [A-D]"
    r"|[A-Z]{6}\d\d[A-EHLMPRST]\d\d[A-Z]\d{3}[A-Z])(?![\w-])"
)
"""Numbers of the United States, the United Kingdom and Italy: those of others are plain digits."""
_INPUTS: Final = ("variable", "parameter")
_OF_ACCOUNT: Final = regular_expression(
    r"(?:.*\.)?data\.aws_(?:caller_identity\.[^.]*\.(?:account_)?id|(?:region|partition)\..*)"
)
"""What tells which account and Region this is, as CloudFormation's pseudo parameters do."""

_OF_OTHERS: Final = regular_expression(r"(?:.*\.)?data\.(?:terraform_remote_state|tfe_outputs)\..*")
"""What other configurations hand on: it has a name, as an input has."""
_PERSON: Final = regular_expression(
    r"(?i)admin|approv|author|card|citizen|contact|created[_ -]?by|creator|customer|employee|mail"
    r"|maintain|owner|passport|patient|person|phone|request|responsible|social|ssn|support|team|user"
)
"""Parts of the names of what may tell who somebody is."""
_ANYTHING: Final = regular_expression(r"(?i)descri|note")
"""The same of keys, of what may be about anything."""
_ABOUT_ANYTHING: Final = regular_expression(r"(?i)(?<![a-z])(?<![a-z]_)(?:descri|note)")
"""And of an input: a ``stack_description`` that is no description is a short name of one."""
_FREE_TEXT: Final = regular_expression(r"(?i)(?:group[_ -]?)?(?:description|notes?)")
"""Keys of what may be about anything: a word in a longer text of it is what its own name says."""


class Label(NamedTuple):
    """A tag, a name or a description.

    Attributes:
        what: What it is, in words; without what it says.
        key: The key of a tag; the field's name of anything else.
        place: Where its text is; what stands there must not be quoted.
        value: Its text.
    """

    what: str
    key: str
    place: Place
    value: Val


def labels(resource: Resource) -> Iterator[Label]:
    """The tags, names and descriptions of a resource, and of what it launches."""
    if isinstance(resource, SeparateTag):
        key = None if resource.key is None else resource.key.text
        if resource.value is not None:
            yield Label(_tag(key), key or "", resource.place("value"), resource.value)
        return
    if isinstance(resource, SeparateSecurityGroupRule):
        yield from _of_rule(resource)
    if isinstance(resource, Provider):
        if resource.default_tags is not None:
            yield from _of_map(resource, "default_tags.tags", resource.default_tags)
        return
    for key, value in resource.tags.items():
        yield _label(resource, f"tags[{key!r}]", key, value)
    if resource.unknown_tags is not None:
        yield from _of_map(resource, "tags", resource.unknown_tags)
        for value in resource.unnamed_tags:
            # Of a tag that is made of nothing but what is given at deployment, its key says so.
            if (
                isinstance(value, Value | Reference)
                or value.parts
                or any(r.target[:5] != "AWS::" for r in value.references)
            ):
                yield _label(resource, "tags", "", value)
    yield from _of_launched(resource, resource.declared.body)
    for name in ("name", "name_prefix", "description"):
        is_rule = isinstance(resource, SeparateSecurityGroupRule)
        if not is_rule and hasattr(type(resource), name):
            value = getattr(resource, name)
            if isinstance(value, Value | Unknown) and not value.is_null:
                yield Label(f"the {name.replace('_', ' ')}", name, resource.place(name), value)
    if isinstance(resource, SecurityGroup):
        for rule in (*resource.ingress, *resource.egress):
            yield from _of_rule(rule)


def _of_rule(rule: SecurityGroupRule) -> Iterator[Label]:
    if rule.description is not None:
        place = rule.place("description")
        yield Label("the description of a rule", "description", place, rule.description)


def _of_launched(resource: Resource, body: Section) -> Iterator[Label]:
    """The tags that a launch template gives to what it launches."""
    inner = [body, *body.sections("LaunchTemplateData")]
    name = "TagSpecifications" if resource.declared.of_cloudformation else "tag_specifications"
    for section in inner:
        for specification in section.sections(name):
            written = specification.get("tags")
            if written is not None:
                yield from _of_map(resource, specification.join("tags"), written)
            for pair in specification.sections("Tags"):
                yield from _of_pair(resource, pair.path, pair.get("Key"), pair.get("Value"))


def _of_map(resource: Resource, path: str, written: Val) -> Iterator[Label]:
    """The tags of a map, or of a list of pairs, or of each one that a value can be."""
    for choice in choices(written, resource.presence):
        value = choice.value if choice.doubt is None else choice.doubt
        if isinstance(value, Unknown):
            yield _label(resource, path, "", value)
        for key, member in value.items().items():
            yield _label(resource, f"{path}[{key!r}]", key, member, choice.presence)
        listed = isinstance(value, Value) and isinstance(value.data, tuple)
        for pair in value.elements() if listed else ():
            said = pair.items()
            yield from _of_pair(resource, path, said.get("Key"), said.get("Value"))


def _of_pair(resource: Resource, path: str, key: Val | None, value: Val | None) -> Iterator[Label]:
    if isinstance(key, Unknown):
        yield _label(resource, path, "", key)
    if value is not None:
        name = "" if key is None else (key.text or "")
        yield _label(resource, f"{path}.Value", name, value)


def _label(
    resource: Resource, path: str, key: str, value: Val, presence: Presence | None = None
) -> Label:
    place = Place(value.span, path, value, presence or resource.presence)
    return Label(_tag(key), key, place, value)


def _tag(key: str | None) -> str:
    hidden = not key or sensitive_kind("", key) is not None
    return "a tag" if hidden else f'the tag "{key}"'


@lru_cache(maxsize=4096)  # the same few tags are on most resources
def sensitive_kind(key: str, text: str) -> str | None:
    """What personal or secret data a text holds, in words, if any.

    Args:
        key: The key of the tag that it is the value of; empty where it is a key.
        text: The text.
    """
    keyed = secrets_in(f"{key}={text}")
    # What a text holds by itself it holds behind its key too, unless that makes it look like a
    # part of an ARN; and it is called what it is by itself.
    if keyed or "arn:" in key:
        for secret in (*secrets_in(text), *keyed):
            return secret.kind
    if any(_is_card(found[0]) for found in _CARD.finditer(text)):
        return "the number of a payment card"
    if _NATIONAL.search(text):
        return "a national id"
    return EMAIL if _EMAIL.search(text) else None


def _is_card(text: str) -> bool:
    """Whether the check digit of a number is right (ISO/IEC 7812-1, annex B)."""
    digits = [int(char) for char in reversed(text) if char.isdigit()]
    doubled = (digit * 2 - 9 * (digit > 4) for digit in digits[1::2])
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0


def known_text(value: Val) -> str:
    """What is known of a text, with ``UNKNOWN_PIECE`` for what is not."""
    if value.text is not None or not isinstance(value, Unknown):
        return value.text or ""
    return "".join(part if isinstance(part, str) else UNKNOWN_PIECE for part in value.parts)


def unknown_inputs(key: str, value: Val) -> tuple[Unknown, ...]:
    """What of a text is an input that has no value and may be such data.

    Ids and names of resources are none. As in a script, a word of which nothing is known may be
    such data by what it is called: by the key of the tag, or by its own name. The name of a
    workspace is none.

    Args:
        key: The key of the tag; empty where that is not known.
        value: The text.
    """
    return _unknown_inputs(key, value, within=False)


def _unknown_inputs(key: str, value: Val, *, within: bool) -> tuple[Unknown, ...]:
    if not isinstance(value, Unknown):
        return ()
    pieces = [part for part in value.parts if isinstance(part, Unknown)]
    if pieces and not isinstance(value, Reference) and not value.candidates:
        inner = within or len(value.parts) > 1
        return tuple(one for p in pieces for one in _unknown_inputs(key, p, within=inner))
    names = () if within and _FREE_TEXT.fullmatch(key) else (key,)
    return (value,) if _is_input(value) and (not key or _may_tell(names, value)) else ()


def _is_input(value: Unknown) -> bool:
    """Whether somebody else says what it is."""
    if [one.key for one in value.inputs] == ["terraform.workspace"]:
        return False
    if isinstance(value, Reference):
        ours = _OF_ACCOUNT.fullmatch(f"{value.target}.{value.attribute}")
        return value.cause in ("module", "data-source") and not ours
    return bool(value.candidates) or value.cause in _INPUTS or not value.references


def _may_tell(names: tuple[str, ...], value: Unknown) -> bool:
    """Whether an input may be personal or secret data, by what it and its text are called."""
    if value.marks:
        return True
    key = "".join(names)
    if any(sensitive_kind(key, known_text(one)) for one in value.candidates):
        return True
    own = [value.span.code, value.reason]
    if isinstance(value, Reference):
        own.append(f"{value.target}.{value.attribute}")
        foreign = _OF_OTHERS.fullmatch(value.target) is None
        if value.cause == "data-source" and foreign and is_secret(value) is not False:
            return True
    if any(map(_ANYTHING.search, names)) or any(map(_ABOUT_ANYTHING.search, own)):
        return True
    return any(names_secret(name) or _PERSON.search(name) for name in (*names, *own))
