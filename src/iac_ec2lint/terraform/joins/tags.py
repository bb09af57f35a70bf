"""Tags that a resource gets from elsewhere than its own ``tags``: see ``joins.lookups``.

Source: the AWS provider's documentation of ``default_tags`` and of ``aws_ec2_tag``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from iac_ec2lint.terraform.joins.filters import Condition, accepts
from iac_ec2lint.terraform.language.containers import make_map
from iac_ec2lint.terraform.language.types import STRING
from iac_ec2lint.values import Reference, Unknown, Val, Value

if TYPE_CHECKING:
    from collections.abc import Iterable

    from iac_ec2lint.source.span import Span
    from iac_ec2lint.terraform.evaluated import Instance

TAG: Final = "aws_ec2_tag"


class SeparateTag(NamedTuple):
    """One tag that a resource of its own writes.

    Attributes:
        target: The address of what gets it; empty where that is not declared beside it.
        key: Its key; empty where that is not known.
        value: Its value; empty where that is not known.
    """

    target: str
    key: str
    value: str

    def may_be(self, conditions: Iterable[Condition]) -> bool:
        """Whether it may be what something is looked up by."""
        return any(
            name.startswith("tag:")
            and self.key in ("", name.removeprefix("tag:"))
            and (not self.value or accepts(wanted, self.value))
            for name, wanted in conditions
        )


def separate_tag(instance: Instance) -> SeparateTag:
    """What an ``aws_ec2_tag`` writes."""
    section = instance.section
    named, key, value = (section.get(name) for name in ("resource_id", "key", "value"))
    own = isinstance(named, Reference) and "data." not in named.target
    target = named.target if isinstance(named, Reference) and own else ""
    return SeparateTag(target, _text(key), _text(value))


def _text(value: Val | None) -> str:
    return "" if value is None else value.text or ""


def default_tags(instance: Instance) -> dict[str, Val] | None:
    """The tags that the provider's configuration adds; ``None`` where they are not known."""
    module = instance.resource.module
    provider = module.unit.providers.configuration(module, instance)
    found: dict[str, Val] = {}
    for block in provider.sections("default_tags") if provider is not None else ():
        tags = block.get("tags")
        if isinstance(tags, Unknown):
            return None
        found |= tags.items() if tags is not None else {}
    return found


def all_tags(instance: Instance, span: Span) -> Val | None:
    """All tags of a resource (``tags_all``), or those that the provider adds to each.

    Args:
        instance: The resource, or a data source ``aws_default_tags``.
        span: Where they are read.

    Returns:
        ``None`` where nothing says how the provider is configured, or it leaves out some.
    """
    module = instance.resource.module
    provider = module.unit.providers.configuration(module, instance)
    if provider is None or provider.sections("ignore_tags"):
        return None
    added = default_tags(instance)
    own = instance.section.get("tags") if instance.resource.mode == "resource" else None
    if added is None or isinstance(own, Unknown) or instance.section.get("tags_all") is not None:
        return None
    tags = {**added, **(own.items() if own is not None else {})}
    written = {key: value for key, value in tags.items() if not value.is_null}
    return Value(make_map(written, STRING), span)
