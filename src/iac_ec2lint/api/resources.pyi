"""See ``resources.py``; written by ``scripts/write_docs.py``."""

from iac_ec2lint.resources.account_default import DefaultKey as DefaultKey
from iac_ec2lint.resources.account_default import EncryptionByDefault as EncryptionByDefault
from iac_ec2lint.resources.account_default import MetadataDefaults as MetadataDefaults
from iac_ec2lint.resources.allowed_images import AllowedImagesSettings as AllowedImagesSettings
from iac_ec2lint.resources.allowed_images import ImageCriterion as ImageCriterion
from iac_ec2lint.resources.auto_scaling_group import AutoScalingGroup as AutoScalingGroup
from iac_ec2lint.resources.auto_scaling_group import GroupTag as GroupTag
from iac_ec2lint.resources.auto_scaling_group import InstanceOverride as InstanceOverride
from iac_ec2lint.resources.auto_scaling_group import InstanceRefresh as InstanceRefresh
from iac_ec2lint.resources.auxiliary import Auxiliary as Auxiliary
from iac_ec2lint.resources.backend import Backend as Backend
from iac_ec2lint.resources.backend import RemoteState as RemoteState
from iac_ec2lint.resources.backend import S3Backend as S3Backend
from iac_ec2lint.resources.backend import S3Settings as S3Settings
from iac_ec2lint.resources.backup import BackupCopy as BackupCopy
from iac_ec2lint.resources.backup import BackupPlan as BackupPlan
from iac_ec2lint.resources.backup import BackupRule as BackupRule
from iac_ec2lint.resources.backup import BackupSelection as BackupSelection
from iac_ec2lint.resources.backup import BackupVault as BackupVault
from iac_ec2lint.resources.backup import SelectedTag as SelectedTag
from iac_ec2lint.resources.backup import SelectionConditions as SelectionConditions
from iac_ec2lint.resources.batch_compute_environment import (
    BatchComputeEnvironment as BatchComputeEnvironment,
)
from iac_ec2lint.resources.batch_compute_environment import BatchSettings as BatchSettings
from iac_ec2lint.resources.batch_job import BatchJobDefinition as BatchJobDefinition
from iac_ec2lint.resources.beanstalk_environment import (
    BeanstalkConfiguration as BeanstalkConfiguration,
)
from iac_ec2lint.resources.beanstalk_environment import BeanstalkEnvironment as BeanstalkEnvironment
from iac_ec2lint.resources.beanstalk_environment import BeanstalkSettings as BeanstalkSettings
from iac_ec2lint.resources.beanstalk_environment import SolutionStack as SolutionStack
from iac_ec2lint.resources.block_device import BlockDevice as BlockDevice
from iac_ec2lint.resources.block_public_access import BlockPublicAccess as BlockPublicAccess
from iac_ec2lint.resources.block_public_access import (
    BlockPublicAccessExclusion as BlockPublicAccessExclusion,
)
from iac_ec2lint.resources.certificate import AcmCertificate as AcmCertificate
from iac_ec2lint.resources.certificate import AcmCertificateDataSource as AcmCertificateDataSource
from iac_ec2lint.resources.certificate import Certificate as Certificate
from iac_ec2lint.resources.certificate import ServerCertificate as ServerCertificate
from iac_ec2lint.resources.certificate import (
    ServerCertificateDataSource as ServerCertificateDataSource,
)
from iac_ec2lint.resources.cloud9_environment import Cloud9Environment as Cloud9Environment
from iac_ec2lint.resources.cloud9_environment import Cloud9Settings as Cloud9Settings
from iac_ec2lint.resources.cloudinit import CloudinitConfigDataSource as CloudinitConfigDataSource
from iac_ec2lint.resources.cloudinit import CloudinitPart as CloudinitPart
from iac_ec2lint.resources.code_signing import CodeSigning as CodeSigning
from iac_ec2lint.resources.config_service import AggregationSource as AggregationSource
from iac_ec2lint.resources.config_service import ConfigAggregator as ConfigAggregator
from iac_ec2lint.resources.config_service import ConfigRecorder as ConfigRecorder
from iac_ec2lint.resources.config_service import ConfigRecorderStatus as ConfigRecorderStatus
from iac_ec2lint.resources.config_service import ConfigRule as ConfigRule
from iac_ec2lint.resources.config_service import ConformancePack as ConformancePack
from iac_ec2lint.resources.config_service import DeliveryChannel as DeliveryChannel
from iac_ec2lint.resources.config_service import RecordingGroup as RecordingGroup
from iac_ec2lint.resources.container_service import ContainerService as ContainerService
from iac_ec2lint.resources.container_service import (
    ContainerServiceBalancer as ContainerServiceBalancer,
)
from iac_ec2lint.resources.data_source import Filter as Filter
from iac_ec2lint.resources.data_source import InstanceProfileDataSource as InstanceProfileDataSource
from iac_ec2lint.resources.data_source import LaunchTemplateDataSource as LaunchTemplateDataSource
from iac_ec2lint.resources.data_source import ManagedPolicyDataSource as ManagedPolicyDataSource
from iac_ec2lint.resources.data_source import PrefixListDataSource as PrefixListDataSource
from iac_ec2lint.resources.data_source import RoleDataSource as RoleDataSource
from iac_ec2lint.resources.data_source import SecurityGroupDataSource as SecurityGroupDataSource
from iac_ec2lint.resources.data_source import SecurityGroupsDataSource as SecurityGroupsDataSource
from iac_ec2lint.resources.data_source import SnapshotDataSource as SnapshotDataSource
from iac_ec2lint.resources.data_source import SsmParameterDataSource as SsmParameterDataSource
from iac_ec2lint.resources.data_source import SubnetDataSource as SubnetDataSource
from iac_ec2lint.resources.data_source import SubnetsDataSource as SubnetsDataSource
from iac_ec2lint.resources.data_source import VolumeDataSource as VolumeDataSource
from iac_ec2lint.resources.data_source import VpcDataSource as VpcDataSource
from iac_ec2lint.resources.database import Cache as Cache
from iac_ec2lint.resources.database import Database as Database
from iac_ec2lint.resources.database import DatabaseCluster as DatabaseCluster
from iac_ec2lint.resources.database import DatabaseProxy as DatabaseProxy
from iac_ec2lint.resources.database import SearchDomain as SearchDomain
from iac_ec2lint.resources.database import SubnetGroup as SubnetGroup
from iac_ec2lint.resources.database import Warehouse as Warehouse
from iac_ec2lint.resources.deployment_group import (
    DeploymentClassicBalancer as DeploymentClassicBalancer,
)
from iac_ec2lint.resources.deployment_group import DeploymentGroup as DeploymentGroup
from iac_ec2lint.resources.deployment_group import DeploymentTagFilter as DeploymentTagFilter
from iac_ec2lint.resources.deployment_group import DeploymentTagSet as DeploymentTagSet
from iac_ec2lint.resources.deployment_group import DeploymentTargetGroup as DeploymentTargetGroup
from iac_ec2lint.resources.eks_node_group import EksNodeGroup as EksNodeGroup
from iac_ec2lint.resources.elastic_ip import ElasticIp as ElasticIp
from iac_ec2lint.resources.elastic_ip import ElasticIpAssociation as ElasticIpAssociation
from iac_ec2lint.resources.emr_cluster import EmrBlockPublicAccess as EmrBlockPublicAccess
from iac_ec2lint.resources.emr_cluster import EmrCluster as EmrCluster
from iac_ec2lint.resources.emr_cluster import EmrInstances as EmrInstances
from iac_ec2lint.resources.emr_cluster import EmrNodeSettings as EmrNodeSettings
from iac_ec2lint.resources.emr_cluster import EmrSecurityConfiguration as EmrSecurityConfiguration
from iac_ec2lint.resources.emr_cluster import PermittedPorts as PermittedPorts
from iac_ec2lint.resources.emr_cluster import PrimaryNodeSettings as PrimaryNodeSettings
from iac_ec2lint.resources.emr_cluster import WorkerNodeSettings as WorkerNodeSettings
from iac_ec2lint.resources.endpoint_service import EndpointService as EndpointService
from iac_ec2lint.resources.endpoint_service import (
    EndpointServicePrincipal as EndpointServicePrincipal,
)
from iac_ec2lint.resources.event_rule import EventRule as EventRule
from iac_ec2lint.resources.event_rule import EventSchedule as EventSchedule
from iac_ec2lint.resources.event_rule import EventTarget as EventTarget
from iac_ec2lint.resources.event_rule import RuleTarget as RuleTarget
from iac_ec2lint.resources.fleet import Ec2Fleet as Ec2Fleet
from iac_ec2lint.resources.fleet import FleetTemplate as FleetTemplate
from iac_ec2lint.resources.fleet import SpotFleet as SpotFleet
from iac_ec2lint.resources.flow_log import FlowLog as FlowLog
from iac_ec2lint.resources.front import Accelerator as Accelerator
from iac_ec2lint.resources.front import AcceleratorEndpoint as AcceleratorEndpoint
from iac_ec2lint.resources.front import AcceleratorEndpointGroup as AcceleratorEndpointGroup
from iac_ec2lint.resources.front import AcceleratorListener as AcceleratorListener
from iac_ec2lint.resources.front import ApiGatewayIntegration as ApiGatewayIntegration
from iac_ec2lint.resources.front import ApiGatewayV2VpcLink as ApiGatewayV2VpcLink
from iac_ec2lint.resources.front import ApiGatewayVpcLink as ApiGatewayVpcLink
from iac_ec2lint.resources.front import CloudFrontVpcOrigin as CloudFrontVpcOrigin
from iac_ec2lint.resources.front import CrossAccountAttachment as CrossAccountAttachment
from iac_ec2lint.resources.front import CustomRoutingEndpointGroup as CustomRoutingEndpointGroup
from iac_ec2lint.resources.front import DiscoveredInstance as DiscoveredInstance
from iac_ec2lint.resources.front import DiscoveryService as DiscoveryService
from iac_ec2lint.resources.front import PortOverride as PortOverride
from iac_ec2lint.resources.front import PortRange as PortRange
from iac_ec2lint.resources.gateway import EgressOnlyInternetGateway as EgressOnlyInternetGateway
from iac_ec2lint.resources.gateway import InternetGateway as InternetGateway
from iac_ec2lint.resources.gateway import InternetGatewayAttachment as InternetGatewayAttachment
from iac_ec2lint.resources.gateway import NatGateway as NatGateway
from iac_ec2lint.resources.gateway import RouteServerPropagation as RouteServerPropagation
from iac_ec2lint.resources.gateway import VpnGateway as VpnGateway
from iac_ec2lint.resources.gateway import VpnRoutePropagation as VpnRoutePropagation
from iac_ec2lint.resources.guardduty import Detector as Detector
from iac_ec2lint.resources.guardduty import DetectorFeature as DetectorFeature
from iac_ec2lint.resources.guardduty import Feature as Feature
from iac_ec2lint.resources.guardduty import FeatureSetting as FeatureSetting
from iac_ec2lint.resources.guardduty import GuardDutyAdministrator as GuardDutyAdministrator
from iac_ec2lint.resources.guardduty import GuardDutyOrganization as GuardDutyOrganization
from iac_ec2lint.resources.guardduty import OrganizationFeature as OrganizationFeature
from iac_ec2lint.resources.guardduty import OrganizationFeatureSetting as OrganizationFeatureSetting
from iac_ec2lint.resources.hosted_zone import HostedZone as HostedZone
from iac_ec2lint.resources.iam_access_key import IamAccessKey as IamAccessKey
from iac_ec2lint.resources.iam_principal import GroupMembership as GroupMembership
from iac_ec2lint.resources.iam_principal import IamGroup as IamGroup
from iac_ec2lint.resources.iam_principal import IamUser as IamUser
from iac_ec2lint.resources.iam_principal import PrincipalPolicy as PrincipalPolicy
from iac_ec2lint.resources.iam_principal import (
    PrincipalPolicyAttachment as PrincipalPolicyAttachment,
)
from iac_ec2lint.resources.iam_role import InlinePoliciesExclusive as InlinePoliciesExclusive
from iac_ec2lint.resources.iam_role import InstanceProfile as InstanceProfile
from iac_ec2lint.resources.iam_role import ManagedPolicy as ManagedPolicy
from iac_ec2lint.resources.iam_role import PolicyAttachment as PolicyAttachment
from iac_ec2lint.resources.iam_role import Role as Role
from iac_ec2lint.resources.iam_role import RolePolicy as RolePolicy
from iac_ec2lint.resources.identity_provider import CertificateRoles as CertificateRoles
from iac_ec2lint.resources.identity_provider import CognitoIdentityPool as CognitoIdentityPool
from iac_ec2lint.resources.identity_provider import OpenIdProvider as OpenIdProvider
from iac_ec2lint.resources.identity_provider import (
    OpenIdProviderDataSource as OpenIdProviderDataSource,
)
from iac_ec2lint.resources.identity_provider import SamlProvider as SamlProvider
from iac_ec2lint.resources.image import Image as Image
from iac_ec2lint.resources.image import ImageCopy as ImageCopy
from iac_ec2lint.resources.image import ImageDataSource as ImageDataSource
from iac_ec2lint.resources.image import ImageLaunchPermission as ImageLaunchPermission
from iac_ec2lint.resources.image import InstanceImage as InstanceImage
from iac_ec2lint.resources.image import RegisteredImage as RegisteredImage
from iac_ec2lint.resources.image import SnapshotPermission as SnapshotPermission
from iac_ec2lint.resources.image_block_public_access import (
    ImageBlockPublicAccess as ImageBlockPublicAccess,
)
from iac_ec2lint.resources.image_builder import Component as Component
from iac_ec2lint.resources.image_builder import Distribution as Distribution
from iac_ec2lint.resources.image_builder import (
    DistributionConfiguration as DistributionConfiguration,
)
from iac_ec2lint.resources.image_builder import ImageBuild as ImageBuild
from iac_ec2lint.resources.image_builder import ImageRecipe as ImageRecipe
from iac_ec2lint.resources.image_builder import (
    InfrastructureConfiguration as InfrastructureConfiguration,
)
from iac_ec2lint.resources.image_builder import PipelineSchedule as PipelineSchedule
from iac_ec2lint.resources.inspector import InspectorEnabler as InspectorEnabler
from iac_ec2lint.resources.inspector import InspectorOrganization as InspectorOrganization
from iac_ec2lint.resources.instance import InlineVolume as InlineVolume
from iac_ec2lint.resources.instance import Instance as Instance
from iac_ec2lint.resources.instance_connect_endpoint import (
    InstanceConnectEndpoint as InstanceConnectEndpoint,
)
from iac_ec2lint.resources.instance_tag import SeparateTag as SeparateTag
from iac_ec2lint.resources.key_pair import KeyPair as KeyPair
from iac_ec2lint.resources.kms_key import GrantConstraint as GrantConstraint
from iac_ec2lint.resources.kms_key import KmsAlias as KmsAlias
from iac_ec2lint.resources.kms_key import KmsGrant as KmsGrant
from iac_ec2lint.resources.kms_key import KmsKey as KmsKey
from iac_ec2lint.resources.kms_key import KmsKeyPolicy as KmsKeyPolicy
from iac_ec2lint.resources.lambda_function import LambdaFunction as LambdaFunction
from iac_ec2lint.resources.lambda_function import LambdaPermission as LambdaPermission
from iac_ec2lint.resources.launch_configuration import LaunchConfiguration as LaunchConfiguration
from iac_ec2lint.resources.launch_settings import InstanceRequirements as InstanceRequirements
from iac_ec2lint.resources.launch_settings import LaunchInterface as LaunchInterface
from iac_ec2lint.resources.launch_settings import LaunchSettings as LaunchSettings
from iac_ec2lint.resources.launch_template import LaunchTemplate as LaunchTemplate
from iac_ec2lint.resources.launch_template import LaunchTemplateReference as LaunchTemplateReference
from iac_ec2lint.resources.launch_template import TagSpecification as TagSpecification
from iac_ec2lint.resources.lifecycle_policy import CopyRule as CopyRule
from iac_ec2lint.resources.lifecycle_policy import EventCopy as EventCopy
from iac_ec2lint.resources.lifecycle_policy import Exclusions as Exclusions
from iac_ec2lint.resources.lifecycle_policy import LifecyclePolicy as LifecyclePolicy
from iac_ec2lint.resources.lifecycle_policy import Schedule as Schedule
from iac_ec2lint.resources.load_balancer import AutoScalingAttachment as AutoScalingAttachment
from iac_ec2lint.resources.load_balancer import ClassicAccessLogs as ClassicAccessLogs
from iac_ec2lint.resources.load_balancer import ClassicListener as ClassicListener
from iac_ec2lint.resources.load_balancer import ClassicListenerPolicy as ClassicListenerPolicy
from iac_ec2lint.resources.load_balancer import ClassicLoadBalancer as ClassicLoadBalancer
from iac_ec2lint.resources.load_balancer import (
    ClassicLoadBalancerAttachment as ClassicLoadBalancerAttachment,
)
from iac_ec2lint.resources.load_balancer import ClassicNegotiationPolicy as ClassicNegotiationPolicy
from iac_ec2lint.resources.load_balancer import ClassicPolicy as ClassicPolicy
from iac_ec2lint.resources.load_balancer import InlinePolicy as InlinePolicy
from iac_ec2lint.resources.load_balancer import InlineTarget as InlineTarget
from iac_ec2lint.resources.load_balancer import Listener as Listener
from iac_ec2lint.resources.load_balancer import ListenerAction as ListenerAction
from iac_ec2lint.resources.load_balancer import ListenerCertificate as ListenerCertificate
from iac_ec2lint.resources.load_balancer import ListenerCondition as ListenerCondition
from iac_ec2lint.resources.load_balancer import ListenerRule as ListenerRule
from iac_ec2lint.resources.load_balancer import LoadBalancer as LoadBalancer
from iac_ec2lint.resources.load_balancer import PolicyAttribute as PolicyAttribute
from iac_ec2lint.resources.load_balancer import QueryPair as QueryPair
from iac_ec2lint.resources.load_balancer import TargetGroup as TargetGroup
from iac_ec2lint.resources.load_balancer import TargetGroupAttachment as TargetGroupAttachment
from iac_ec2lint.resources.load_balancer import WeightedTargetGroup as WeightedTargetGroup
from iac_ec2lint.resources.local_file import LocalFile as LocalFile
from iac_ec2lint.resources.log_group import LogGroup as LogGroup
from iac_ec2lint.resources.log_group import MetricFilter as MetricFilter
from iac_ec2lint.resources.log_group import MetricTransformation as MetricTransformation
from iac_ec2lint.resources.maintenance_window import MaintenanceWindow as MaintenanceWindow
from iac_ec2lint.resources.maintenance_window import (
    MaintenanceWindowTarget as MaintenanceWindowTarget,
)
from iac_ec2lint.resources.maintenance_window import MaintenanceWindowTask as MaintenanceWindowTask
from iac_ec2lint.resources.maintenance_window import TaskParameter as TaskParameter
from iac_ec2lint.resources.managed_host import ManagedHost as ManagedHost
from iac_ec2lint.resources.message_broker import MessageBroker as MessageBroker
from iac_ec2lint.resources.metadata_options import MetadataOptions as MetadataOptions
from iac_ec2lint.resources.metric_alarm import MetricAlarm as MetricAlarm
from iac_ec2lint.resources.metric_alarm import MetricQuery as MetricQuery
from iac_ec2lint.resources.mount_target import MountTarget as MountTarget
from iac_ec2lint.resources.network_acl import EgressNetworkAclEntry as EgressNetworkAclEntry
from iac_ec2lint.resources.network_acl import NetworkAcl as NetworkAcl
from iac_ec2lint.resources.network_acl import NetworkAclAssociation as NetworkAclAssociation
from iac_ec2lint.resources.network_acl import NetworkAclEntry as NetworkAclEntry
from iac_ec2lint.resources.network_acl import SeparateNetworkAclEntry as SeparateNetworkAclEntry
from iac_ec2lint.resources.network_firewall import NetworkFirewall as NetworkFirewall
from iac_ec2lint.resources.network_firewall import (
    NetworkFirewallEndpoint as NetworkFirewallEndpoint,
)
from iac_ec2lint.resources.network_interface import InterfaceAttachment as InterfaceAttachment
from iac_ec2lint.resources.network_interface import NetworkInterface as NetworkInterface
from iac_ec2lint.resources.network_interface import (
    NetworkInterfaceAttachment as NetworkInterfaceAttachment,
)
from iac_ec2lint.resources.network_interface import NetworkInterfaceGroup as NetworkInterfaceGroup
from iac_ec2lint.resources.notebook_instance import NotebookInstance as NotebookInstance
from iac_ec2lint.resources.output import Output as Output
from iac_ec2lint.resources.patch_baseline import ApprovalRule as ApprovalRule
from iac_ec2lint.resources.patch_baseline import DefaultPatchBaseline as DefaultPatchBaseline
from iac_ec2lint.resources.patch_baseline import PatchBaseline as PatchBaseline
from iac_ec2lint.resources.patch_baseline import PatchFilter as PatchFilter
from iac_ec2lint.resources.patch_baseline import PatchGroup as PatchGroup
from iac_ec2lint.resources.pcs_compute_node_group import PcsComputeNodeGroup as PcsComputeNodeGroup
from iac_ec2lint.resources.peering import VpcPeeringConnection as VpcPeeringConnection
from iac_ec2lint.resources.peering import (
    VpcPeeringConnectionAccepter as VpcPeeringConnectionAccepter,
)
from iac_ec2lint.resources.permission_set import AccessBoundary as AccessBoundary
from iac_ec2lint.resources.permission_set import AccountAssignment as AccountAssignment
from iac_ec2lint.resources.permission_set import PermissionSet as PermissionSet
from iac_ec2lint.resources.permission_set import PermissionSetPolicy as PermissionSetPolicy
from iac_ec2lint.resources.permission_set import PermissionSetReference as PermissionSetReference
from iac_ec2lint.resources.permission_set import PolicyByName as PolicyByName
from iac_ec2lint.resources.pipeline import Pipeline as Pipeline
from iac_ec2lint.resources.pipeline import PipelineAction as PipelineAction
from iac_ec2lint.resources.pipeline import PipelineStage as PipelineStage
from iac_ec2lint.resources.pipeline import StageRules as StageRules
from iac_ec2lint.resources.pod_identity import AccessEntry as AccessEntry
from iac_ec2lint.resources.pod_identity import AccessPolicy as AccessPolicy
from iac_ec2lint.resources.pod_identity import AccessPolicyAssociation as AccessPolicyAssociation
from iac_ec2lint.resources.pod_identity import PodIdentityAssociation as PodIdentityAssociation
from iac_ec2lint.resources.prefix_list import PrefixList as PrefixList
from iac_ec2lint.resources.prefix_list import PrefixListEntry as PrefixListEntry
from iac_ec2lint.resources.prefix_list import SeparatePrefixListEntry as SeparatePrefixListEntry
from iac_ec2lint.resources.private_key import PrivateKey as PrivateKey
from iac_ec2lint.resources.provider import AssumedRole as AssumedRole
from iac_ec2lint.resources.provider import Endpoints as Endpoints
from iac_ec2lint.resources.provider import LockedProvider as LockedProvider
from iac_ec2lint.resources.provider import Provider as Provider
from iac_ec2lint.resources.provider import RequiredProviders as RequiredProviders
from iac_ec2lint.resources.provisioner import Connection as Connection
from iac_ec2lint.resources.provisioner import NullResource as NullResource
from iac_ec2lint.resources.provisioner import Provisioner as Provisioner
from iac_ec2lint.resources.public_key import PublicKeyDataSource as PublicKeyDataSource
from iac_ec2lint.resources.resolver_endpoint import ResolverEndpoint as ResolverEndpoint
from iac_ec2lint.resources.route import MainRouteTableAssociation as MainRouteTableAssociation
from iac_ec2lint.resources.route import Route as Route
from iac_ec2lint.resources.route import RouteTable as RouteTable
from iac_ec2lint.resources.route import RouteTableAssociation as RouteTableAssociation
from iac_ec2lint.resources.route import SeparateRoute as SeparateRoute
from iac_ec2lint.resources.scalable_target import ScalableTarget as ScalableTarget
from iac_ec2lint.resources.scaling_schedule import ScalingSchedule as ScalingSchedule
from iac_ec2lint.resources.security_group import InlineEgressRule as InlineEgressRule
from iac_ec2lint.resources.security_group import InlineIngressRule as InlineIngressRule
from iac_ec2lint.resources.security_group import SecurityGroup as SecurityGroup
from iac_ec2lint.resources.security_group import SecurityGroupRule as SecurityGroupRule
from iac_ec2lint.resources.security_group import (
    SecurityGroupRulesExclusive as SecurityGroupRulesExclusive,
)
from iac_ec2lint.resources.security_group import (
    SecurityGroupVpcAssociation as SecurityGroupVpcAssociation,
)
from iac_ec2lint.resources.security_group import (
    SeparateSecurityGroupRule as SeparateSecurityGroupRule,
)
from iac_ec2lint.resources.security_hub import SecurityHub as SecurityHub
from iac_ec2lint.resources.security_hub import SecurityHubOrganization as SecurityHubOrganization
from iac_ec2lint.resources.security_hub import SecurityHubStandard as SecurityHubStandard
from iac_ec2lint.resources.serial_console import SerialConsoleAccess as SerialConsoleAccess
from iac_ec2lint.resources.service_interfaces import EksCluster as EksCluster
from iac_ec2lint.resources.service_interfaces import Pipe as Pipe
from iac_ec2lint.resources.service_interfaces import ServiceInterfaces as ServiceInterfaces
from iac_ec2lint.resources.service_interfaces import (
    VerifiedAccessEndpoint as VerifiedAccessEndpoint,
)
from iac_ec2lint.resources.service_interfaces import WorkWithRole as WorkWithRole
from iac_ec2lint.resources.service_with_role import ServiceWithRole as ServiceWithRole
from iac_ec2lint.resources.snapshot import Snapshot as Snapshot
from iac_ec2lint.resources.snapshot import SnapshotCopy as SnapshotCopy
from iac_ec2lint.resources.snapshot import SnapshotImport as SnapshotImport
from iac_ec2lint.resources.snapshot import VolumeSnapshot as VolumeSnapshot
from iac_ec2lint.resources.snapshot_block_public_access import (
    SnapshotBlockPublicAccess as SnapshotBlockPublicAccess,
)
from iac_ec2lint.resources.ssm_association import SsmAssociation as SsmAssociation
from iac_ec2lint.resources.ssm_association import SsmTarget as SsmTarget
from iac_ec2lint.resources.ssm_document import SsmDocument as SsmDocument
from iac_ec2lint.resources.ssm_parameter import SsmParameter as SsmParameter
from iac_ec2lint.resources.ssm_service_setting import SsmServiceSetting as SsmServiceSetting
from iac_ec2lint.resources.stored_data import Bucket as Bucket
from iac_ec2lint.resources.stored_data import BucketEncryption as BucketEncryption
from iac_ec2lint.resources.stored_data import Secret as Secret
from iac_ec2lint.resources.stored_data import SecretReplica as SecretReplica
from iac_ec2lint.resources.stored_data import StoredDataPolicy as StoredDataPolicy
from iac_ec2lint.resources.stored_data import Table as Table
from iac_ec2lint.resources.stored_data import TableReplica as TableReplica
from iac_ec2lint.resources.studio import StudioDomain as StudioDomain
from iac_ec2lint.resources.studio import StudioUser as StudioUser
from iac_ec2lint.resources.subnet import Subnet as Subnet
from iac_ec2lint.resources.subnet import SubnetCidrBlock as SubnetCidrBlock
from iac_ec2lint.resources.template_stack import StackSetInstance as StackSetInstance
from iac_ec2lint.resources.template_stack import TemplateStack as TemplateStack
from iac_ec2lint.resources.trail import AdvancedEventSelector as AdvancedEventSelector
from iac_ec2lint.resources.trail import DataResources as DataResources
from iac_ec2lint.resources.trail import EventDataStore as EventDataStore
from iac_ec2lint.resources.trail import EventSelector as EventSelector
from iac_ec2lint.resources.trail import FieldSelector as FieldSelector
from iac_ec2lint.resources.trail import Trail as Trail
from iac_ec2lint.resources.transit_gateway import TransitGateway as TransitGateway
from iac_ec2lint.resources.transit_gateway import (
    TransitGatewayAttachment as TransitGatewayAttachment,
)
from iac_ec2lint.resources.transit_gateway import (
    TransitGatewayAttachmentAccepter as TransitGatewayAttachmentAccepter,
)
from iac_ec2lint.resources.transit_gateway import (
    TransitGatewayDefaultAssociation as TransitGatewayDefaultAssociation,
)
from iac_ec2lint.resources.transit_gateway import (
    TransitGatewayDefaultPropagation as TransitGatewayDefaultPropagation,
)
from iac_ec2lint.resources.transit_gateway import (
    TransitGatewayPeeringAccepter as TransitGatewayPeeringAccepter,
)
from iac_ec2lint.resources.transit_gateway import (
    TransitGatewayPeeringAttachment as TransitGatewayPeeringAttachment,
)
from iac_ec2lint.resources.transit_gateway import (
    TransitGatewayPrefixListRoute as TransitGatewayPrefixListRoute,
)
from iac_ec2lint.resources.transit_gateway import TransitGatewayRoute as TransitGatewayRoute
from iac_ec2lint.resources.transit_gateway import (
    TransitGatewayRouteTable as TransitGatewayRouteTable,
)
from iac_ec2lint.resources.transit_gateway import (
    TransitGatewayRouteTableAssociation as TransitGatewayRouteTableAssociation,
)
from iac_ec2lint.resources.transit_gateway import (
    TransitGatewayRouteTablePropagation as TransitGatewayRouteTablePropagation,
)
from iac_ec2lint.resources.unread_module import UnreadModule as UnreadModule
from iac_ec2lint.resources.volume import Volume as Volume
from iac_ec2lint.resources.volume import VolumeAttachment as VolumeAttachment
from iac_ec2lint.resources.vpc import Vpc as Vpc
from iac_ec2lint.resources.vpc import VpcCidrBlock as VpcCidrBlock
from iac_ec2lint.resources.vpc_endpoint import VpcEndpoint as VpcEndpoint
from iac_ec2lint.resources.vpc_endpoint import VpcEndpointAccepter as VpcEndpointAccepter
from iac_ec2lint.resources.vpc_endpoint import VpcEndpointGroup as VpcEndpointGroup
from iac_ec2lint.resources.vpc_endpoint import VpcEndpointPolicy as VpcEndpointPolicy
from iac_ec2lint.resources.vpc_endpoint import VpcEndpointPrivateDns as VpcEndpointPrivateDns
from iac_ec2lint.resources.vpc_endpoint import VpcEndpointRouteTable as VpcEndpointRouteTable
from iac_ec2lint.resources.vpc_endpoint import VpcEndpointSubnet as VpcEndpointSubnet
from iac_ec2lint.resources.vpc_lattice import LatticeAssociation as LatticeAssociation
from iac_ec2lint.resources.vpc_lattice import LatticeGateway as LatticeGateway
from iac_ec2lint.resources.vpc_lattice import LatticeResource as LatticeResource
from iac_ec2lint.resources.vpc_lattice import (
    LatticeResourceAssociation as LatticeResourceAssociation,
)
from iac_ec2lint.resources.vpc_lattice import LatticeTargets as LatticeTargets
from iac_ec2lint.resources.vpn import ClientVpnAssociation as ClientVpnAssociation
from iac_ec2lint.resources.vpn import ClientVpnAuthorization as ClientVpnAuthorization
from iac_ec2lint.resources.vpn import ClientVpnEndpoint as ClientVpnEndpoint
from iac_ec2lint.resources.vpn import TunnelSpecification as TunnelSpecification
from iac_ec2lint.resources.vpn import VpnConnection as VpnConnection
from iac_ec2lint.resources.web_acl import FirewallManagerPolicy as FirewallManagerPolicy
from iac_ec2lint.resources.web_acl import WebAclAssociation as WebAclAssociation
