"""Managed data stores as ends of paths: their subnets, groups and ports, and the ways in.

Sources: RDS User Guide, "Hiding a DB instance in a VPC from the internet"; RDS API Reference,
``CreateDBCluster``, PubliclyAccessible, which is of Multi-AZ clusters alone; Neptune User Guide,
"Neptune Public Endpoints".
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Final, NamedTuple

from iac_ec2lint.facts.data_store_ports import (
    BROKER_PORTS,
    DAX_PORTS,
    ENGINE_PORTS,
    KAFKA_PORTS,
    KAFKA_PUBLIC,
    default_port,
)
from iac_ec2lint.graph.graph import Edge, Graph
from iac_ec2lint.graph.memo import remembered
from iac_ec2lint.network.entry.gateway_ways import GatewayWay
from iac_ec2lint.network.entry.group_hops import GroupHolder, admitting
from iac_ec2lint.network.entry.internet_paths import (
    INTERNET,
    ClientQuery,
    internet_admission_of,
    internet_path_of,
)
from iac_ec2lint.network.entry.provider_defaults import public_by_provider
from iac_ec2lint.network.filters.admission import admission
from iac_ec2lint.network.filters.attached_rules import AttachedGroup, attached_groups
from iac_ec2lint.network.hosts.workloads import Placement, carried_groups, placements_of
from iac_ec2lint.network.sets.addresses import Family
from iac_ec2lint.network.sets.ports import TCP
from iac_ec2lint.network.verdicts.evidence import Hop
from iac_ec2lint.resources.database import (
    STORES,
    Cache,
    Database,
    DatabaseCluster,
    DatabaseProxy,
    SearchDomain,
    SubnetGroup,
    Warehouse,
)
from iac_ec2lint.resources.message_broker import MessageBroker
from iac_ec2lint.resources.part import Resource
from iac_ec2lint.values import Answer, Unknown

_CACHES: Final = frozenset({"memcached", "redis", "valkey"})
"""The engines of ElastiCache, which no database has."""


_WITH_PORT = DatabaseCluster | Database | Cache | Warehouse
_WITH_ENGINE = DatabaseCluster | Database | DatabaseProxy | Cache
_WITH_FLAG = DatabaseCluster | Database | Warehouse


class DataStore(NamedTuple):
    """A managed data store inside a VPC.

    Attributes:
        resource: The data store.
        placements: The subnets that it may be in.
        groups: Its security groups.
        ports: The TCP ports on which it may listen: one, where that is known.
        gap: Why the port is unknown; ``None`` where it is known.
        public: Whether it has a public address, as a hop.
    """

    resource: Resource
    placements: tuple[Placement, ...]
    groups: tuple[AttachedGroup, ...]
    ports: tuple[int, ...]
    gap: Unknown | None
    public: Hop


@remembered
def data_stores(graph: Graph) -> tuple[DataStore, ...]:
    """The managed data stores of a unit, by address.

    A cluster of which instances are declared is left out: its instances have the addresses.
    """
    return tuple(_data_stores(graph))


def data_store_ways(
    graph: Graph, store: DataStore, port: int, query: ClientQuery = INTERNET
) -> Iterator[GatewayWay]:
    """The ways from the internet to a data store on a TCP port, one for each subnet and family.

    Args:
        graph: The graph.
        store: The data store.
        port: The port.
        query: The clients in question.
    """
    yield from interface_ways(graph, store, (TCP, port), query)


def interface_ways(
    graph: Graph, store: DataStore, port: tuple[int, int], query: ClientQuery = INTERNET
) -> Iterator[GatewayWay]:
    """As ``data_store_ways``, on a port of any protocol."""
    holder = GroupHolder(store.resource.address, store.resource, store.groups)
    admitted = admission(graph, store.groups, "ingress", store.resource.presence)
    preconditions = tuple(_preconditions(store))
    for placement in store.placements:
        elsewhere = elsewhere_hops(store, placement)
        for family in Family:
            path = internet_path_of(graph, placement.subnet, family)
            yield GatewayWay(
                internet_admission_of(graph, path, admitted),
                port,
                query,
                store.public,
                (*preconditions, *elsewhere),
                partial(admitting, holder, admitted, path, port, query),
                is_family_unused=family is Family.IPV6,
                gap=placement.gap,
            )


def without_placement_doubt(ways: Sequence[GatewayWay]) -> Sequence[GatewayWay]:
    """Ways without the hops for an unknown subnet, where the way in each subnet is open."""
    for family in Family:
        own = [way for way in ways if way.family is family]
        bare = [tuple(hop for hop in way.preconditions if hop.kind != "placement") for way in own]
        kept = [way.preconditions for way in own]
        for way, preconditions in zip(own, bare, strict=True):
            way.preconditions = preconditions
        if not all(way.truth is True for way in own):
            for way, preconditions in zip(own, kept, strict=True):
                way.preconditions = preconditions
    return ways


def _preconditions(store: DataStore) -> Iterator[Hop]:
    resource = store.resource
    presence = resource.presence
    if presence.cause is not None:
        fact = f"{resource.address} is there only when {presence.when or presence.cause.reason}"
        gaps = (presence.cause,)
        yield Hop("workload", resource, resource.span, fact, "unknown", None, gaps)
    yield from port_hops(store)


def port_hops(store: DataStore) -> tuple[Hop, ...]:
    """What says that nobody knows the port of a data store, where that is so."""
    if store.gap is None:
        return ()
    fact = f"the port of {store.resource.address} is unknown"
    hop = Hop("placement", store.resource, store.gap.span, fact)
    return (hop.in_doubt(store.gap),)


def elsewhere_hops(store: DataStore, placement: Placement) -> tuple[Hop, ...]:
    """What says that a data store may stand in another subnet than a certain one (C4).

    Brokers, proxies and search domains have interfaces in each of their subnets.
    """
    everywhere = MessageBroker | DatabaseProxy | SearchDomain
    if len(store.placements) < 2 or isinstance(store.resource, everywhere):
        return ()
    fact = f"{store.resource.address} stands in {placement.subnet.address}, or in another subnet"
    gap = Unknown(fact, "expression", placement.span)
    return (Hop("placement", store.resource, placement.span, fact, "unknown", None, (gap,)),)


def _data_stores(graph: Graph) -> Iterator[DataStore]:
    members = {
        cluster
        for database in graph.all(Database)
        if (cluster := graph.only(database, "cluster", DatabaseCluster)) is not None
    }
    for resource in graph.all(*STORES):
        if resource in members:
            continue
        cluster = graph.only(resource, "cluster", DatabaseCluster)
        placed: Resource = resource
        if cluster is not None and not graph.targets(resource, "subnet_group"):
            placed = cluster
        if isinstance(resource, SearchDomain) and not graph.targets(resource, "subnets"):
            continue  # it has no place in a VPC
        elsewhere = () if cluster is not None else graph.targets(resource, "cluster")
        where = tuple(_placements(graph, placed, elsewhere=elsewhere))
        edges = graph.targets(resource, "security_groups")
        if not edges and cluster is not None:
            edges = graph.targets(cluster, "security_groups")
        groups = () if edges else tuple(_groups_elsewhere(resource, elsewhere))
        if not groups:
            groups = carried_groups(graph, edges, where[0]) if where else attached_groups(edges)
        ports, gap = _ports(graph, resource, cluster)
        yield DataStore(
            resource,
            where,
            groups,
            ports,
            gap,
            public_by_provider(graph, resource) or _public(resource),
        )
    for broker in graph.all(MessageBroker):
        where = tuple(placements_of(graph, broker, graph.targets(broker, "subnets")))
        groups = carried_groups(graph, graph.targets(broker, "security_groups"), where[0])
        if broker.is_kafka:
            yield from _kafka(broker, where, groups)
        else:
            yield _broker(graph, broker, where, groups)


def _groups_elsewhere(resource: Resource, cluster: Sequence[Edge]) -> Iterator[AttachedGroup]:
    """The groups of an instance of a cluster that is declared elsewhere, and has them."""
    for edge in cluster[:1]:
        reason = f"the groups of the cluster of {resource.address} are not in the source"
        gap = Unknown(reason, "external-id", edge.value.span, edge.value.via)
        yield AttachedGroup(None, certain=False, value=gap)


def _kafka(
    broker: MessageBroker, where: tuple[Placement, ...], groups: tuple[AttachedGroup, ...]
) -> Iterator[DataStore]:
    """A cluster of MSK: on the ports that it surely serves, and on those that it may serve.

    Each has private addresses; the public ones that it may have besides have ports of their own.
    """
    fact = f"{broker.address} has private addresses for these ports"
    private = Hop("address", broker, broker.span, fact, "default", False)
    for public in (False, True):
        address, more = (_public(broker), KAFKA_PUBLIC) if public else (private, 0)
        if public and broker.public.truth is False:
            return
        listens = broker.kafka_listens(public=public)
        if all(answer.truth is False for answer in listens.values()):
            nobody = Unknown("nothing says how its clients sign in", "expression", broker.span)
            listens = dict.fromkeys(listens, Answer(None, (nobody,)))
        for truth in (True, None):
            ways = [way for way, answer in listens.items() if answer.truth is truth]
            ports = tuple(sorted(KAFKA_PORTS[way] + more for way in ways))
            gap = next((cause for way in ways for cause in listens[way].causes), None)
            if ports:
                yield DataStore(broker, where, groups, ports, gap, address)


def _broker(
    graph: Graph,
    broker: MessageBroker,
    where: tuple[Placement, ...],
    groups: tuple[AttachedGroup, ...],
) -> DataStore:
    """A broker of Amazon MQ."""
    engine = broker.engine
    name = (engine.text or "").lower() if engine is not None else ""
    ports = BROKER_PORTS.get(name)
    gap: Unknown | None = None
    if ports is None:
        span = broker.span if engine is None else engine.span
        gap = Unknown(f"the engine of {broker.address} is not known", "expression", span)
    if name != "activemq" and broker.public.truth is not False:
        # A public one of RabbitMQ stands in a VPC of AWS's own, where no group of the user's is.
        reason = "groups do not guard a public broker of RabbitMQ"
        open_ = Unknown(reason, "expression", broker.span if engine is None else engine.span)
        groups = (AttachedGroup(None, certain=False, value=open_ if gap is None else gap),)
        where = tuple(placements_of(graph, broker, ()))
    if ports is not None:
        return DataStore(broker, where, groups, ports, None, _public(broker))
    every = tuple(sorted({port for some in BROKER_PORTS.values() for port in some}))
    return DataStore(broker, where, groups, every, gap, _public(broker))


def _placements(
    graph: Graph,
    resource: Resource,
    of: tuple[Resource, ...] = (),
    elsewhere: Sequence[Edge] = (),
) -> Iterator[Placement]:
    """The subnets of a data store.

    Args:
        graph: The graph.
        resource: The data store.
        of: The replicas that have them of it.
        elsewhere: The cluster that decides them, where it is not declared here.
    """
    own = graph.targets(resource, "subnets")
    if own or isinstance(resource, DatabaseProxy | SearchDomain):
        yield from placements_of(graph, resource, own)
        return
    edges = graph.targets(resource, "subnet_group")
    if not edges:
        for edge in graph.targets(resource, "source"):
            if isinstance(edge.target, Database) and edge.target not in (resource, *of):
                yield from _placements(graph, edge.target, (*of, resource))
            else:
                yield from placements_of(graph, resource, (edge._replace(target=None),))
            return
        unknown = tuple(edge._replace(target=None) for edge in elsewhere[:1])
        yield from placements_of(graph, resource, unknown)
    for edge in edges:
        if isinstance(edge.target, SubnetGroup):
            yield from placements_of(graph, resource, graph.targets(edge.target, "subnets"))
        else:
            yield from placements_of(graph, resource, (edge._replace(target=None),))


def _ports(
    graph: Graph,
    resource: Resource,
    cluster: DatabaseCluster | None,
    of: tuple[Resource, ...] = (),
) -> tuple[tuple[int, ...], Unknown | None]:
    """The ports that a data store may listen on; ``of`` are the replicas that have it of that."""
    if isinstance(resource, Cache) and "dax" in resource.type.lower():
        return _dax_ports(resource)
    written = resource.port if isinstance(resource, _WITH_PORT) else None
    if written is None and cluster is not None:
        written = cluster.port
    number = written.number if written is not None else None
    if number is not None:
        return (int(number),), None
    source = graph.only(resource, "source", Database)
    if written is None and source is not None and source not in (resource, *of):
        whole = graph.only(source, "cluster", DatabaseCluster)
        return _ports(graph, source, whole, (*of, resource))
    gap = written if isinstance(written, Unknown) else None
    engine = resource.engine if isinstance(resource, _WITH_ENGINE) else None
    if engine is None and cluster is not None:
        engine = cluster.engine
    if (proxy := graph.only(resource, "proxy", DatabaseProxy)) is not None:
        engine = proxy.engine
    port = default_port(resource.type, engine.text if engine is not None else None)
    if port is not None:
        return (port,), gap
    caches = isinstance(resource, Cache)
    every = tuple(sorted({p for start, p in ENGINE_PORTS if (start in _CACHES) is caches}))
    if gap is None:
        span = resource.span if engine is None else engine.span
        gap = Unknown("the engine's default port is not known", "expression", span)
        if isinstance(engine, Unknown):
            gap = engine
    return every, gap


def _dax_ports(cluster: Cache) -> tuple[tuple[int, ...], Unknown | None]:
    """The port of a cluster of DynamoDB Accelerator, which has one for TLS."""
    written = cluster.encryption
    if isinstance(written, Unknown):
        return tuple(sorted(DAX_PORTS.values())), written
    return (DAX_PORTS["TLS" if written is not None and written.text == "TLS" else "NONE"],), None


def _makes_instances(cluster: DatabaseCluster) -> bool:
    """Whether a cluster is a Multi-AZ one of RDS, or may be; others are given their instances."""
    written = cluster.instance_class
    return written is not None and not written.is_null


def _public(resource: Resource) -> Hop:
    """Whether a data store has a public address (N1)."""
    flag = resource.publicly_accessible if isinstance(resource, _WITH_FLAG) else None
    if isinstance(resource, MessageBroker):
        flag = resource.public_flag
    name = resource.address
    never = isinstance(resource, Cache | DatabaseProxy | SearchDomain)
    if never or "docdb" in resource.type.lower():
        fact = f"{name} is of a kind that never has a public address"
        return Hop("address", resource, resource.span, fact, "default", False)
    if flag is None and isinstance(resource, DatabaseCluster) and not _makes_instances(resource):
        fact = f"{name} has no address of its own: its instances have"
        return Hop("address", resource, resource.span, fact, "default", False)
    terraform = not resource.declared.of_cloudformation
    private = terraform and not isinstance(resource, DatabaseCluster)
    private = private or "neptune" in resource.type.lower()
    if flag is None and private:
        fact = f"{name} is not publicly accessible: nothing says so"
        return Hop("address", resource, resource.span, fact, "default", False)
    if flag is None:
        # CloudFormation leaves it to the VPC: with an internet gateway the instance is public. So
        # do both languages of a Multi-AZ cluster, of which Terraform has no argument for it.
        fact = f"{name} does not say whether it is publicly accessible, so its VPC decides"
        return Hop("address", resource, resource.span, fact, "default", True)
    answer: Answer = resource.public if isinstance(resource, MessageBroker) else flag.is_true()
    if isinstance(flag, Unknown) and flag.unset and not private:
        answer = Answer(None, (flag,))  # where it says nothing its VPC decides
    fact = {
        True: f"{name} is publicly accessible",
        False: f"{name} is not publicly accessible",
        None: f"{name} may be publicly accessible",
    }[answer.truth]
    origin = "unknown" if answer.truth is None else "default" if flag.implied else "explicit"
    return Hop(
        "address",
        resource,
        flag.span,
        fact,
        origin,  # type: ignore[arg-type]  # mypy joins the three literals to a str
        answer.truth,
        answer.causes,
        answer.assumptions,
    )
