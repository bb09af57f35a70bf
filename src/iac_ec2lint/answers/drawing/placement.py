"""Which resources of a unit are drawn, and where they stand."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from iac_ec2lint.answers.drawing.model import REACHES, port_words
from iac_ec2lint.answers.drawing.picture import Box, Item, PictureEdge
from iac_ec2lint.answers.drawing.section import label_of
from iac_ec2lint.answers.drawing.words import kind_words
from iac_ec2lint.graph.nodes import External, Implicit
from iac_ec2lint.network.filters.exposure import exposures
from iac_ec2lint.network.hosts.balancers import balancers
from iac_ec2lint.network.hosts.workloads import is_unused, workloads
from iac_ec2lint.network.vpc.subnets import certain_vpc, is_default_vpc, vpc_of
from iac_ec2lint.report.escape import place
from iac_ec2lint.resources.database import STORES
from iac_ec2lint.resources.eks_node_group import EksNodeGroup
from iac_ec2lint.resources.gateway import (
    EgressOnlyInternetGateway,
    InternetGateway,
    NatGateway,
    VpnGateway,
)
from iac_ec2lint.resources.iam_role import InstanceProfile
from iac_ec2lint.resources.instance_connect_endpoint import InstanceConnectEndpoint
from iac_ec2lint.resources.peering import VpcPeeringConnection
from iac_ec2lint.resources.security_group import SecurityGroup
from iac_ec2lint.resources.subnet import Subnet
from iac_ec2lint.resources.transit_gateway import TransitGateway
from iac_ec2lint.resources.vpc_endpoint import VpcEndpoint

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from iac_ec2lint.answers.drawing.model import DrawnEdge, DrawnSection
    from iac_ec2lint.answers.drawing.picture import Bond, Shape, Tone
    from iac_ec2lint.graph.graph import Graph
    from iac_ec2lint.network.hosts.workloads import Eni, Workload
    from iac_ec2lint.network.sets.ports import PortSet
    from iac_ec2lint.resources.part import Resource

_OUTER = (InternetGateway, EgressOnlyInternetGateway, VpnGateway, VpcPeeringConnection)
_MOST_NOTES = 2


class Placement:
    """The items and boxes of a picture under way, and the links to groups and roles.

    Args:
        graph: The graph of a unit.
        section: The same as nodes and edges, all of them.
        chosen: The addresses that are asked for; ``None``: all.
    """

    def __init__(self, graph: Graph, section: DrawnSection, chosen: Collection[str] | None) -> None:
        self._graph = graph
        self._section = section
        self._chosen = chosen
        self._verdicts: dict[str, list[DrawnEdge]] = defaultdict(list)
        for edge in section.edges:
            if edge.relation == REACHES:
                self._verdicts[edge.target].append(edge)
        self._workloads = workloads(graph)
        self._by_address = {each.resource.address: each for each in self._workloads}
        self._balancers = balancers(graph)
        self._items: dict[str, Item] = {}
        self._keys: dict[str, list[str]] = defaultdict(list)
        self._boxes: dict[str, Box] = {}
        self._links: dict[PictureEdge, None] = {}
        self._doors: dict[str, str] = {}
        """The gateways by what evidence names: themselves, or what attaches them."""

    def place(self) -> None:
        """Give everything that is drawn its place."""
        self._place_workloads()
        self._place_balancers()
        self._place_others_in_subnets()
        self._place_gateways()
        self._place_groups()
        self._place_roles()

    def _place_workloads(self) -> None:
        for workload in self._workloads:
            if not self._wanted(workload.resource):
                continue
            for eni in workload.enis:
                self._add(workload.resource, "workload", self._box_of(eni))
            if not workload.enis:
                self._add(workload.resource, "workload", self._vpc_box(None))

    def _box_of(self, eni: Eni) -> str:
        """Where an interface is drawn: in its subnet, or in the VPC of its groups without one."""
        if not (eni.placement.unknown and is_unused(eni.host)):
            return self._subnet_box(eni.placement.subnet)
        vpcs = (certain_vpc(self._graph, each.group) for each in eni.groups if each.group)
        return self._vpc_box(next((vpc for vpc in vpcs if vpc is not None), None))

    def _place_balancers(self) -> None:
        for balancer in self._balancers:
            if not self._wanted(balancer.resource):
                continue
            subnets = self._graph.targets(balancer.resource, "subnets")
            vpcs = [vpc_of(self._graph, e.target) for e in subnets if e.target is not None]
            self._add(balancer.resource, "balancer", self._vpc_box(vpcs[0] if vpcs else None))

    def _place_others_in_subnets(self) -> None:
        for resource in self._graph.all(NatGateway, InstanceConnectEndpoint):
            self._place_in(resource, "gateway", self._targets(resource, "subnet"))
        for endpoint in self._graph.all(VpcEndpoint):
            if self._wanted(endpoint):
                subnets = self._targets(endpoint, "subnets")
                vpc = vpc_of(self._graph, subnets[0]) if subnets else None
                vpc = certain_vpc(self._graph, endpoint) or vpc
                self._add(endpoint, "gateway", self._vpc_box(vpc))
        for store in self._graph.all(*STORES):
            subnets = self._targets(store, "subnets")
            groups = self._targets(store, "subnet_group")
            for group in groups:
                subnets = (*subnets, *self._targets(group, "subnets"))
            self._place_in(store, "store", subnets)

    def _place_in(self, resource: Resource, shape: Shape, subnets: Iterable[Resource]) -> None:
        if not self._wanted(resource):
            return
        boxes = [self._subnet_box(subnet) for subnet in subnets]
        if not boxes and self._chosen is not None:
            boxes = [self._vpc_box(None)]
        for box in boxes:
            self._add(resource, shape, box)

    def _place_gateways(self) -> None:
        for gateway in self._graph.all(*_OUTER):
            vpcs = list(self._targets(gateway, "vpc"))
            attachments = self._graph.sources(gateway, "internet_gateway", "vpn_gateway")
            if not any(map(self._wanted, (gateway, *(edge.source for edge in attachments)))):
                continue
            for edge in attachments:
                vpcs += self._targets(edge.source, "vpc")
            box = self._vpc_box(vpcs[0]) if vpcs else ""
            self._add(gateway, "gateway", box)
            for one in (gateway, *(edge.source for edge in attachments)):
                self._doors[one.address] = self._key(gateway, box)
        for transit in self._graph.all(TransitGateway):
            if self._wanted(transit):
                self._add(transit, "gateway", "")
        # The gateway that AWS makes with the default VPC is nobody's declaration.
        for verdict in [each for edges in self._verdicts.values() for each in edges]:
            for address in verdict.through:
                if address.startswith("the internet gateway of ") and verdict.target in self._keys:
                    self._default_gateway(address, verdict.target)

    def _default_gateway(self, address: str, reached: str) -> None:
        box = self._outermost(self._items[self._keys[reached][0]].box)
        key = f"gateway {address}"
        item = Item(
            key, address, "internet gateway", "of the default VPC", (), "plain", "gateway", box
        )
        self._items.setdefault(key, item)
        self._doors[address] = key

    def _place_groups(self) -> None:
        open_to_all = self._openings()
        for workload in self._workloads:
            if workload.resource.address in self._keys:
                self._carry(workload, open_to_all)
        for kind in (*STORES, VpcEndpoint, InstanceConnectEndpoint):
            for resource in self._graph.all(kind):
                self._wear(resource, open_to_all)
        for balancer in self._balancers:
            self._wear(balancer.resource, open_to_all)
        for group in self._graph.all(SecurityGroup):
            self._group(group, self._vpc_box(certain_vpc(self._graph, group)), open_to_all)

    def _carry(self, workload: Workload, open_to_all: dict[str, tuple[str, ...]]) -> None:
        for eni in workload.enis:
            own = self._box_of(eni)
            box, key = self._outermost(own), self._key(workload.resource, own)
            for carried in eni.groups:
                if carried.group is not None and self._group(carried.group, box, open_to_all):
                    self._link(key, f"group {carried.group.address}", "carries")

    def _wear(self, resource: Resource, open_to_all: dict[str, tuple[str, ...]]) -> None:
        for key in tuple(self._keys.get(resource.address, ())):
            for group in self._targets(resource, "security_groups"):
                if self._group(group, self._outermost(self._items[key].box), open_to_all):
                    self._link(key, f"group {group.address}", "carries")

    def _group(self, group: Resource, box: str, open_to_all: dict[str, tuple[str, ...]]) -> bool:
        if not self._wanted(group):
            return False
        key = f"group {group.address}"
        if key not in self._items:
            own = certain_vpc(self._graph, group)
            if isinstance(group, Implicit):
                own = group.owner
            box = self._vpc_box(own) if own is not None else box
            ports = open_to_all.get(group.address, ())
            notes = tuple(f"{each} from the internet" for each in ports)
            self._add(group, "group", box, key, notes)
        return True

    def _openings(self) -> dict[str, tuple[str, ...]]:
        """The ports that each group admits from the internet for certain, in words."""
        ports: dict[str, dict[int, PortSet]] = defaultdict(dict)
        for exposure in exposures(self._graph):
            if not exposure.causes:
                found = ports[exposure.group.address]
                for protocol, more in exposure.ports.items():
                    found[protocol] = found[protocol] | more if protocol in found else more
        return {address: port_words(found) for address, found in ports.items()}

    def _place_roles(self) -> None:
        for workload in self._workloads:
            keys = self._keys.get(workload.resource.address, ())
            for role in self._roles_of(workload):
                if not keys or not self._wanted(role):
                    continue
                key = f"role {role.address}"
                if key not in self._items:
                    self._add(role, "role", "", key)
                for each in tuple(keys):
                    self._link(each, key, "assumes")

    def _roles_of(self, workload: Workload) -> list[Resource]:
        host = workload.resource
        found: list[Resource] = []
        if isinstance(host, EksNodeGroup):
            return list(self._targets(host, "node_role"))
        for eni in workload.enis:
            settings = eni.launch.settings
            for edge in self._graph.follow(host, settings, "iam_instance_profile"):
                profile = edge.target
                if isinstance(profile, InstanceProfile):
                    found += self._targets(profile, "roles") or [profile]
                elif profile is not None:
                    found.append(profile)
        return list(dict.fromkeys(found))

    def _place_rest(self, cap: int) -> None:
        """What else is asked for: rules, routes, volumes."""
        drawn = {item.address for item in self._items.values()}
        drawn |= {box.address for box in self._boxes.values()}
        for subnet in self._graph.all(Subnet):
            if self._wanted(subnet) and subnet.address not in drawn:
                self._subnet_box(subnet)
                drawn.add(subnet.address)
        for node in self._section.nodes:
            if not self._is_chosen(node.address) or node.address in drawn:
                continue
            resource = self._graph.get(node.address)
            if resource is None or len(self._items) > cap:
                continue
            self._add(resource, "other", "")
            for key in self._keys[node.address]:
                for words in self._says(node.address):
                    self._remark(key, words)

    def _says(self, address: str) -> Iterator[str]:
        shown = [e for e in self._section.edges if e.source == address and e.relation != REACHES]
        for edge in shown[:_MOST_NOTES]:
            yield f"{edge.relation.replace('_', ' ')}: {label_of(edge.target)}"

    def _wanted(self, resource: Resource) -> bool:
        return self._is_chosen(resource.address)

    def _is_chosen(self, address: str) -> bool:
        return self._chosen is None or address in self._chosen

    def _targets(self, resource: Resource, *names: str) -> tuple[Resource, ...]:
        edges = self._graph.targets(resource, *names)
        return tuple(dict.fromkeys(e.target for e in edges if e.target is not None))

    def _key(self, resource: Resource, box: str) -> str:
        return f"{resource.address} in {box}"

    def _add(
        self,
        resource: Resource,
        shape: Shape,
        box: str,
        key: str = "",
        notes: tuple[str, ...] = (),
    ) -> None:
        key = key or self._key(resource, box)
        if key in self._items:
            return
        detail = kind_words(type(resource).__name__)
        label = label_of(resource.address)
        if isinstance(resource, Implicit):
            detail, label = f"made with {label_of(resource.owner.address)}", resource.words
        elif isinstance(resource, External):
            detail = {"group": "security group elsewhere", "role": "profile or role elsewhere"}.get(
                shape, "declared elsewhere"
            )
        tone: Tone = "exposed" if shape == "group" and notes else "plain"
        where = place(resource.span.path, resource.span.line)
        item = Item(key, resource.address, label, detail, notes, tone, shape, box, where)
        self._items[key] = item
        self._keys[resource.address].append(key)

    def _link(self, source: str, target: str, bond: Bond, label: str = "") -> None:
        self._links.setdefault(PictureEdge(source, target, bond, label))

    def _outermost(self, key: str) -> str:
        while key and self._boxes[key].parent:
            key = self._boxes[key].parent
        return key

    def _subnet_box(self, subnet: Resource) -> str:
        key = f"subnet {subnet.address}"
        if key not in self._boxes:
            parent = self._vpc_box(vpc_of(self._graph, subnet))
            label, detail = label_of(subnet.address), "subnet"
            elsewhere = isinstance(subnet, External)
            if isinstance(subnet, Implicit):
                # One box for all that stand in some default subnet.
                key = f"subnet of {parent}"
                label, detail = "a default subnet", ""
            elif isinstance(subnet, Subnet) and subnet.cidr_block is not None:
                detail = subnet.cidr_block.text or "subnet"
            elif elsewhere:
                detail = "subnet, declared elsewhere"
            box = Box(key, label, detail, "subnet", parent, elsewhere, subnet.address)
            self._boxes.setdefault(key, box)
        return key

    def _vpc_box(self, vpc: Resource | None) -> str:
        if vpc is None:
            key = "vpc"
            box = Box(key, "a VPC that is not known here", "", "vpc", "", True, "")
        elif is_default_vpc(vpc):
            key = f"vpc default {vpc.scope}"
            box = Box(key, "the default VPC", vpc.scope, "vpc", "", True, vpc.address)
        else:
            key = f"vpc {vpc.address}"
            elsewhere = isinstance(vpc, External)
            detail = "VPC, declared elsewhere" if elsewhere else "VPC"
            box = Box(key, label_of(vpc.address), detail, "vpc", "", elsewhere, vpc.address)
        self._boxes.setdefault(key, box)
        return key

    def _remark(self, key: str, note: str) -> None:
        item = self._items[key]
        if note not in item.remarks:
            self._items[key] = item._replace(remarks=(*item.remarks, note))
