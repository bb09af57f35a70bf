"""What is known of the image that instances start from: whose it is, and of which family."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from iac_ec2lint.compute.platforms import Platform, platform_of
from iac_ec2lint.facts import facts
from iac_ec2lint.graph.graph import External
from iac_ec2lint.graph.memo import remembered
from iac_ec2lint.resources.batch_compute_environment import BatchComputeEnvironment
from iac_ec2lint.resources.data_source import SsmParameterDataSource
from iac_ec2lint.resources.eks_node_group import EksNodeGroup
from iac_ec2lint.resources.image import Image, ImageDataSource
from iac_ec2lint.source.regular_expression import regular_expression
from iac_ec2lint.values import Unknown, Val, Value

if TYPE_CHECKING:
    from collections.abc import Iterable

    from iac_ec2lint.compute.launch.launches import Launch
    from iac_ec2lint.graph.graph import Edge, Graph
    from iac_ec2lint.resources.part import Resource

Origin = Literal["unit", "own", "public", "external", "unknown"]
"""Whose an image is: declared in the unit, the account's own, published for everybody, a literal
id of somebody's, or nobody knows."""

_PUBLIC: Final = frozenset({"amazon", "aws-marketplace", "aws-backup-vault"})
"""Aliases of owners that publish images for everybody; their accounts are among the facts."""

_BUILT_BY_AWS: Final = regular_expression(r"arn:[^:]*:imagebuilder:[^:]*:aws:image/[^/]+")
"""What Image Builder has for everybody: ``arn:aws:imagebuilder:...:aws:image/ubuntu-server``."""

_FAMILIES: Final = (
    (regular_expression(r"(^|/)al2023-ami|(^|/)al2023-|/amazon-linux-2023(/|$)"), "al2023"),
    (regular_expression(r"(^|/)amzn2-ami|/amazon-linux-2(/|$)"), "amzn2"),
    (regular_expression(r"(^|/)amzn-ami"), "amzn"),
)


class ImageFacts(NamedTuple):
    """What is known of an image.

    Attributes:
        origin: Whose it is.
        resource: Its node in the graph, if it has one.
        family: ``al2023``, ``amzn2`` or ``amzn``, where its name says so; else ``None``.
        words: What it is known by, for messages.
        causes: Why no more is known, where it is unknown.
    """

    origin: Origin
    resource: Resource | None
    family: str | None
    words: str
    causes: tuple[Unknown, ...] = ()


@remembered
def image_of(graph: Graph, launch: Launch) -> ImageFacts:
    """What is known of the image of a launch.

    Where a node group of EKS names none, its AMI type says which one it is; so does the image type
    of a compute environment of AWS Batch.
    """
    edges = graph.follow(launch.host, launch.settings, "image")
    if edges:
        return image_at(edges)
    if isinstance(launch.host, EksNodeGroup):
        return _of_node_group(launch.host)
    if isinstance(launch.host, BatchComputeEnvironment):
        return _of_environment(launch.host)
    platform = platform_of(graph, launch)
    if platform is not None:
        return _of_platform(platform)
    words = "no image is named"
    gap = Unknown(words, "external-id", launch.blueprint.span)
    return ImageFacts("unknown", None, None, words, (gap,))


def image_at(edges: tuple[Edge, ...]) -> ImageFacts:
    """What is known of the image that a relation leads to."""
    if not edges:
        return ImageFacts("unknown", None, None, "no image is named")
    found = [_facts(edge) for edge in edges]
    if len(found) == 1:
        return found[0] if edges[0].certain or _has_one_value(edges[0]) else _uncertain(edges[0])
    families = {one.family for one in found}
    origins = {one.origin for one in found}
    value = edges[0].value
    return ImageFacts(
        origins.pop() if len(origins) == 1 and "unit" not in origins else "unknown",
        None,
        families.pop() if len(families) == 1 else None,
        "one of several images",
        (value,) if isinstance(value, Unknown) else (),
    )


def image_of_snapshot(graph: Graph, value: Val) -> Image | None:
    """The image whose own snapshot a reference means, which is no resource of its own."""
    references = value.references if isinstance(value, Unknown) else ()
    if len({reference.target for reference in references}) != 1:
        return None
    attribute = references[0].attribute
    if attribute != "root_snapshot_id" and not attribute.startswith("ebs_block_device["):
        return None
    image = graph.get(references[0].target)
    return image if isinstance(image, Image) else None


def _has_one_value(edge: Edge) -> bool:
    """Whether a reference is unknown and yet can have one value only: any other would fail."""
    value = edge.value
    return isinstance(value, Unknown) and len(value.candidates) == 1 and not value.unset


def _uncertain(edge: Edge) -> ImageFacts:
    value = edge.value
    cause = value if isinstance(value, Unknown) else edge.part.presence.cause
    reason = cause.reason if cause is not None else "the image is not certain"
    return ImageFacts("unknown", None, None, reason, () if cause is None else (cause,))


def _facts(edge: Edge) -> ImageFacts:
    target = edge.target
    cause = (edge.value,) if isinstance(edge.value, Unknown) else ()
    built = _BUILT_BY_AWS.match(_known_text(edge.value))
    if built is not None:
        return ImageFacts("public", target, None, f'"{built[0]}"')
    if target is None:
        return _uncertain(edge)
    if isinstance(target, Image):
        return ImageFacts("unit", target, family((target.name,)), target.address)
    if isinstance(target, ImageDataSource):
        names = names_looked_up(target)
        return ImageFacts(_owned(target), target, family(names), target.address, cause)
    if isinstance(target, SsmParameterDataSource):
        return _parameter(target, target.name, cause)
    if isinstance(target, External):
        path = target.text or target.address
        for prefix in ("resolve:ssm:", "ssm:"):
            if path.startswith(prefix):
                name = Value(path.removeprefix(prefix), target.span)
                return _parameter(target, name, cause)
        if target.text is not None and target.text.startswith("ami-"):
            return ImageFacts("external", target, None, f'"{target.text}"')
    causes = cause or (Unknown(f"{target.address} is not known", "external-id", target.span),)
    return ImageFacts("unknown", target, None, target.address, causes)


def _known_text(value: Val) -> str:
    """A text without the pieces of it that are unknown."""
    if isinstance(value, Value):
        return value.text or ""
    return "".join(part for part in value.parts if isinstance(part, str))


def names_looked_up(source: ImageDataSource) -> tuple[Val, ...]:
    """The patterns that the name of an image has to match to be found."""
    names = [source.name_regex] if source.name_regex is not None else []
    for one in source.filters:
        if one.name is not None and one.name.equals("name").truth is True:
            names.extend(one.values)
    return tuple(names)


def _parameter(node: Resource, name: Val | None, cause: tuple[Unknown, ...]) -> ImageFacts:
    """An image that a parameter of Systems Manager names: AWS's own ones lie in /aws/service."""
    path = name.text if name is not None else None
    if path is None:
        return ImageFacts("unknown", node, None, node.address, cause)
    public = path.startswith("/aws/service/")
    words = f'SSM parameter "{path}"'
    causes = cause or (Unknown(f"the {words} is read at deployment", "data-source", node.span),)
    return ImageFacts("public" if public else "unknown", node, family((name,)), words, causes)


def _owned(source: ImageDataSource) -> Origin:
    owners = [owner.text for owner in source.owners]
    for one in source.filters:
        if one.name is not None and one.name.equals("owner-alias", "owner-id").truth is True:
            owners.extend(value.text for value in one.values)
    if not owners or None in owners:
        return "unknown"
    accounts = facts("image_owners")["accounts"]
    if all(owner in _PUBLIC or owner in accounts for owner in owners):
        return "public"
    return "own" if "self" in owners else "unknown"


def family(names: Iterable[Val | None]) -> str | None:
    """The family that names, patterns of names or parameter paths of an image agree on.

    Args:
        names: Values, of which those that are absent or unknown say nothing.
    """
    found: set[str | None] = set()
    for name in names:
        text = name.text if isinstance(name, Value) else None
        if text is None:
            continue
        text = text.removeprefix("^").replace("\\", "")
        found.add(next((known for pattern, known in _FAMILIES if pattern.search(text)), None))
    return found.pop() if len(found) == 1 else None


def _of_node_group(group: EksNodeGroup) -> ImageFacts:
    kind = group.ami_type
    text = kind.text if kind is not None else None
    words = f'AMI type "{text}"' if text else "the AMI type that EKS takes by default"
    causes = (kind,) if isinstance(kind, Unknown) else ()
    if text is not None and text.startswith("AL2023_"):
        return ImageFacts("public", None, "al2023", words)
    if text is not None and text.startswith("AL2_"):
        return ImageFacts("public", None, "amzn2", words)
    return ImageFacts("public" if text != "CUSTOM" else "unknown", None, None, words, causes)


def _of_environment(environment: BatchComputeEnvironment) -> ImageFacts:
    """The image that Batch takes: by the image type, ``ECS_AL2023`` or another."""
    kinds = environment.image_types
    texts = {kind.text or "" for kind in kinds}
    causes = tuple(kind for kind in kinds if isinstance(kind, Unknown))
    if len(texts) != 1 or causes:
        words = "one of several image types" if kinds else "the image type that Batch takes"
        return ImageFacts("public", None, None, words, causes)
    [text] = texts
    known = next((f for part, f in _IMAGE_TYPES if part in text), None)
    return ImageFacts("public", None, known, f'image type "{text}"')


_IMAGE_TYPES: Final = (("_AL2023", "al2023"), ("_AL2", "amzn2"))
"""The families of AWS Batch's image types (AWS Batch API Reference, ``Ec2Configuration``)."""


def _of_platform(platform: Platform) -> ImageFacts:
    """The image of a platform of Elastic Beanstalk, which says its operating system."""
    words = f'platform "{platform.text}"' if platform.text else "a platform that is not known"
    causes = () if platform.gap is None else (platform.gap,)
    known = platform.system if platform.system in _PLATFORM_FAMILIES else None
    return ImageFacts("public", None, known, words, causes)


_PLATFORM_FAMILIES: Final = frozenset(("al2023", "amzn2", "amzn"))
