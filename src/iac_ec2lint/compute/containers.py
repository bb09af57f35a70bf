"""Which hosts run containers, by their image, their kind or their boot script."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iac_ec2lint.compute.images import names_looked_up
from iac_ec2lint.compute.launch.launches import may_launch_nodes
from iac_ec2lint.compute.platforms import platform_of
from iac_ec2lint.compute.scripts.boot_script import UNKNOWN_PIECE, read_script
from iac_ec2lint.compute.scripts.secrets.pieces import secrets_put_in
from iac_ec2lint.graph.graph import External
from iac_ec2lint.graph.memo import remembered
from iac_ec2lint.resources.batch_compute_environment import BatchComputeEnvironment
from iac_ec2lint.resources.data_source import SsmParameterDataSource
from iac_ec2lint.resources.eks_node_group import EksNodeGroup
from iac_ec2lint.resources.image import Image, ImageDataSource
from iac_ec2lint.source.regular_expression import regular_expression
from iac_ec2lint.values import NO, YES, Answer, Data, Reference, Unknown, Val, Value, any_of

if TYPE_CHECKING:
    from iac_ec2lint.compute.launch.launches import Launch
    from iac_ec2lint.graph.graph import Edge, Graph
    from iac_ec2lint.resources.part import Resource

_IMAGE: Final = regular_expression(
    r"amzn2?-ami-ecs|al2023-ami-ecs|amazon-eks|/service/(ecs|eks)/|bottlerocket"
)
_SCRIPT: Final = regular_expression(
    r"ECS_CLUSTER|/etc/eks/bootstrap|\bnodeadm\b|\b(dockerd|containerd|kubelet|podman)\b"
    r"|\bdocker\s+(run|compose|start)\b|\binstall\b[^\n]*\bdocker\b"
)


@remembered
def is_container_host(graph: Graph, launch: Launch) -> Answer:
    """Whether the instances of a launch run containers.

    False where nothing says so: an image that is known by its id alone counts as one of none.
    """
    if isinstance(launch.host, EksNodeGroup | BatchComputeEnvironment):
        return YES
    settings = launch.settings
    platform = platform_of(graph, launch)
    if platform is not None and platform.value is not None:
        return platform.value.test(_is_for_containers)
    scripts = (settings.user_data, settings.user_data_base64)
    answers = [_starts_them(script) for script in scripts if script is not None]
    edges = graph.follow(launch.host, settings, "image")
    answers.append(_one_of([_is_for_them(edge) for edge in edges]))
    return any_of(answers) | may_launch_nodes(graph, launch)


def _is_for_containers(platform: Data) -> bool:
    """Whether a platform of Elastic Beanstalk is Docker's or ECS's."""
    return "Docker" in str(platform) or "ECS" in str(platform)


def _one_of(answers: list[Answer]) -> Answer:
    """The answer of which nobody knows which one counts; false where there is none."""
    if len({answer.truth for answer in answers}) <= 1:
        return answers[0] if answers else NO
    return Answer(None, tuple(cause for answer in answers for cause in answer.causes))


def _starts_them(script: Val) -> Answer:
    """Whether a boot script starts containers."""
    if isinstance(script, Unknown) and script.candidates:
        answers = [_starts_them(candidate) for candidate in script.candidates]
        found = _one_of([*answers, NO] if script.unset else answers)
        return found if found.truth is not None else Answer(None, (script,))
    text, causes = read_script(script)
    if text is not None and _SCRIPT.search(text):
        return YES
    if text is None:
        return Answer(None, causes) if causes else NO
    passwords = [each.piece for each in secrets_put_in(text, causes) if each.kind == "a password"]
    hidden = tuple(
        cause
        for cause in causes
        if not _is_a_name(cause) and not any(cause is password for password in passwords)
    )
    return Answer(None, hidden) if hidden else NO


def _is_a_name(piece: Unknown) -> bool:
    """Whether a piece of a script is a name, an id or a Region, which starts nothing."""
    return isinstance(piece, Reference) and piece.cause != "data-source"


def _is_for_them(edge: Edge) -> Answer:
    """Whether an image is one for hosts of containers, by its name or what it is looked up by."""
    names = [edge.value] if edge.target is None else _names(edge.target)
    return any_of(_names_them(name) for name in names)


def _names(image: Resource) -> list[Val]:
    """What an image is called: by its parameter, by how it is looked up, or by itself."""
    if isinstance(image, ImageDataSource):
        unread = [one.name for one in image.filters if isinstance(one.name, Unknown)]
        return [*names_looked_up(image), *unread]
    if isinstance(image, External):
        path = image.text or image.address
        return [Value(path, image.span)] if "ssm:" in path else []
    name = image.name if isinstance(image, Image | SsmParameterDataSource) else None
    return [name] if name is not None else []


def _names_them(name: Val) -> Answer:
    if isinstance(name, Value):
        return Answer(_IMAGE.search(name.text or "") is not None)
    known = "".join(p if isinstance(p, str) else UNKNOWN_PIECE for p in name.parts)
    return YES if _IMAGE.search(known) else name.test(_is_name_of_them)


def _is_name_of_them(name: Data) -> bool:
    return isinstance(name, str) and _IMAGE.search(name) is not None
