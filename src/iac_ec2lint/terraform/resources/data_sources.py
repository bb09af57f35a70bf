"""The attributes of data sources that are certain without asking AWS.

Source: the documentation of each data source of the providers AWS, Cloudinit, Local, Null and
Template; "Amazon Resource Names" of the AWS General Reference for partitions.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from iac_ec2lint.hcl import tree
from iac_ec2lint.source.regular_expression import regular_expression
from iac_ec2lint.terraform.joins.lookups import PARAMETER, TEXTS, instances_of, is_secret
from iac_ec2lint.terraform.joins.lookups import TYPES as LOOKED_UP
from iac_ec2lint.terraform.joins.remote_states import TYPE as REMOTE_STATE
from iac_ec2lint.terraform.joins.tags import all_tags
from iac_ec2lint.terraform.language.marks import WITHHELD, marks_in
from iac_ec2lint.terraform.language.templates import join_pieces
from iac_ec2lint.terraform.language.unknowns import depend
from iac_ec2lint.values import Reference, Step, Unknown, Val, Value

if TYPE_CHECKING:
    from collections.abc import Callable

    from iac_ec2lint.declaration import Section
    from iac_ec2lint.source.span import Span
    from iac_ec2lint.terraform.evaluated import Instance

    Reader = Callable[[Instance, str, Span], Val | None]

_PARTITIONS = {
    "cn": ("aws-cn", "amazonaws.com.cn"),
    "us-gov": ("aws-us-gov", "amazonaws.com"),
    "us-iso": ("aws-iso", "c2s.ic.gov"),
    "us-isob": ("aws-iso-b", "sc2s.sgov.gov"),
    "eu-isoe": ("aws-iso-e", "cloud.adc-e.uk"),
    "us-isof": ("aws-iso-f", "csp.hci.ic.gov"),
    "eusc": ("aws-eusc", "amazonaws.eu"),
    "eusc-de": ("aws-eusc", "amazonaws.eu"),
}
"""The partition and its DNS suffix, by the prefix of a Region's name."""
_COMMERCIAL = ("aws", "amazonaws.com")
_REGION = regular_expression(r"([a-z]+(?:-gov|-iso[a-z]?|-de)?)-[a-z]+-[0-9]+")
_ALIKE = frozenset(
    {"arn", "availability_zone", "cidr_block", "id", "ipv6_cidr_block", "name", "vpc_id"}
)
"""What data sources of VPCs, subnets and security groups have as the resources have it."""
_BOUNDARY = "MIMEBOUNDARY"
"""What divides the parts of user data, unless something else is said."""
_COMPUTED = regular_expression(r"\b(?!var\.|path\.|terraform\.)[a-z]\w*\.")
"""A reference to anything but what is given."""
_ROLE = regular_expression(r"arn:[^:]*:iam::([0-9]{12}):role/.*")


def read_attribute(instance: Instance, name: str, span: Span) -> Val | None:
    """The value of a reference to an attribute of a data source.

    Args:
        instance: The data source.
        name: The attribute.
        span: Where it is referred to.

    Returns:
        The value; ``None`` where only what is written in its body is certain.
    """
    if instance.resource.type == REMOTE_STATE:
        others = instance.resource.module.unit.others
        return others.outputs(instance, span) if name == "outputs" else None
    if instance.resource.type in LOOKED_UP:
        named = _of_this_unit(instance, name, span)
        if named is not None:
            return named
        return instance.resource.module.unit.others.read(instance, name, span)
    reader = READERS.get(instance.resource.type)
    return None if reader is None else reader(instance, name, span)


def _of_this_unit(instance: Instance, name: str, span: Span) -> Val | None:
    """An attribute of a resource of this unit, where a data source names one by its id.

    A parameter of Systems Manager is named by its name.
    """
    if instance.resource.type == PARAMETER and name in TEXTS:
        return _own_parameter(instance, name, span)
    key = instance.section.get("id") if name in _ALIKE else None
    if not isinstance(key, Reference) or key.attribute != "id":
        return None
    if instance.scope.evaluation.stated.value(f"{instance.address}.{name}", span) is not None:
        return None  # somebody's word counts
    found = instance.resource.module.unit.resource(key.target)
    if found is None or found.resource.type != instance.resource.type:
        return None
    return found.read(name, span)


def _own_parameter(instance: Instance, name: str, span: Span) -> Val | None:
    """What a parameter holds that this unit declares, and that a data source names.

    Whoever may write to it may have changed it where Terraform does not undo that.
    """
    unit = instance.resource.module.unit
    wanted = instance.section.get("name")
    if wanted is None or wanted.text is None:
        return None
    if instance.scope.evaluation.stated.value(f"{instance.address}.{name}", span) is not None:
        return None  # somebody's word counts
    for one in instances_of(unit.root, PARAMETER):
        if not _is_called(one, wanted):
            continue
        if unit.providers.scope_of(one) != unit.providers.scope_of(instance):
            continue
        written = next((text for text in TEXTS if one.section.get(text) is not None), None)
        hidden = is_secret(one) or _is_left_alone(one)
        return None if written is None or hidden else one.read(written, span)
    return None


def _is_called(parameter: Instance, wanted: Val) -> bool:
    """Whether a parameter is sure to be there under a name; it is not asked what others decide."""
    named = parameter.section.attribute_span("name")
    if named is None or not parameter.section.presence.certain:
        return False
    if isinstance(wanted, Value) and wanted.of is not None:
        return wanted.of.target == parameter.address
    if _COMPUTED.search(named.text):
        return False  # it may be made of what the data source reads
    name = parameter.section.get("name")
    return name is not None and name.text == wanted.text


def _is_left_alone(parameter: Instance) -> bool:
    return any(
        (ignored := lifecycle.expression("ignore_changes")) is not None
        and {"all", *TEXTS}.intersection(re.findall(r"\w+", ignored.text))
        for lifecycle in parameter.section.sections("lifecycle")
    )


def _policy_document(instance: Instance, name: str, span: Span) -> Val | None:  # noqa: ARG001 - a reader
    from iac_ec2lint.terraform.resources.policy_document import (
        read_attribute,  # only where there is one
    )

    document = read_attribute(instance, name)
    if document is None or not instance.scope.evaluation.marked:
        return document
    return document.marked(WITHHELD) if _holds_marks(instance.section) else document


def _holds_marks(section: Section) -> bool:
    """Whether any value in a block is marked."""
    for name in section.names():
        value = section.get(name)
        if value is not None and marks_in((value,)):
            return True
        if value is None and any(map(_holds_marks, section.sections(name))):
            return True
    return False


def _region_of(instance: Instance) -> Val | None:
    """The Region that a data source queries, where it is known."""
    own = instance.section.get("region")
    if own is not None:
        return own
    return instance.resource.module.unit.providers.region(instance.resource.module, instance)


def _region(instance: Instance, name: str, span: Span) -> Val | None:  # noqa: ARG001 - a reader
    if name not in ("name", "id", "region"):
        return None
    written = instance.section.get("name")
    return written if written is not None and name != "region" else _region_of(instance)


def _partition(instance: Instance, name: str, span: Span) -> Val | None:
    region = _region_of(instance)
    match = _REGION.fullmatch(region.text or "") if region is not None else None
    if region is None or match is None:
        return None
    partition, suffix = _PARTITIONS.get(match[1], _COMMERCIAL)
    told = {
        "id": partition,
        "partition": partition,
        "dns_suffix": suffix,
        "reverse_dns_prefix": ".".join(reversed(suffix.split("."))),
    }.get(name)
    if told is None:
        return None
    return _told(instance, name, span, Value(told, span, region.via, marks=region.marks))


def _service_principal(instance: Instance, name: str, span: Span) -> Val | None:
    """The name of a service in policies; it may differ outside the commercial Regions."""
    service = instance.section.get("service_name")
    region = _region_of(instance)
    match = _REGION.fullmatch(region.text or "") if region is not None else None
    if match is None or match[1] in _PARTITIONS or service is None or region is None:
        return None
    if name == "suffix":
        return _told(instance, name, span, Value(_COMMERCIAL[1], span, region.via))
    if name != "name":
        return None
    pieces = [service, Value(f".{_COMMERCIAL[1]}", span, region.via)]
    return _told(instance, name, span, join_pieces(span, pieces, instance.scope))


def _caller_identity(instance: Instance, name: str, span: Span) -> Val | None:
    """The account: that of the role which the provider assumes, or the only one it accepts."""
    if name not in ("account_id", "id"):
        return None
    module = instance.resource.module
    provider = module.unit.providers.configuration(module, instance)
    if provider is None:
        return None
    role = provider.section("assume_role")
    arn = role.get("role_arn") if role is not None else None
    if arn is not None:
        match = _ROLE.fullmatch(arn.text or "")
        if match is None:
            return None
        account = Value(match[1], arn.span, arn.via, marks=arn.marks)
        return _told(instance, name, span, account)
    allowed = provider.get("allowed_account_ids")
    accounts = allowed.elements() if allowed is not None else ()
    only = accounts[0] if len(accounts) == 1 and accounts[0].text is not None else None
    if only is None or allowed is None:
        return None
    return _told(instance, name, span, only.marked(allowed.marks))


def _endpoint_service(instance: Instance, name: str, span: Span) -> Val | None:
    """The name of an endpoint service, composed of its Region and the service."""
    section = instance.section
    service = section.get("service")
    if name != "service_name" or service is None or section.get("service_name") is not None:
        return None
    if service.text is not None and service.text.startswith("sagemaker."):
        return None  # these have names of another form
    region = _region_of(instance)
    if region is None:
        region = Unknown("the Region is not known", "data-source", span)
    pieces = [Value("com.amazonaws.", span), region, Value(".", span), service]
    return _told(instance, name, span, join_pieces(span, pieces, instance.scope))


def _template_file(instance: Instance, name: str, span: Span) -> Val | None:
    """A template rendered by the Template provider, the predecessor of ``templatefile``."""
    template = instance.section.get("template")
    if name != "rendered" or template is None:
        return None
    if not isinstance(template, Value) or template.text is None:
        unknown = template if isinstance(template, Unknown) else None
        return None if unknown is None else _told(instance, name, span, depend(span, [unknown]))
    # Only where there is one: it reads templates.
    from iac_ec2lint.terraform.functions.registry import FunctionError
    from iac_ec2lint.terraform.functions.rendering import render_text

    given = _names_given(instance)
    try:
        rendered = render_text(template, given, span, instance.scope)
        rendered = rendered.after(*_way_of(template, instance, "template"))
        return _told(instance, name, span, rendered.marked(template.marks | given.marks))
    except FunctionError as problem:
        return instance.scope.error(template.span, f"{instance.address}: {problem}")


def _way_of(text: Val, instance: Instance, argument: str) -> tuple[Step, ...]:
    """From where a text comes that a data source hands on: from a file, or from its argument."""
    return text.via or (Step(text.span, f"{argument} of {instance.address}"),)


def _names_given(instance: Instance) -> Val:
    """The variables of a template: an argument, which was a block before Terraform 0.12."""
    names = instance.section.get("vars")
    if names is not None:
        return names
    members: dict[str, Val] = {}
    for block in instance.section.sections("vars"):
        words = '"vars" is no block since Terraform 0.12, but an argument: vars = { ... }'
        instance.scope.error(block.span, words)
        for key in block.names():
            value = block.get(key)
            if value is not None:
                members[key] = value
    return Value(members, instance.section.span)


def _boot_script(instance: Instance, name: str, span: Span) -> Val | None:
    """User data of several parts: its encoding is not computed, the message is.

    A part of which it is not known whether it is there is a piece that is not known.
    """
    if name != "rendered":
        return None
    pieces: list[Val] = [Value(f'Content-Type: multipart/mixed; boundary="{_BOUNDARY}"\n', span)]
    ways: dict[Step, None] = {}
    for part in instance.section.sections("part"):
        content = part.get("content")
        if content is not None:
            cause = part.presence.cause
            sure = cause is None or part.presence is instance.section.presence
            kind = part.get("content_type")
            # What is put into a text does not say where the text itself is written.
            told = content.after(Step(content.span, f"content of {instance.address}"))
            ways |= dict.fromkeys(told.via)
            pieces += [
                Value(f"\n--{_BOUNDARY}\nContent-Type: ", span),
                kind if kind is not None else Value("text/plain", span),
                Value("\n\n", span),
                told if sure or cause is None else cause,
            ]
    pieces.append(Value(f"\n--{_BOUNDARY}--\n", span))
    reason = f"how {instance.address}.{name} is packed is not worked out"
    decoded = join_pieces(span, pieces, instance.scope)
    if isinstance(decoded, Unknown):
        decoded = decoded.after(*ways)  # where its texts come from, which they do not say
    packed = Unknown(reason, "data-source", span, decoded=decoded)
    return _told(instance, name, span, packed)


def _local_file(instance: Instance, name: str, span: Span) -> Val | None:
    """What is in a file on the disk, unless something may write it before it is read."""
    attributes = instance.resource.block.body.attributes
    function = {"content": "file", "content_base64": "filebase64"}.get(name)
    written = attributes.get("filename")
    if function is None or written is None or "depends_on" in attributes:
        return None
    path = instance.section.get("filename")
    if path is None or path.text is None or path.of is not None:
        return None

    def asked(function: str) -> Val:
        node = written.expression
        call = tree.FunctionCall(node.source, node.start, node.end, function, (node,), False)
        return instance.scope.evaluate(call)

    if asked("fileexists").boolean is not True:
        return None
    return _told(instance, name, span, asked(function))


def _null_data_source(instance: Instance, name: str, span: Span) -> Val | None:
    """What goes in comes out: of the Null provider's data source, long replaced by locals."""
    inputs = instance.section.get("inputs")
    return None if name != "outputs" or inputs is None else _told(instance, name, span, inputs)


def _told(instance: Instance, name: str, span: Span, value: Val) -> Val:
    """A value, known to be an attribute of the data source.

    Terraform does not mark the results of a provider for marked arguments; they are hidden here all
    the same.
    """
    if value.marks:
        value = value.but(marks=WITHHELD)
    if isinstance(value, Unknown) and value.cause in ("error", "limit"):
        return value
    written = value if isinstance(value, Unknown) else None
    reference = Reference(
        instance.address,
        name,
        span,
        value.via,
        reason="" if written is None else written.reason,
        cause="data-source" if written is None else written.cause,
        inputs=() if written is None else written.inputs,
        written=written,
    )
    return value.read_from(reference) if isinstance(value, Value) else reference


def _default_tags(instance: Instance, name: str, span: Span) -> Val | None:
    """``aws_default_tags``: what the provider's configuration adds to all resources."""
    return all_tags(instance, span) if name == "tags" else None


READERS: dict[str, Reader] = {
    "aws_caller_identity": _caller_identity,
    "aws_default_tags": _default_tags,
    "aws_iam_policy_document": _policy_document,
    "aws_partition": _partition,
    "aws_region": _region,
    "aws_service_principal": _service_principal,
    "aws_vpc_endpoint_service": _endpoint_service,
    "cloudinit_config": _boot_script,
    "local_file": _local_file,
    "local_sensitive_file": _local_file,
    "null_data_source": _null_data_source,
    "template_cloudinit_config": _boot_script,
    "template_file": _template_file,
}
