"""What carries security groups on interfaces of AWS services that no check judges."""

from typing import ClassVar

from iac_ec2lint.resources.field import boolean, reference, references, text, texts
from iac_ec2lint.resources.part import Resource

_OWN = "security_group_ids"
_APPLICATION = f"application_configuration.vpc_configuration.{_OWN}"
_STACK_APPLICATION = "ApplicationConfiguration.VpcConfigurations"
_PIPE = (
    "target_parameters.ecs_task_parameters.network_configuration.aws_vpc_configuration"
    ".security_groups"
)
_STACK_PIPE = (
    "TargetParameters.EcsTaskParameters.NetworkConfiguration.AwsvpcConfiguration.SecurityGroups"
)
_GLUE = "ConnectionInput.PhysicalConnectionRequirements"
_IN_VPC = "vpc_config.security_group_ids"
CLUSTER_GROUP = "cluster security group"
"""What EKS makes along with a cluster."""


class ServiceInterfaces(Resource):
    """Interfaces that a service makes in a VPC with groups of the user's.

    Whether the internet reaches one of these is not judged, so that of a group which one of them
    carries it is never said that nothing is reached. Sources: each service's guide.
    """

    terraform: ClassVar[tuple[str, ...]] = (
        "aws_apprunner_vpc_connector",
        "aws_appstream_fleet",
        "aws_appstream_image_builder",
        "aws_codebuild_fleet",
        "aws_datasync_location_efs",
        "aws_devicefarm_test_grid_project",
        "aws_dms_replication_config",
        "aws_dms_replication_instance",
        "aws_emrserverless_application",
        "aws_fsx_file_cache",
        "aws_fsx_lustre_file_system",
        "aws_fsx_ontap_file_system",
        "aws_fsx_openzfs_file_system",
        "aws_fsx_windows_file_system",
        "aws_glue_connection",
        "aws_grafana_workspace",
        "aws_m2_environment",
        "aws_msk_vpc_connection",
        "aws_mskconnect_connector",
        "aws_mwaa_environment",
        "aws_opensearchserverless_vpc_endpoint",
        "aws_prometheus_scraper",
        "aws_quicksight_vpc_connection",
        "aws_sagemaker_model",
        "aws_transfer_server",
        "aws_workspaces_directory",
        "aws_workspacesweb_network_settings",
    )
    cloudformation: ClassVar[tuple[str, ...]] = (
        "AWS::APS::Scraper",
        "AWS::AppRunner::VpcConnector",
        "AWS::AppStream::Fleet",
        "AWS::AppStream::ImageBuilder",
        "AWS::CodeBuild::Fleet",
        "AWS::DMS::ReplicationConfig",
        "AWS::DMS::ReplicationInstance",
        "AWS::DataSync::LocationEFS",
        "AWS::EMRServerless::Application",
        "AWS::FSx::FileSystem",
        "AWS::Glue::Connection",
        "AWS::Grafana::Workspace",
        "AWS::KafkaConnect::Connector",
        "AWS::M2::Environment",
        "AWS::MSK::VpcConnection",
        "AWS::MWAA::Environment",
        "AWS::OpenSearchServerless::VpcEndpoint",
        "AWS::QuickSight::VPCConnection",
        "AWS::SageMaker::Model",
        "AWS::Transfer::Server",
        "AWS::WorkSpacesWeb::NetworkSettings",
    )

    elastic_ips = references(
        {"aws_transfer_server": "endpoint_details.address_allocation_ids", "": None},
        {"AWS::Transfer::Server": "EndpointDetails.AddressAllocationIds", "": None},
        to=("ElasticIp",),
    )
    security_groups = references(
        {
            "aws_apprunner_vpc_connector": "security_groups",
            "aws_appstream_fleet": _IN_VPC,
            "aws_appstream_image_builder": _IN_VPC,
            "aws_codebuild_fleet": _IN_VPC,
            "aws_datasync_location_efs": "ec2_config.security_group_arns",
            "aws_devicefarm_test_grid_project": _IN_VPC,
            "aws_dms_replication_config": "compute_config.vpc_security_group_ids",
            "aws_dms_replication_instance": "vpc_security_group_ids",
            "aws_emrserverless_application": "network_configuration.security_group_ids",
            "aws_glue_connection": "physical_connection_requirements.security_group_id_list",
            "aws_grafana_workspace": "vpc_configuration.security_group_ids",
            "aws_msk_vpc_connection": "security_groups",
            "aws_mskconnect_connector": "kafka_cluster.apache_kafka_cluster.vpc.security_groups",
            "aws_mwaa_environment": "network_configuration.security_group_ids",
            "aws_prometheus_scraper": "source.eks.security_group_ids",
            "aws_sagemaker_model": _IN_VPC,
            "aws_transfer_server": "endpoint_details.security_group_ids",
            "aws_workspaces_directory": "workspace_creation_properties.custom_security_group_id",
            "": _OWN,
        },
        {
            "AWS::APS::Scraper": "Source.EksConfiguration.SecurityGroupIds",
            "AWS::AppRunner::VpcConnector": "SecurityGroups",
            "AWS::AppStream::Fleet": "VpcConfig.SecurityGroupIds",
            "AWS::AppStream::ImageBuilder": "VpcConfig.SecurityGroupIds",
            "AWS::CodeBuild::Fleet": "FleetVpcConfig.SecurityGroupIds",
            "AWS::DMS::ReplicationConfig": "ComputeConfig.VpcSecurityGroupIds",
            "AWS::DMS::ReplicationInstance": "VpcSecurityGroupIds",
            "AWS::DataSync::LocationEFS": "Ec2Config.SecurityGroupArns",
            "AWS::EMRServerless::Application": "NetworkConfiguration.SecurityGroupIds",
            "AWS::Glue::Connection": f"{_GLUE}.SecurityGroupIdList",
            "AWS::Grafana::Workspace": "VpcConfiguration.SecurityGroupIds",
            "AWS::KafkaConnect::Connector": "KafkaCluster.ApacheKafkaCluster.Vpc.SecurityGroups",
            "AWS::MSK::VpcConnection": "SecurityGroups",
            "AWS::MWAA::Environment": "NetworkConfiguration.SecurityGroupIds",
            "AWS::SageMaker::Model": "VpcConfig.SecurityGroupIds",
            "AWS::Transfer::Server": "EndpointDetails.SecurityGroupIds",
            "": "SecurityGroupIds",
        },
        to=("SecurityGroup",),
    )


class EksCluster(ServiceInterfaces):
    """A cluster of EKS, which makes a group for its control plane and its nodes.

    Source: Amazon EKS User Guide, "View Amazon EKS security group requirements for clusters".
    """

    terraform = ("aws_eks_cluster",)
    cloudformation = ("AWS::EKS::Cluster",)
    names = ("name",)
    implicit: ClassVar = {
        "vpc_config[0].cluster_security_group_id": (CLUSTER_GROUP, "SecurityGroup"),
        "ClusterSecurityGroupId": (CLUSTER_GROUP, "SecurityGroup"),
    }

    authentication_mode = text(
        "access_config.authentication_mode", "AccessConfig.AuthenticationMode"
    )
    name = text("name", "Name")
    public_endpoint = boolean(
        "vpc_config.endpoint_public_access", "ResourcesVpcConfig.EndpointPublicAccess"
    )
    public_cidrs = texts("vpc_config.public_access_cidrs", "ResourcesVpcConfig.PublicAccessCidrs")
    security_groups = references(
        _IN_VPC, "ResourcesVpcConfig.SecurityGroupIds", to=("SecurityGroup",)
    )
    elastic_ips = references(None, None, to=("ElasticIp",))


class Pipe(ServiceInterfaces):
    """A pipe of EventBridge, which may run tasks of ECS."""

    terraform = ("aws_pipes_pipe",)
    cloudformation = ("AWS::Pipes::Pipe",)
    names = ("name",)

    name = text("name", "Name")
    security_groups = references(_PIPE, _STACK_PIPE, to=("SecurityGroup",))
    elastic_ips = references(None, None, to=("ElasticIp",))


class WorkWithRole(ServiceInterfaces):
    """A build project, a notebook, an application of Flink: others may have it do their work."""

    terraform: ClassVar[tuple[str, ...]] = (
        "aws_codebuild_project",
        "aws_kinesisanalyticsv2_application",
    )
    cloudformation: ClassVar[tuple[str, ...]] = (
        "AWS::CodeBuild::Project",
        "AWS::KinesisAnalyticsV2::Application",
    )
    names = ("name",)

    name = text(
        "name",
        {
            "AWS::CodeBuild::Project": "Name",
            "AWS::KinesisAnalyticsV2::Application": "ApplicationName",
            "": "NotebookInstanceName",
        },
    )
    role = reference(
        {
            "aws_codebuild_project": "service_role",
            "aws_kinesisanalyticsv2_application": "service_execution_role",
            "": "role_arn",
        },
        {
            "AWS::CodeBuild::Project": "ServiceRole",
            "AWS::KinesisAnalyticsV2::Application": "ServiceExecutionRole",
            "": "RoleArn",
        },
        to=("Role",),
    )
    security_groups = references(
        {
            "aws_codebuild_project": _IN_VPC,
            "aws_kinesisanalyticsv2_application": _APPLICATION,
            "": "security_groups",
        },
        {
            "AWS::CodeBuild::Project": "VpcConfig.SecurityGroupIds",
            "AWS::KinesisAnalyticsV2::Application": f"{_STACK_APPLICATION}.SecurityGroupIds",
            "": "SecurityGroupIds",
        },
        to=("SecurityGroup",),
    )
    elastic_ips = references(None, None, to=("ElasticIp",))


class VerifiedAccessEndpoint(ServiceInterfaces):
    """An application that Verified Access leads its users to, whatever its group's policy admits.

    Attributes:
        cidr: The addresses that an endpoint of the type ``cidr`` leads to, whatever has them.

    Source: Verified Access User Guide, "Verified Access endpoints".
    """

    terraform = ("aws_verifiedaccess_endpoint",)
    cloudformation = ("AWS::EC2::VerifiedAccessEndpoint",)

    cidr = text("cidr_options.cidr", "CidrOptions.Cidr")
    endpoint = reference(
        (
            "network_interface_options.network_interface_id",
            "load_balancer_options.load_balancer_arn",
        ),
        ("NetworkInterfaceOptions.NetworkInterfaceId", "LoadBalancerOptions.LoadBalancerArn"),
        to=("NetworkInterface", "Instance", "LoadBalancer"),
    )
    security_groups = references(_OWN, "SecurityGroupIds", to=("SecurityGroup",))
    elastic_ips = references(None, None, to=("ElasticIp",))
