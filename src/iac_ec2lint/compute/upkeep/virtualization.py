"""Whether images are HVM or paravirtual (EC2 User Guide, "Virtualization types")."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from iac_ec2lint.compute.images import image_of, names_looked_up
from iac_ec2lint.resources.data_source import SsmParameterDataSource
from iac_ec2lint.resources.eks_node_group import EksNodeGroup
from iac_ec2lint.resources.image import ImageDataSource, RegisteredImage
from iac_ec2lint.values import NO, YES, Answer, Unknown, Val, Value, all_of, any_of

if TYPE_CHECKING:
    from iac_ec2lint.compute.launch.launches import Launch
    from iac_ec2lint.graph.graph import Graph
    from iac_ec2lint.resources.part import Place

_HVM: Final = (
    "hvm",
    "al2023-ami",
    "windows_server-20",
    "amzn2-ami",
    "/aws/service/bottlerocket/",
    "/aws/service/ecs/",
    "/aws/service/eks/",
)
"""What is in the names of images that are HVM alone; each system's since 2014.

So are those of containers (EKS User Guide and ECS Developer Guide, "Retrieving AMI metadata").
"""

_PARAVIRTUAL: Final = ("amzn-ami-pv-", "paravirtual", "ubuntu/images/ebs", "ubuntu/images/instance")
"""What is in the names of images that are paravirtual."""


class Lookup(NamedTuple):
    """What a lookup says of virtualization.

    Attributes:
        answer: Whether it finds HVM images alone.
        place: Where it says so.
    """

    answer: Answer
    place: Place


def looks_up_hvm(source: ImageDataSource) -> Lookup | None:
    """Whether a lookup filters for HVM images; ``None`` where it does not filter for either."""
    for one in source.filters:
        meant = one.name.equals("virtualization-type") if one.name is not None else NO
        hvm = [value.equals("hvm") for value in one.values]
        kinds = any_of(value.equals("hvm", "paravirtual") for value in one.values)
        if meant.truth is True or (meant.may_be_true and kinds.truth is True):
            answer = all_of(hvm) | ~meant
            if answer.truth is False and any_of(hvm).may_be_true:
                words = "it may be an HVM image or a paravirtual one"
                answer = Answer(None, (Unknown(words, "data-source", one.span),))
            return Lookup(answer, one.place("values"))
    return None


def is_hvm_image(graph: Graph, launch: Launch) -> Answer:
    """Whether the image of a launch is HVM, by what declares it or what it is looked up by."""
    known = image_of(graph, launch)
    node = known.resource
    if isinstance(launch.host, EksNodeGroup) and known.origin == "public" and not known.causes:
        return YES  # EKS has images for instances of today alone
    names: tuple[Val, ...] = ()
    if isinstance(node, RegisteredImage):
        return node.virtualization_type.equals("hvm")
    if isinstance(node, ImageDataSource):
        lookup = looks_up_hvm(node)
        if lookup is not None:
            return lookup.answer
        names = names_looked_up(node)
    elif isinstance(node, SsmParameterDataSource) and node.name is not None:
        names = (node.name,)
    elif node is not None:
        names = (Value(node.address, launch.host.span),)
    hvm = all_of(_says(name, _HVM) for name in names) if names else NO
    if hvm.truth is not False:
        return hvm
    if names and all(_says(name, _PARAVIRTUAL).truth is True for name in names):
        return NO
    words = f"whether {known.words} is an HVM image is not known"
    return Answer(None, known.causes or (Unknown(words, "external-id", launch.host.span),))


def _says(name: Val, words: tuple[str, ...]) -> Answer:
    def says(text: object) -> bool:
        plain = str(text).lower().replace("\\", "")
        return any(word in plain for word in words)

    return name.test(says)
