"""All that a check may import: re-exports, nothing else.

This is the contract with people who write checks of their own; what stands here keeps its meaning
from one version to the next.
"""

from iac_ec2lint.attack.bypass import bypasses
from iac_ec2lint.attack.credentials import (
    CredentialAccess,
    InstanceRole,
    beginnings,
    by_container,
    by_forged_container,
    by_forged_request,
    by_login,
    improves,
    leads_to,
    path_verdict,
    preferred,
    roles_behind,
    via_words,
    ways_in,
)
from iac_ec2lint.attack.disk_access import Readable, readable_disk
from iac_ec2lint.attack.enclaves import exposed_enclaves
from iac_ec2lint.attack.entries import (
    AttackEntry,
    entries,
    evidence_of,
    reached,
    services_in,
    store_entries,
)
from iac_ec2lint.attack.entries import describe as describe_open_ports
from iac_ec2lint.attack.escalations import Assumption, Escalation, assumptions, escalations
from iac_ec2lint.attack.grant_evidence import (
    allowance,
    allowance_of,
    allowed,
    allowed_by,
    conditional,
    limited_to_less,
    place_of_allowance,
    privileged_by,
    trusted_by,
    whole_resource,
)
from iac_ec2lint.attack.open_ports import (
    every_port_of,
    exposed,
    join_words,
    ports_open_to_internet,
    services_open_to_internet,
)
from iac_ec2lint.attack.open_services import open_services
from iac_ec2lint.attack.pivots import pivots
from iac_ec2lint.attack.published_disks import published_disks
from iac_ec2lint.attack.script_secrets import ScriptSecret, script_secrets
from iac_ec2lint.attack.shared_keys import shared_keys
from iac_ec2lint.attack.takeover import Exposable, Takeover, exposable, takeovers
from iac_ec2lint.compute.boot_scripts import BootScript, boot_scripts
from iac_ec2lint.compute.containers import is_container_host
from iac_ec2lint.compute.encryption import Encryption
from iac_ec2lint.compute.encryption import images as encryption_of_images
from iac_ec2lint.compute.encryption import snapshots as encryption_of_snapshots
from iac_ec2lint.compute.encryption import volumes as encryption_of_volumes
from iac_ec2lint.compute.interfaces import HostInterface, interfaces
from iac_ec2lint.compute.launch import Launch, launches, running, runs
from iac_ec2lint.compute.metadata import Decision, HostMetadata, Setting, decisions, hosts
from iac_ec2lint.compute.metadata_requests import MetadataRequest, request_without_token
from iac_ec2lint.declaration import Presence
from iac_ec2lint.engine.check import Check, Remark, Verdict, require
from iac_ec2lint.engine.finding import Evidence, Severity
from iac_ec2lint.graph.graph import Edge, External, Graph, Implicit
from iac_ec2lint.iam.access import OutsideAccess, endpoint_access, endpoint_access_of_any
from iac_ec2lint.iam.escalation import PrivilegeStep as EscalationStep
from iac_ec2lint.iam.escalation import assumes, exfiltration_edges, has_instance, launch_edges
from iac_ec2lint.iam.grants import is_allowed
from iac_ec2lint.iam.policy.document import PolicyDocument
from iac_ec2lint.iam.policy.probes import service_of_endpoint
from iac_ec2lint.iam.principals import Principal as IamPrincipal
from iac_ec2lint.iam.principals import principal_of, principals
from iac_ec2lint.iam.privilege import Privilege, grants_beyond, privilege, reads_data
from iac_ec2lint.iam.trust import ForeignTrust, foreign_trust
from iac_ec2lint.network.filters.exposure import (
    Exposure,
    coexisting,
    exposures,
    is_attached,
    joined,
    public_addresses,
)
from iac_ec2lint.network.filters.group_rules import (
    GroupRules,
    RuleSource,
    RuleTraffic,
    group_rules,
    is_default_group,
)
from iac_ec2lint.network.hosts.endpoints import carries_data
from iac_ec2lint.network.hosts.endpoints import may_be_unset as may_be_unset_endpoint_policy
from iac_ec2lint.network.hosts.endpoints import may_have_policy as may_have_endpoint_policy
from iac_ec2lint.network.hosts.endpoints import policies as endpoint_policies
from iac_ec2lint.network.hosts.endpoints import supports_policies as supports_endpoint_policies
from iac_ec2lint.network.inside.private_ways import EndpointWay, confined, endpoint_ways
from iac_ec2lint.network.sets.addresses import AddressSet, Family, Openness, openness, parse_cidr
from iac_ec2lint.network.sets.port_classes import PortClass, port_classes
from iac_ec2lint.network.sets.ports import (
    ALL,
    ALL_PORTS,
    ICMP,
    ICMPV6,
    NO_PORTS,
    TCP,
    UDP,
    PortSet,
    describe_ports,
    parse_protocol,
    protocol_name,
)
from iac_ec2lint.resources.account_default import DefaultKey, EncryptionByDefault, MetadataDefaults
from iac_ec2lint.resources.auto_scaling_group import AutoScalingGroup
from iac_ec2lint.resources.data_source import (
    InstanceProfileDataSource,
    LaunchTemplateDataSource,
    ManagedPolicyDataSource,
    PrefixListDataSource,
    RoleDataSource,
    SecurityGroupDataSource,
    SecurityGroupsDataSource,
    SnapshotDataSource,
    SsmParameterDataSource,
    SubnetDataSource,
    SubnetsDataSource,
    VolumeDataSource,
    VpcDataSource,
)
from iac_ec2lint.resources.eks_node_group import EksNodeGroup
from iac_ec2lint.resources.elastic_ip import ElasticIp, ElasticIpAssociation
from iac_ec2lint.resources.fleet import Ec2Fleet, SpotFleet
from iac_ec2lint.resources.gateway import (
    EgressOnlyInternetGateway,
    InternetGateway,
    InternetGatewayAttachment,
    NatGateway,
    VpnGateway,
)
from iac_ec2lint.resources.iam_principal import Group as IamGroup
from iac_ec2lint.resources.iam_principal import User as IamUser
from iac_ec2lint.resources.iam_role import (
    InstanceProfile,
    ManagedPolicy,
    PolicyAttachment,
    Role,
    RolePolicy,
)
from iac_ec2lint.resources.image import (
    ImageCopy,
    ImageDataSource,
    ImageLaunchPermission,
    InstanceImage,
    RegisteredImage,
    SnapshotPermission,
)
from iac_ec2lint.resources.image_builder import (
    DistributionConfiguration,
    ImageBuild,
    ImageRecipe,
    InfrastructureConfiguration,
)
from iac_ec2lint.resources.instance import Instance
from iac_ec2lint.resources.key_pair import KeyPair
from iac_ec2lint.resources.launch_configuration import LaunchConfiguration
from iac_ec2lint.resources.launch_settings import LaunchSettings
from iac_ec2lint.resources.launch_template import LaunchTemplate
from iac_ec2lint.resources.network_acl import (
    NetworkAcl,
    NetworkAclAssociation,
    SeparateNetworkAclEntry,
)
from iac_ec2lint.resources.network_interface import (
    NetworkInterface,
    NetworkInterfaceAttachment,
    NetworkInterfaceGroup,
)
from iac_ec2lint.resources.part import Part, Place, Resource
from iac_ec2lint.resources.prefix_list import PrefixList, SeparatePrefixListEntry
from iac_ec2lint.resources.route import (
    MainRouteTableAssociation,
    RouteTable,
    RouteTableAssociation,
    SeparateRoute,
)
from iac_ec2lint.resources.security_group import (
    SecurityGroup,
    SecurityGroupRule,
    SecurityGroupVpcAssociation,
    SeparateSecurityGroupRule,
)
from iac_ec2lint.resources.snapshot import SnapshotCopy, SnapshotImport, VolumeSnapshot
from iac_ec2lint.resources.subnet import Subnet, SubnetCidrBlock
from iac_ec2lint.resources.volume import Volume, VolumeAttachment
from iac_ec2lint.resources.vpc import Vpc, VpcCidrBlock
from iac_ec2lint.resources.vpc_endpoint import (
    VpcEndpoint,
    VpcEndpointGroup,
    VpcEndpointPolicy,
    VpcEndpointSubnet,
)
from iac_ec2lint.values import NO, YES, Answer, Confidence, Unknown, Val, Value, all_of, any_of

__all__ = [
    "ALL",
    "ALL_PORTS",
    "ICMP",
    "ICMPV6",
    "NO",
    "NO_PORTS",
    "TCP",
    "UDP",
    "YES",
    "AddressSet",
    "Answer",
    "Assumption",
    "AttackEntry",
    "AutoScalingGroup",
    "BootScript",
    "Check",
    "Confidence",
    "CredentialAccess",
    "Decision",
    "DefaultKey",
    "DistributionConfiguration",
    "Ec2Fleet",
    "Edge",
    "EgressOnlyInternetGateway",
    "EksNodeGroup",
    "ElasticIp",
    "ElasticIpAssociation",
    "Encryption",
    "EncryptionByDefault",
    "EndpointWay",
    "Escalation",
    "EscalationStep",
    "Evidence",
    "Exposable",
    "Exposure",
    "External",
    "Family",
    "ForeignTrust",
    "Graph",
    "GroupRules",
    "HostInterface",
    "HostMetadata",
    "IamGroup",
    "IamPrincipal",
    "IamUser",
    "ImageBuild",
    "ImageCopy",
    "ImageDataSource",
    "ImageLaunchPermission",
    "ImageRecipe",
    "Implicit",
    "InfrastructureConfiguration",
    "Instance",
    "InstanceImage",
    "InstanceProfile",
    "InstanceProfileDataSource",
    "InstanceRole",
    "InternetGateway",
    "InternetGatewayAttachment",
    "KeyPair",
    "Launch",
    "LaunchConfiguration",
    "LaunchSettings",
    "LaunchTemplate",
    "LaunchTemplateDataSource",
    "MainRouteTableAssociation",
    "ManagedPolicy",
    "ManagedPolicyDataSource",
    "MetadataDefaults",
    "MetadataRequest",
    "NatGateway",
    "NetworkAcl",
    "NetworkAclAssociation",
    "NetworkInterface",
    "NetworkInterfaceAttachment",
    "NetworkInterfaceGroup",
    "Openness",
    "OutsideAccess",
    "Part",
    "Place",
    "PolicyAttachment",
    "PolicyDocument",
    "PortClass",
    "PortSet",
    "PrefixList",
    "PrefixListDataSource",
    "Presence",
    "Privilege",
    "Readable",
    "RegisteredImage",
    "Remark",
    "Resource",
    "Role",
    "RoleDataSource",
    "RolePolicy",
    "RouteTable",
    "RouteTableAssociation",
    "RuleSource",
    "RuleTraffic",
    "ScriptSecret",
    "SecurityGroup",
    "SecurityGroupDataSource",
    "SecurityGroupRule",
    "SecurityGroupVpcAssociation",
    "SecurityGroupsDataSource",
    "SeparateNetworkAclEntry",
    "SeparatePrefixListEntry",
    "SeparateRoute",
    "SeparateSecurityGroupRule",
    "Setting",
    "Severity",
    "SnapshotCopy",
    "SnapshotDataSource",
    "SnapshotImport",
    "SnapshotPermission",
    "SpotFleet",
    "SsmParameterDataSource",
    "Subnet",
    "SubnetCidrBlock",
    "SubnetDataSource",
    "SubnetsDataSource",
    "Takeover",
    "Unknown",
    "Val",
    "Value",
    "Verdict",
    "Volume",
    "VolumeAttachment",
    "VolumeDataSource",
    "VolumeSnapshot",
    "Vpc",
    "VpcCidrBlock",
    "VpcDataSource",
    "VpcEndpoint",
    "VpcEndpointGroup",
    "VpcEndpointPolicy",
    "VpcEndpointSubnet",
    "VpnGateway",
    "all_of",
    "allowance",
    "allowance_of",
    "allowed",
    "allowed_by",
    "any_of",
    "assumes",
    "assumptions",
    "beginnings",
    "boot_scripts",
    "by_container",
    "by_forged_container",
    "by_forged_request",
    "by_login",
    "bypasses",
    "carries_data",
    "coexisting",
    "conditional",
    "confined",
    "decisions",
    "describe_open_ports",
    "describe_ports",
    "encryption_of_images",
    "encryption_of_snapshots",
    "encryption_of_volumes",
    "endpoint_access",
    "endpoint_access_of_any",
    "endpoint_policies",
    "endpoint_ways",
    "entries",
    "escalations",
    "every_port_of",
    "evidence_of",
    "exfiltration_edges",
    "exposable",
    "exposed",
    "exposed_enclaves",
    "exposures",
    "foreign_trust",
    "grants_beyond",
    "group_rules",
    "has_instance",
    "hosts",
    "improves",
    "interfaces",
    "is_allowed",
    "is_attached",
    "is_container_host",
    "is_default_group",
    "join_words",
    "joined",
    "launch_edges",
    "launches",
    "leads_to",
    "limited_to_less",
    "may_be_unset_endpoint_policy",
    "may_have_endpoint_policy",
    "open_services",
    "openness",
    "parse_cidr",
    "parse_protocol",
    "path_verdict",
    "pivots",
    "place_of_allowance",
    "port_classes",
    "ports_open_to_internet",
    "preferred",
    "principal_of",
    "principals",
    "privilege",
    "privileged_by",
    "protocol_name",
    "public_addresses",
    "published_disks",
    "reached",
    "readable_disk",
    "reads_data",
    "request_without_token",
    "require",
    "roles_behind",
    "running",
    "runs",
    "script_secrets",
    "service_of_endpoint",
    "services_in",
    "services_open_to_internet",
    "shared_keys",
    "store_entries",
    "supports_endpoint_policies",
    "takeovers",
    "trusted_by",
    "via_words",
    "ways_in",
    "whole_resource",
]
