"""Whom permissions let use images and snapshots: everyone, or accounts and organisations by name.

What the unit's own account or organisation is read from is not foreign, nor is an account that it
surely manages itself.
Sources: EC2 User Guide, "Make your AMI publicly available for use in Amazon EC2" and "Share an AMI
with specific AWS accounts"; EBS User Guide, "Share an Amazon EBS snapshot"; EC2 Image Builder API
Reference, LaunchPermissionConfiguration.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import pairwise
from typing import Final, Literal, NamedTuple

from iac_ec2lint.compute.account_settings import governs
from iac_ec2lint.compute.launch.launches import launches
from iac_ec2lint.compute.launch.running import runs
from iac_ec2lint.compute.scripts.sharing_commands import SharingCommand, sharing_commands
from iac_ec2lint.graph.graph import Edge, External, Graph
from iac_ec2lint.iam.trust.own_accounts import own_accounts
from iac_ec2lint.resources.image import ImageLaunchPermission, SnapshotPermission
from iac_ec2lint.resources.image_block_public_access import ImageBlockPublicAccess
from iac_ec2lint.resources.image_builder import Distribution, DistributionConfiguration
from iac_ec2lint.resources.lifecycle_policy import LifecyclePolicy
from iac_ec2lint.resources.part import Place, Resource
from iac_ec2lint.resources.snapshot_block_public_access import SnapshotBlockPublicAccess
from iac_ec2lint.source.regular_expression import regular_expression
from iac_ec2lint.values import NO, YES, Answer, Reference, Step, Unknown, Val, any_of

_ANYONE: Final = "any AWS account"
_ACCOUNT: Final = regular_expression(r"\d{12}")
_ORGANIZATION: Final = regular_expression(
    r"arn:[^:]+:organizations::(\d{12}):(?:organization|ou)/(.+)"
)
_OWN: Final = regular_expression(
    r"(.*\.)?data\.aws_caller_identity\..*|(.*\.)?aws_organizations_\w+\..*|AWS::AccountId"
)
"""The targets of references that mean one's own account, or those of one's organisation."""

_BLOCKS: Final = ("block-all-sharing", "block-new-sharing")
_REGION: Final = regular_expression(r"(.*\.)?data\.aws_region\..*|AWS::Region")


class Audience(NamedTuple):
    """Whom a permission lets in.

    Attributes:
        who: In words: ``any AWS account``, ``account 123456789012``.
        account: The account's number where it is one, empty where that is unknown or it is an
            organisation; ``None``: all.
        answer: Whether it does, and is foreign.
        organization: Whether it is all accounts of an organisation, or of a unit of one.
    """

    who: str
    account: str | None
    answer: Answer
    organization: bool = False


class Share(NamedTuple):
    """A permission by which others use an image or a snapshot.

    Attributes:
        audience: Whom it lets in.
        declaring: The resource that says so.
        place: Where.
        kind: What they use.
        by: What messages call what lets them in, where that is not the resource.
        edges: The image or snapshot, where it is named.
        distribution: Where in Image Builder's configuration it stands, if it is of one.
        region: Where it is, if that need not be the Region of what declares it.
    """

    audience: Audience
    declaring: Resource
    place: Place
    kind: Literal["image", "snapshot"]
    by: str = ""
    edges: tuple[Edge, ...] = ()
    distribution: Distribution | None = None
    region: Val | None = None

    @property
    def located(self) -> Resource:
        """What is in the account and the Region that count: the image or snapshot, if declared."""
        targets = {edge.target for edge in self.edges if edge.certain}
        target = targets.pop() if len(targets) == 1 == len(self.edges) else None
        return self.declaring if target is None or isinstance(target, External) else target

    @property
    def verb(self) -> str:
        """What others do with it."""
        return "launch" if self.kind == "image" else "make volumes of"


def shares(graph: Graph, trusted_accounts: Collection[str] = ()) -> Iterator[Share]:
    """The permissions of a unit that let others use images or snapshots, or may.

    Args:
        graph: The graph.
        trusted_accounts: The accounts that are one's own or trusted, and those that manage an
            organisation that is. Without any, what is named by its number is taken to be another's.
    """
    own = own_accounts(graph)
    for share in _shares(graph, trusted_accounts):
        if share.audience.account not in own:
            yield share


def _shares(graph: Graph, trusted_accounts: Collection[str]) -> Iterator[Share]:
    for permission in graph.all(ImageLaunchPermission):
        edges = graph.targets(permission, "image")
        for name, audience in _of_permission(permission, trusted_accounts):
            yield Share(audience, permission, permission.place(name), "image", edges=edges)
    for grant in graph.all(SnapshotPermission):
        edges = graph.targets(grant, "snapshot")
        for audience in _account(grant.account, trusted_accounts):
            yield Share(audience, grant, grant.place("account"), "snapshot", edges=edges)
    for command in sharing_commands(graph):
        yield _of_command(graph, command)
    for configuration in graph.all(DistributionConfiguration):
        for distribution in configuration.distributions:
            for name, value, audience in _of_distribution(distribution, trusted_accounts):
                place = distribution.place(name, value)
                region = distribution.region
                yield Share(
                    audience,
                    configuration,
                    place,
                    "image",
                    distribution=distribution,
                    region=region,
                )
    for policy in graph.all(LifecyclePolicy):
        for schedule in policy.schedules:
            for value in schedule.target_accounts:
                for audience in _account(value, trusted_accounts):
                    place = schedule.place("target_accounts", value)
                    yield Share(audience, policy, place, "snapshot")


def _of_permission(
    permission: ImageLaunchPermission, trusted: Collection[str]
) -> Iterator[tuple[str, Audience]]:
    group = permission.group
    if group is not None and group.equals("all").may_be_true:
        yield "group", Audience(_ANYONE, None, group.equals("all"))
    yield from (("account", audience) for audience in _account(permission.account, trusted))
    for name in ("organization", "organizational_unit"):
        for audience in _organization(getattr(permission, name), trusted):
            yield name, audience


def _of_distribution(
    distribution: Distribution, trusted: Collection[str]
) -> Iterator[tuple[str, Val, Audience]]:
    for value in distribution.user_groups:
        everyone = value.equals("all")
        if everyone.may_be_true:
            yield "user_groups", value, Audience(_ANYONE, None, everyone)
    for value in distribution.user_ids:
        if value.equals("all").truth is True:
            yield "user_ids", value, Audience(_ANYONE, None, YES)
    for name in ("user_ids", "target_accounts"):
        for value in getattr(distribution, name):
            yield from ((name, value, one) for one in _account(value, trusted))
    for name in ("organizations", "organizational_units"):
        for value in getattr(distribution, name):
            yield from ((name, value, one) for one in _organization(value, trusted))


def _of_command(graph: Graph, command: SharingCommand) -> Share:
    """What a boot script or a provisioner makes public."""
    resource = command.script.resource
    of = "Image" if command.kind == "image" else "Snapshot"
    edges = tuple(
        Edge(resource, node, command.kind, command.id, resource, node is not None)
        for node in graph.resolve(command.id, (of,)) or (None,)
    )
    audience = Audience(_ANYONE, None, command.everyone & _runs(graph, resource))
    place = command.script.place._replace(span=command.span, value=None)
    return Share(audience, resource, place, command.kind, command.of, edges, region=command.region)


def _runs(graph: Graph, resource: Resource) -> Answer:
    """Whether anything that has a script starts; of a template that nobody uses it is taken so."""
    hosts = [x.host for x in launches(graph) if resource in (x.host, x.template) and not x.unused]
    return any_of(runs(graph, host) for host in hosts) if hosts else YES


def _account(value: Val | None, trusted: Collection[str]) -> Iterator[Audience]:
    """The account that a value names, if it may be foreign."""
    if value is None or value.of is not None or _is_own(value):
        return
    if isinstance(value, Unknown):
        foreign = value.test(lambda data: data not in trusted)
        if foreign.may_be_true:
            words = "an account that is not known"
            yield Audience(words, "", foreign & Answer(None, (value,)))
        return
    text = value.text or ""
    if _ACCOUNT.fullmatch(text) and text not in trusted:
        yield Audience(f"account {text}", text, _foreign(value, f"account {text}", trusted))


def _organization(value: Val | None, trusted: Collection[str]) -> Iterator[Audience]:
    """The organisation, or the unit of one, that a value names, if it may be foreign."""
    if value is None or value.of is not None or _is_own(value):
        return
    if isinstance(value, Unknown):
        words = "an organization that is not known"
        yield Audience(words, "", Answer(None, (value,)), organization=True)
        return
    named = _ORGANIZATION.fullmatch(value.text or "")
    if named is not None and named[1] not in trusted:
        who = f"organization {named[2]} of account {named[1]}"
        yield Audience(who, "", _foreign(value, who, trusted), organization=True)


def _foreign(value: Val, who: str, trusted: Collection[str]) -> Answer:
    """That what a value names is foreign: it is not trusted, or taken to be another's."""
    answer = value.test(lambda _: True)
    if not trusted:
        # Nobody shares with the account that has it already.
        words = f"{who} is taken to be another's than your own"
        answer &= Answer(True, (), (Step(value.span, words, assumed=True),))
    return answer


def _is_own(value: Val) -> bool:
    if not isinstance(value, Unknown):
        return False
    references = value.references
    whole = bool(references) and all(_OWN.fullmatch(one.target) for one in references)
    return whole or any(
        isinstance(before, str) and before.endswith(":organizations::") and _is_own_account(piece)
        for before, piece in pairwise(value.parts)
    )


def _is_own_account(piece: Unknown | str) -> bool:
    """Whether a piece of an ARN is one's own account: of an organisation, what manages it.

    Source: Service Authorization Reference, "Resource types defined by AWS Organizations".
    """
    return isinstance(piece, Reference) and _OWN.fullmatch(piece.target) is not None


def public_sharing_blocked(graph: Graph, share: Share) -> Answer:
    """Whether the account refuses to make an image or a snapshot public in its Region.

    What was public before may stay so: a permission is taken to be as young as the setting. What is
    shared with some is not refused.
    """
    if share.audience.account is not None:
        return NO
    return any_of(
        setting.state.equals(*_BLOCKS) & setting.presence.answer & covered
        for setting, covered in _settings(graph, share.located, share.kind, share.region)
        if setting.state is not None
    )


def sharing_settings(
    graph: Graph, declaring: Resource, kind: Literal["image", "snapshot"], region: Val | None = None
) -> Iterator[ImageBlockPublicAccess | SnapshotBlockPublicAccess]:
    """The settings of a resource's account and Region that say whether sharing may be public.

    Args:
        graph: The graph.
        declaring: What is shared, or shares.
        kind: What it shares.
        region: Where that is, if it need not be in the resource's own Region.
    """
    for setting, covered in _settings(graph, declaring, kind, region):
        if covered.truth is True:
            yield setting


def _settings(
    graph: Graph, declaring: Resource, kind: Literal["image", "snapshot"], region: Val | None
) -> Iterator[tuple[ImageBlockPublicAccess | SnapshotBlockPublicAccess, Answer]]:
    """The settings of the same account, and whether each is of the Region that counts."""
    settings: Iterator[ImageBlockPublicAccess | SnapshotBlockPublicAccess]
    images, snapshots = graph.all(ImageBlockPublicAccess), graph.all(SnapshotBlockPublicAccess)
    settings = iter(images if kind == "image" else snapshots)
    for setting in settings:
        if setting.configuration != declaring.configuration:
            continue
        if region is None or _is_of_scope(region):
            yield setting, governs(setting, declaring)
        elif region.text is not None and setting.declared.region:
            yield setting, YES if region.text == setting.declared.region else NO
        else:
            reason = f"whether public sharing is blocked in {region.text or 'that Region'} "
            cause = Unknown(f"{reason}is not known", "external-id", region.span)
            yield setting, Answer(None, (cause,))


def _is_of_scope(region: Val) -> bool:
    """Whether a Region is read from the configuration that a resource uses."""
    identity = region if isinstance(region, Reference) else region.of
    return identity is not None and _REGION.fullmatch(identity.target) is not None
