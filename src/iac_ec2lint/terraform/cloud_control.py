"""What Terraform makes by AWS Cloud Control API: resources of CloudFormation's types.

``awscc_ec2_subnet`` is made as ``AWS::EC2::Subnet``: its arguments are the properties of that type,
spelled otherwise. ``aws_cloudcontrolapi_resource`` has the properties of any type as JSON. What AWS
does by default is what CloudFormation does. So they are declared as of CloudFormation's type, and
whatever reads that type reads them.

Sources: Terraform AWS Cloud Control provider, "Getting started with the AWSCC provider"; its
``internal/naming`` package for how names are spelled; AWS provider,
``aws_cloudcontrolapi_resource``.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

from iac_ec2lint.declaration import Section, UnknownSection, ValueSection
from iac_ec2lint.source.regular_expression import regular_expression
from iac_ec2lint.terraform.functions.registry import FunctionError
from iac_ec2lint.values import Unknown, Value

if TYPE_CHECKING:
    from collections.abc import Mapping

    from iac_ec2lint.source.span import Span
    from iac_ec2lint.values import Reference, Step, Val

_PREFIX: Final = "awscc_"
_OF_ANY_TYPE: Final = "aws_cloudcontrolapi_resource"
_STATE: Final = "desired_state"
CLOUD_CONTROL: Final = (_PREFIX, _OF_ANY_TYPE)
"""How the types begin that are made by it."""

CREDENTIALS: Final = frozenset(
    {
        "access_key",
        "profile",
        "secret_key",
        "shared_config_files",
        "shared_credentials_files",
        "token",
    }
)
"""The arguments of a provider that decide whose credentials it has."""
OBJECTS: Final = ("assume_role", "assume_role_with_web_identity", "endpoints")
"""What are blocks in the AWS provider, and objects in Cloud Control's."""
SIGNING_IN: Final = frozenset({*CREDENTIALS, *OBJECTS, "region"})
"""The arguments that decide to which account and Region a configuration is."""

_ONE_WORD: Final = {
    "CNAMEs": "Cnames",
    "CloudFormation": "Cloudformation",
    "CloudFront": "Cloudfront",
    "CloudWatch": "Cloudwatch",
    "FSx": "Fsx",
    "OTel": "Otel",
}
"""What counts as one word in a name."""
_WORDS: Final = regular_expression(
    r"(?<=[A-Z])(?=[A-Z][a-z])|(?<=[a-z])(?=[A-Z0-9])|(?<=[0-9])(?=[A-Za-z])"
)

_RESOURCE: Final = regular_expression(
    rf"(?:^|\.)(?:{_PREFIX}\w+|{_OF_ANY_TYPE})\.[\w-]+(?:\[[^\]]*\])?$"
)
"""How the address of such a resource ends."""


@cache
def argument_name(name: str) -> str:
    """A property as the provider spells it: ``CidrIpv6`` is ``cidr_ipv_6``."""
    for words, word in _ONE_WORD.items():
        name = name.replace(words, word)
    return _WORDS.sub("_", name).lower()


@cache
def attribute_name(kind: str, name: str) -> str:
    """An attribute that is read of a resource, as a template names it.

    Args:
        kind: The resource's type: ``awscc_ec2_security_group``.
        name: The attribute.

    Returns:
        ``Ref`` for its identifier (``id``, ``security_group_id``, a role's ``role_name``); for
        others the name of ``Fn::GetAtt``: ``GroupId`` for ``group_id``.
    """
    if kind == _OF_ANY_TYPE:
        return "Ref" if name == "id" else name
    noun = kind.removeprefix(_PREFIX).partition("_")[2]
    if name in ("id", f"{noun}_id", f"{noun}_name"):
        return "Ref"
    return "".join(word.capitalize() for word in name.split("_"))


def is_identifier(kind: str, name: str) -> bool:
    """Whether an attribute is the identifier by which a data source of the provider reads."""
    return kind.startswith(_PREFIX) and attribute_name(kind, name) == "Ref"


def is_of_properties(kind: str, name: str) -> bool:
    """Whether an attribute has all properties of a resource of any type, as JSON."""
    return kind == _OF_ANY_TYPE and name == "properties"


def written_attribute(reference: Reference) -> str:
    """The attribute that a reference is to, as a configuration of Terraform names it."""
    if _RESOURCE.search(reference.target) is None:
        return reference.attribute
    if reference.attribute == "Ref":
        return "id"
    if f"{_OF_ANY_TYPE}." in reference.target:
        return reference.attribute
    return argument_name(reference.attribute)


@cache
def types_among(wanted: frozenset[str]) -> Mapping[str, str]:
    """The provider's types of some of CloudFormation's.

    Args:
        wanted: Types of whatever language.

    Returns:
        CloudFormation's types by the provider's.
    """
    found: dict[str, str] = {}
    for kind in wanted:
        owner, _, rest = kind.partition("::")
        service, _, name = rest.partition("::")
        if owner == "AWS" and name:
            found[f"{_PREFIX}{service.lower()}_{argument_name(name)}"] = kind
    return found


def is_made(kind: str, wanted: frozenset[str]) -> bool:
    """Whether a resource may be made as one of some of CloudFormation's types.

    Args:
        kind: The resource's type.
        wanted: Types of whatever language.
    """
    return kind == _OF_ANY_TYPE or (kind.startswith(_PREFIX) and kind in types_among(wanted))


def made_as(kind: str, body: Section, wanted: frozenset[str]) -> tuple[str, Section]:
    """What Cloud Control makes a resource as.

    Args:
        kind: The resource's type, for which ``is_made`` holds.
        body: Its body.
        wanted: Types of whatever language.

    Returns:
        The type of CloudFormation, empty where it is not known, and the body by that type's names.
    """
    if kind != _OF_ANY_TYPE:
        return types_among(wanted)[kind], _RenamedSection(body)
    named = body.get("type_name")
    return ("" if named is None else named.text or ""), _DesiredState(body)


class _DesiredState(Section):
    """The properties of a resource of any type, which are one JSON text."""

    __slots__ = ("_body", "_found")

    def __init__(self, body: Section) -> None:
        super().__init__(body.span, _STATE, body.presence)
        self._body = body
        self._found: Section | None = None

    @property
    def _properties(self) -> Section:
        found = self._found
        if found is None:
            found = self._found = _read(self._body)
        return found

    def get(self, name: str) -> Val | None:
        """See ``Section``."""
        return self._properties.get(name)

    def sections(self, name: str) -> tuple[Section, ...]:
        """See ``Section``."""
        return self._properties.sections(name)

    def names(self) -> tuple[str, ...]:
        """See ``Section``."""
        return self._properties.names()


def _read(body: Section) -> Section:
    text = body.get(_STATE)
    if text is None:
        return ValueSection(Value({}, body.span), _STATE, body.presence)
    value = text.decoded
    if value is None and text.text is not None:
        from iac_ec2lint.terraform.functions.encodings import read_json  # few have such text

        try:
            value = read_json(text.text, text.span)
        except FunctionError as error:
            words = f"desired_state is no JSON: {error}"
            value = Unknown(words, "expression", text.span, text.via)
    if isinstance(value, Value) and isinstance(value.data, dict):
        return ValueSection(value, _STATE, body.presence)
    gap = value if isinstance(value, Unknown) else text
    if not isinstance(gap, Unknown):
        gap = Unknown("desired_state is no JSON object", "expression", text.span, text.via)
    return UnknownSection(gap, _STATE, body.presence)


class _RenamedSection(Section):
    """The body of a resource of the provider, or an object in it, by CloudFormation's names.

    Args:
        section: The body, or the object.
    """

    __slots__ = ("_section",)

    def __init__(self, section: Section) -> None:
        super().__init__(section.span, section.path, section.presence)
        self._section = section

    def get(self, name: str) -> Val | None:
        """See ``Section``."""
        return self._section.get(argument_name(name)) if name[:1].isupper() else None

    def sections(self, name: str) -> tuple[Section, ...]:
        """See ``Section``."""
        if not name[:1].isupper():
            return ()
        return tuple(map(_RenamedSection, self._section.sections(argument_name(name))))

    def names(self) -> tuple[str, ...]:
        """See ``Section``: as they are written."""
        return self._section.names()

    def expression(self, name: str) -> Span | None:
        """See ``Section``."""
        return self._section.expression(argument_name(name))

    def removed(self, name: str) -> tuple[Step, ...]:
        """See ``Section``."""
        return self._section.removed(argument_name(name))

    def entry(self, name: str) -> Span | None:
        """See ``Section``."""
        return self._section.entry(argument_name(name))

    def spelled(self, path: str) -> str:
        """See ``Section``."""
        names, bracket, key = path.partition("[")
        return ".".join(map(argument_name, names.split("."))) + bracket + key
