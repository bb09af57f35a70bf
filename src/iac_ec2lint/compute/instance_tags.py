"""The tags of instances, as far as they are known, for policies with conditions on them.

A tag may come from the instance, from its launch template, from the provider's ``default_tags``,
from a resource of its own, and in CloudFormation from the stack. Sources: IAM User Guide,
"Controlling access to AWS resources using tags"; CloudFormation User Guide, "Resource tag".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iac_ec2lint.compute.launch.launches import launches_of
from iac_ec2lint.graph.memo import remembered
from iac_ec2lint.resources.instance import Instance
from iac_ec2lint.resources.instance_tag import SeparateTag
from iac_ec2lint.resources.launch_template import LaunchTemplate
from iac_ec2lint.resources.provider import Provider
from iac_ec2lint.values import Unknown

if TYPE_CHECKING:
    from iac_ec2lint.graph.graph import Graph
    from iac_ec2lint.resources.part import Resource
    from iac_ec2lint.values import Val

TAG_KEYS: Final = ("aws:resourcetag/", "ec2:resourcetag/", "ssm:resourcetag/")
"""How condition keys on tags of instances begin, in lower case as keys are compared."""

TagContext = tuple[tuple[str, tuple[str, ...]], ...]
"""Condition keys that are known, with their values: none, where there is no such tag."""


@remembered
def tag_context(graph: Graph, host: Resource, keys: frozenset[str]) -> TagContext:
    """The condition keys on tags of a host that are known.

    Args:
        graph: The graph.
        host: The host.
        keys: The keys of the tags that are asked for, in lower case.
    """
    known = ((key, tag_of(graph, host, key)) for key in sorted(keys))
    return tuple((at + key, value) for key, value in known if value is not None for at in TAG_KEYS)


def tag_of(graph: Graph, host: Resource, key: str) -> tuple[str, ...] | None:
    """The value of a tag; nothing where there is none; ``None`` where that is not known.

    Args:
        graph: The graph.
        host: The host.
        key: The key of the tag, in lower case.
    """
    if not isinstance(host, Instance) or _tagged_apart(graph, host):
        return None
    found = declared_tag(graph, host, key)
    return _from_template(graph, host, key) if found == () else found


def _from_template(graph: Graph, host: Instance, key: str) -> tuple[str, ...] | None:
    """The value of a tag that the launch template of a host gives it; see ``tag_of``."""
    launched = launches_of(graph, host)
    if not host.launch_template.written and not any(one.template for one in launched):
        return ()
    if len(launched) != 1 or not launched[0].certain or launched[0].assumptions:
        return None
    template = launched[0].template
    if not isinstance(template, LaunchTemplate):
        return None
    found: list[Val] = []
    for one in template.tag_specifications:
        kind = one.equals("kind", "instance")
        tags, gap = one.pairs
        named = [value for name, value in tags.items() if name.lower() == key]
        if kind.truth is False or (not named and gap is None):
            continue
        if gap is not None or kind.truth is None or one.presence.cause is not None:
            return None
        found += named
    if not found:
        return ()
    text = found[0].text if len(found) == 1 and not isinstance(found[0], Unknown) else None
    return None if text is None else (text,)


def declared_tag(graph: Graph, resource: Resource, key: str) -> tuple[str, ...] | None:
    """The value of a tag as a resource itself, its provider or its stack gives it.

    Args:
        graph: The graph.
        resource: The resource.
        key: The key of the tag, in lower case.

    Returns:
        Nothing where there is none; ``None`` where that is not known.
    """
    own = [value for name, value in resource.tags.items() if name.lower() == key]
    if own:
        text = own[0].text if len(own) == 1 and not isinstance(own[0], Unknown) else None
        return None if text is None else (text,)
    return None if _may_have_more(graph, resource, key) else ()


def _may_have_more(graph: Graph, resource: Resource, key: str) -> bool:
    """Whether something may have a tag that it does not say itself."""
    if resource.unknown_tags is not None or resource.declared.of_cloudformation:
        return True
    for provider in graph.all(Provider):
        given = provider.default_tags
        if isinstance(given, Unknown):
            return True
        if given is not None and any(name.lower() == key for name in given.items()):
            return True
    return False


def _tagged_apart(graph: Graph, host: Instance) -> bool:
    return any(isinstance(edge.source, SeparateTag) for edge in graph.sources(host, "tagged")) or (
        any(isinstance(edge.source, SeparateTag) for edge in graph.unresolved("tagged"))
    )
