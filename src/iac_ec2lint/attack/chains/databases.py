"""Which databases a principal copies out, or opens and logs in to, by the API of RDS alone.

Sources: Service Authorization Reference, "Actions, resources, and condition keys for Amazon RDS"
(what each action is about); Amazon RDS User Guide, "Sharing a DB snapshot" (manual ones, with any
account), "Sharing encrypted snapshots" (not under AWS's own key, and whoever gets one needs the
key), "Exporting DB snapshot data to Amazon S3" (a role that ``export.rds.amazonaws.com`` assumes, a
bucket of whatever account, a key), "Restoring to a DB instance" and "Modifying an Amazon RDS DB
instance" (a new password, public access, other groups and subnets). DocumentDB and Neptune share
snapshots by the same actions, and have no public address. Where nothing is written Aurora encrypts
with a key that AWS owns (Amazon Aurora User Guide, "Encrypting Amazon Aurora resources"), which is
not among what keeps a snapshot from being shared.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final, NamedTuple

from iac_ec2lint.attack.disks.key_access import (
    DECRYPT,
    OPENING_KEYS,
    key_of,
    refused_by_key,
    uses_key,
)
from iac_ec2lint.engine.finding import Evidence
from iac_ec2lint.graph.memo import remembered
from iac_ec2lint.iam.access import first_sure
from iac_ec2lint.iam.arns import arn_in, example_of, identity_of, joined
from iac_ec2lint.iam.escalation.steps import ActionRequest, allowed_somewhere, allowed_to
from iac_ec2lint.iam.grants import is_allowed, may_somewhere, statements_on
from iac_ec2lint.iam.policy.glob import pieces_of
from iac_ec2lint.iam.principals import principal_of
from iac_ec2lint.iam.trust.role_trust import trusts_service
from iac_ec2lint.network.filters.exposure import exposures
from iac_ec2lint.network.routing.public_subnets import is_public_subnet
from iac_ec2lint.network.sets.ports import TCP, PortSet
from iac_ec2lint.resources.database import Database, DatabaseCluster, SubnetGroup
from iac_ec2lint.resources.iam_role import Role
from iac_ec2lint.resources.kms_key import KmsKey
from iac_ec2lint.resources.stored_data import Bucket
from iac_ec2lint.resources.subnet import Subnet
from iac_ec2lint.values import NO, YES, Answer, Reference, Unknown, Val, all_of, any_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iac_ec2lint.graph.graph import Graph
    from iac_ec2lint.iam.principal import Principal
    from iac_ec2lint.resources.part import Resource

Store = Database | DatabaseCluster
"""What snapshots are made of: an instance that is in no cluster, or a cluster."""

_OF_RDS: Final = ("aws_db_", "aws_rds_", "AWS::RDS::")
_EXPORTS: Final = "rds:StartExportTask"
_EXPORTER: Final = "export.rds.amazonaws.com"
_FOR_AWS: Final = {"kms:grantisforawsresource": ("true",)}
_PORTS: Final = PortSet(((1150, 65535),))
"""Where a database may listen (RDS API Reference, ModifyDBInstance, ``DBPortNumber``)."""
_MANY: Final = 50
"""How many databases of a unit, and entries of policies, are asked about for one principal."""


class _Api(NamedTuple):
    """The actions on instances, or on clusters.

    Attributes:
        own: The kind in the ARN of one.
        snapshot: The kind in the ARN of its snapshots.
        create: What makes a snapshot.
        copy: What copies one.
        share: What lets another account, or everybody, at one.
        restore: What makes another database of a snapshot.
        restored: The kinds in the ARNs that this is about.
        password: What sets the password of its administrator.
    """

    own: str
    snapshot: str
    create: str
    copy: str
    share: str
    restore: str
    restored: tuple[str, ...]
    password: str


_INSTANCES: Final = _Api(
    "db:",
    "snapshot:",
    "rds:CreateDBSnapshot",
    "rds:CopyDBSnapshot",
    "rds:ModifyDBSnapshotAttribute",
    "rds:RestoreDBInstanceFromDBSnapshot",
    ("db:", "og:", "pg:", "subgrp:"),
    "rds:ModifyDBInstance",
)
_CLUSTERS: Final = _Api(
    "cluster:",
    "cluster-snapshot:",
    "rds:CreateDBClusterSnapshot",
    "rds:CopyDBClusterSnapshot",
    "rds:ModifyDBClusterSnapshotAttribute",
    "rds:RestoreDBClusterFromSnapshot",
    ("cluster:", "cluster-pg:", "og:", "subgrp:"),
    "rds:ModifyDBCluster",
)
_LEADING: Final = (
    _EXPORTS,
    *(one for api in (_INSTANCES, _CLUSTERS) for one in (api.share, api.restore, api.password)),
)
"""Of each way to the data, what it cannot do without."""


class DatabaseGain(NamedTuple):
    """A database whose data a principal gets at.

    Attributes:
        store: The database.
        verb: How: completes ``<principal> can ... <database>``.
        answer: Whether it does.
        asked: What it must be allowed for that, the tightest first.
        hops: What else says so.
    """

    store: Store
    verb: str
    answer: Answer
    asked: tuple[ActionRequest, ...]
    hops: tuple[Evidence, ...] = ()


def database_gains(graph: Graph, principal: Principal) -> Iterator[DatabaseGain]:
    """The databases whose data a principal gets at by the API of RDS: the best way for each."""
    if not any(may_somewhere(principal, action) for action in _LEADING):
        return
    for store in stores_of(graph):
        best = first_sure(_ways(graph, principal, store), lambda gain: gain.answer)
        if best is not None:
            yield best


@remembered
def stores_of(graph: Graph) -> tuple[Store, ...]:
    """The databases of a unit that are no part of another."""
    found = graph.all(Database, DatabaseCluster)
    alone = [one for one in found if not graph.targets(one, "cluster")]
    return tuple(one for one in alone if isinstance(one, Database | DatabaseCluster))[:_MANY]


def _ways(graph: Graph, principal: Principal, store: Store) -> Iterator[DatabaseGain]:
    api = _CLUSTERS if isinstance(store, DatabaseCluster) else _INSTANCES
    yield from _shared(graph, principal, store, api)
    if store.type.startswith(_OF_RDS):
        yield from _opened(graph, principal, store, api)
        yield from _restored(graph, principal, store, api)
        yield from _exported(graph, principal, store, api)


def _some(store: Store, kind: str) -> Val:
    """The ARN of something whose name is the caller's choice, or is not known."""
    return arn_in(store.span, "rds", kind)


@remembered
def _chosen(principal: Principal, action: str, kind: str) -> Val:
    """The ARN of something whose name the caller chooses: as its policies have it, if they do."""
    entries = (
        entry
        for statement in statements_on(principal, action)
        if statement.effect.text != "Deny"
        for entry in statement.resources or ()
    )
    for entry in islice(entries, _MANY):
        pieces = pieces_of(entry) or ()
        if any(isinstance(one, str) and f":{kind}" in one for one in pieces):
            arn = example_of(pieces, entry.span)
            if is_allowed(principal, action, arn).truth:
                return arn
    return arn_in(principal.resource.span, "rds", kind)


def _itself(store: Store, api: _Api, action: str) -> ActionRequest:
    """An action on a database itself."""
    name: Val | None = store.identifier
    if name is None:
        attribute = "Ref" if store.declared.of_cloudformation else "identifier"
        name = Reference(store.address, attribute, store.span)
    arn = arn_in(store.span, "rds", api.own, name)
    return ActionRequest(action, arn, identity_of(store))


def _made(store: Store, api: _Api, snapshot: Val) -> tuple[ActionRequest, ...]:
    """What making a snapshot of a database asks for."""
    return (_itself(store, api, api.create), ActionRequest(api.create, snapshot))


def _snapshots(
    principal: Principal, store: Store, api: _Api
) -> tuple[Answer, tuple[ActionRequest, ...]]:
    """Whether a principal has a snapshot to go on from: it makes one, or AWS makes them."""
    made = _made(store, api, _chosen(principal, api.create, api.snapshot))
    makes = allowed_to(principal, made)
    kept = store.keeps_backups
    if makes.truth or kept.truth is False:
        return makes, made
    return makes | kept, made if makes.may_be_true else ()


class _Sharing(NamedTuple):
    """What a principal may do to snapshots of a name that it chooses, whatever they are made of.

    Attributes:
        snapshot: The name.
        shares: Whether it may share them.
        creates: Whether it may make them.
        copies: Whether it may copy others to them.
        others: Whether it surely may share those of whatever name.
    """

    snapshot: Val
    shares: Answer
    creates: Answer
    copies: Answer
    others: bool


@remembered
def _sharing(principal: Principal, api: _Api) -> _Sharing:
    snapshot = _chosen(principal, api.share, api.snapshot)
    shares, creates, copies = (
        is_allowed(principal, action, snapshot) for action in (api.share, api.create, api.copy)
    )
    unnamed = arn_in(principal.resource.span, "rds", api.snapshot)
    others = is_allowed(principal, api.share, unnamed).truth is True
    return _Sharing(snapshot, shares, creates, copies, others)


def _shared(graph: Graph, principal: Principal, store: Store, api: _Api) -> Iterator[DatabaseGain]:
    """Sharing a snapshot with an account, or everybody: one that is made, or copied, for that."""
    may = _sharing(principal, api)
    if may.shares.truth is False:
        return
    asked, has = _made(store, api, may.snapshot), may.creates
    if has.may_be_true:
        has = has & allowed_to(principal, asked[:1])
    copies = may.copies & store.keeps_backups
    if not has.truth and (copies.truth or (has.truth is False and copies.may_be_true)):
        has, asked = copies, (ActionRequest(api.copy, may.snapshot),)
    lock = _shareable(graph, principal, store, may.copies)
    # That somebody may have made snapshots which may not be encrypted is no news.
    if has.truth is False and lock.truth and may.others:
        words = f"whether somebody has made snapshots of {store.address} is not known"
        has, asked = Answer(None, (Unknown(words, "external-id", store.span),)), ()
    asked = (ActionRequest(api.share, may.snapshot), *asked)
    hop = _hop(store, store.encrypted)
    yield DatabaseGain(store, "share a snapshot of", may.shares & has & lock, asked, (hop,))


def _hop(store: Store, encrypted: Answer) -> Evidence:
    place = store.place("storage_encrypted").span
    words = "is under no key of KMS"
    if encrypted.may_be_true:
        verb = "is" if encrypted.truth else "may be"
        words = f"{verb} encrypted, and may be shared all the same"
    return Evidence(place, f"{store.address} {words}", store.address)


def _shareable(graph: Graph, principal: Principal, store: Store, copies: Answer) -> Answer:
    """Whether encryption keeps a snapshot from those that it is shared with."""
    locked = store.encrypted
    if locked.truth is False:
        return YES
    again = copies & _anywhere(principal)  # under a key of the stranger's own
    key = _key(graph, store)
    if isinstance(key, KmsKey):
        again = again | any_of(uses_key(graph, principal, key, one) for one in OPENING_KEYS)
    elif graph.targets(store, "storage_key"):
        again = again | _of_another(graph, store)
    return ~locked | again


def _usable(graph: Graph, principal: Principal, store: Store) -> Answer:
    """Whether RDS may use the key of a database for a principal; AWS's own is everybody's here."""
    key = _key(graph, store)
    if isinstance(key, KmsKey):
        return _for_rds(graph, principal, key)
    return _of_another(graph, store) if graph.targets(store, "storage_key") else YES


def _of_another(graph: Graph, store: Store) -> Answer:
    edge = graph.targets(store, "storage_key")[0]
    words = f"whom the key of {store.address} admits is not known"
    return Answer(None, (Unknown(words, "external-id", edge.value.span),))


def _key(graph: Graph, store: Store) -> Resource | None:
    return next((key_of(graph, edge) for edge in graph.targets(store, "storage_key")), None)


def _anywhere(principal: Principal) -> Answer:
    """Whether RDS may use whatever key for a principal, of another account too."""
    granted = is_allowed(principal, "kms:CreateGrant", None, None, _FOR_AWS)
    return granted & is_allowed(principal, "kms:DescribeKey")


def _for_rds(graph: Graph, principal: Principal, key: KmsKey) -> Answer:
    """Whether RDS may use a key of the unit for a principal."""
    identity = identity_of(key)
    return all_of(
        is_allowed(principal, action, identity, identity, _FOR_AWS)
        & ~refused_by_key(graph, principal, key, action)
        for action in ("kms:CreateGrant", "kms:DescribeKey")
    )


def _opened(graph: Graph, principal: Principal, store: Store, api: _Api) -> Iterator[DatabaseGain]:
    """Giving the administrator of a database another password, and the database another place."""
    asked: tuple[ActionRequest, ...] = (_itself(store, api, api.password),)
    if isinstance(store, DatabaseCluster):
        asked = (*asked, ActionRequest(_INSTANCES.password, _some(store, _INSTANCES.own)))
    answer = allowed_to(principal, asked)
    if answer.may_be_true:
        answer = answer & _place(graph, principal)
        yield DatabaseGain(store, "set a password for, and open to the internet,", answer, asked)


def _restored(
    graph: Graph, principal: Principal, store: Store, api: _Api
) -> Iterator[DatabaseGain]:
    """Making another database of a snapshot, with a password of its own."""
    asked = (
        *(
            ActionRequest(api.restore, _chosen(principal, api.restore, kind))
            for kind in api.restored
        ),
        ActionRequest(api.password, _chosen(principal, api.restore, api.own)),
    )
    if isinstance(store, DatabaseCluster):
        asked = (*asked, ActionRequest("rds:CreateDBInstance", _some(store, _INSTANCES.own)))
    answer = allowed_to(principal, asked)
    if answer.truth is False:
        return
    has, made = _snapshots(principal, store, api)
    answer = (
        answer
        & has
        & (~store.encrypted | _usable(graph, principal, store))
        & _place(graph, principal)
    )
    yield DatabaseGain(store, "restore, and log in to, a copy of", answer, (*asked, *made))


@remembered
def _place(graph: Graph, principal: Principal) -> Answer:
    """Whether there is a place where the internet reaches a database: public subnets, and a group.

    That the account has others, as its default VPC, is not known.
    """
    chooses = allowed_somewhere(principal, ("rds:CreateDBSubnetGroup",))
    opens = allowed_somewhere(principal, ("ec2:AuthorizeSecurityGroupIngress",))
    open_groups = {
        edge.target
        for found in exposures(graph)
        if not found.causes and found.on(TCP) & _PORTS
        for edge in graph.targets(found.group, "vpc")
    }
    sure = NO
    grouped = {
        edge.target for one in graph.all(SubnetGroup) for edge in graph.targets(one, "subnets")
    }
    for subnet in graph.all(Subnet):
        if chooses.truth is not True and subnet not in grouped:
            continue
        vpcs = {edge.target for edge in graph.targets(subnet, "vpc")}
        let_in = YES if vpcs & open_groups else opens
        sure = sure | (is_public_subnet(graph, subnet) & let_in)
        if sure.truth:
            return sure
    words = "whether a public subnet and an open group are there for a database is not known"
    return Answer(None, (Unknown(words, "external-id", principal.resource.span),))


def _exported(
    graph: Graph, principal: Principal, store: Store, api: _Api
) -> Iterator[DatabaseGain]:
    """Having AWS write the data to a bucket that the principal, or a stranger, reads."""
    kind = api.own if isinstance(store, DatabaseCluster) else api.snapshot
    exports = (
        _itself(store, api, _EXPORTS)
        if kind == api.own
        else ActionRequest(_EXPORTS, _some(store, kind))
    )
    answer = allowed_to(principal, (exports,))
    if answer.truth is False:
        return
    has, made = (YES, ()) if kind == api.own else _snapshots(principal, store, api)
    for role in graph.all(Role):
        trusted = trusts_service(role, (_EXPORTER,))
        if trusted.truth is False:
            continue
        writer = principal_of(graph, role)
        passes = ActionRequest(
            "iam:PassRole", writer.arn, writer.identity, {"iam:passedtoservice": (_EXPORTER,)}
        )
        written = _written(graph, principal, writer)
        whole = answer & has & trusted & allowed_to(principal, (passes,)) & written
        if whole.may_be_true:
            yield DatabaseGain(store, "export to a bucket", whole, (exports, passes, *made))


@remembered
def _written(graph: Graph, principal: Principal, writer: Principal) -> Answer:
    """Whether somebody reads what a role writes: the principal in a bucket here, or a stranger."""
    abroad = is_allowed(writer, "s3:PutObject") & _anywhere(principal)
    keys = any_of(
        _for_rds(graph, principal, key) & uses_key(graph, principal, key, DECRYPT)
        for key in graph.all(KmsKey)
    )
    here = NO
    for bucket in graph.all(Bucket):
        identity = identity_of(bucket)
        inside = joined((identity, "/x"), bucket.span)
        writes = allowed_to(writer, (ActionRequest("s3:PutObject", inside, identity),))
        reads = allowed_to(principal, (ActionRequest("s3:GetObject", inside, identity),))
        here = here | (writes & reads)
    return abroad | (here & (keys | _anywhere(principal)))
