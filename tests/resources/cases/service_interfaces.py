"""Cases of the classes in ``resources/service_interfaces.py``."""

from __future__ import annotations

from tests.graph.declarations import Plain, ref
from tests.resources.case import Case, Pair, Single
from tests.resources.settings import GROUP


def inside(path: str) -> dict[str, Plain]:
    """Groups below a path, as the blocks or maps that it names."""
    made: Plain = [GROUP]
    for step in reversed(path.split(".")):
        made = {step: made}
    assert isinstance(made, dict)
    return made


def blocks(path: str) -> dict[str, Plain]:
    """The same where each step but the last is a block."""
    *outer, last = path.split(".")
    made: dict[str, Plain] = {last: [GROUP]}
    for step in reversed(outer):
        made = {step: [made]}
    return made


ALIKE: list[Case] = [
    Pair(terraform, blocks(written), cloudformation, inside(named))
    for terraform, written, cloudformation, named in (
        (
            "aws_appstream_fleet",
            "vpc_config.security_group_ids",
            "AWS::AppStream::Fleet",
            "VpcConfig.SecurityGroupIds",
        ),
        (
            "aws_codebuild_project",
            "vpc_config.security_group_ids",
            "AWS::CodeBuild::Project",
            "VpcConfig.SecurityGroupIds",
        ),
        (
            "aws_dms_replication_instance",
            "vpc_security_group_ids",
            "AWS::DMS::ReplicationInstance",
            "VpcSecurityGroupIds",
        ),
        (
            "aws_eks_cluster",
            "vpc_config.security_group_ids",
            "AWS::EKS::Cluster",
            "ResourcesVpcConfig.SecurityGroupIds",
        ),
        (
            "aws_mwaa_environment",
            "network_configuration.security_group_ids",
            "AWS::MWAA::Environment",
            "NetworkConfiguration.SecurityGroupIds",
        ),
        (
            "aws_transfer_server",
            "endpoint_details.security_group_ids",
            "AWS::Transfer::Server",
            "EndpointDetails.SecurityGroupIds",
        ),
        (
            "aws_verifiedaccess_endpoint",
            "security_group_ids",
            "AWS::EC2::VerifiedAccessEndpoint",
            "SecurityGroupIds",
        ),
        (
            "aws_apprunner_vpc_connector",
            "security_groups",
            "AWS::AppRunner::VpcConnector",
            "SecurityGroups",
        ),
        (
            "aws_datasync_location_efs",
            "ec2_config.security_group_arns",
            "AWS::DataSync::LocationEFS",
            "Ec2Config.SecurityGroupArns",
        ),
        (
            "aws_emrserverless_application",
            "network_configuration.security_group_ids",
            "AWS::EMRServerless::Application",
            "NetworkConfiguration.SecurityGroupIds",
        ),
        (
            "aws_fsx_lustre_file_system",
            "security_group_ids",
            "AWS::FSx::FileSystem",
            "SecurityGroupIds",
        ),
        (
            "aws_fsx_ontap_file_system",
            "security_group_ids",
            "AWS::FSx::FileSystem",
            "SecurityGroupIds",
        ),
        (
            "aws_fsx_openzfs_file_system",
            "security_group_ids",
            "AWS::FSx::FileSystem",
            "SecurityGroupIds",
        ),
        (
            "aws_fsx_windows_file_system",
            "security_group_ids",
            "AWS::FSx::FileSystem",
            "SecurityGroupIds",
        ),
        (
            "aws_glue_connection",
            "physical_connection_requirements.security_group_id_list",
            "AWS::Glue::Connection",
            "ConnectionInput.PhysicalConnectionRequirements.SecurityGroupIdList",
        ),
        (
            "aws_mskconnect_connector",
            "kafka_cluster.apache_kafka_cluster.vpc.security_groups",
            "AWS::KafkaConnect::Connector",
            "KafkaCluster.ApacheKafkaCluster.Vpc.SecurityGroups",
        ),
        (
            "aws_quicksight_vpc_connection",
            "security_group_ids",
            "AWS::QuickSight::VPCConnection",
            "SecurityGroupIds",
        ),
        (
            "aws_appstream_image_builder",
            "vpc_config.security_group_ids",
            "AWS::AppStream::ImageBuilder",
            "VpcConfig.SecurityGroupIds",
        ),
        (
            "aws_codebuild_fleet",
            "vpc_config.security_group_ids",
            "AWS::CodeBuild::Fleet",
            "FleetVpcConfig.SecurityGroupIds",
        ),
        (
            "aws_dms_replication_config",
            "compute_config.vpc_security_group_ids",
            "AWS::DMS::ReplicationConfig",
            "ComputeConfig.VpcSecurityGroupIds",
        ),
        (
            "aws_grafana_workspace",
            "vpc_configuration.security_group_ids",
            "AWS::Grafana::Workspace",
            "VpcConfiguration.SecurityGroupIds",
        ),
        (
            "aws_m2_environment",
            "security_group_ids",
            "AWS::M2::Environment",
            "SecurityGroupIds",
        ),
        (
            "aws_msk_vpc_connection",
            "security_groups",
            "AWS::MSK::VpcConnection",
            "SecurityGroups",
        ),
        (
            "aws_opensearchserverless_vpc_endpoint",
            "security_group_ids",
            "AWS::OpenSearchServerless::VpcEndpoint",
            "SecurityGroupIds",
        ),
        (
            "aws_prometheus_scraper",
            "source.eks.security_group_ids",
            "AWS::APS::Scraper",
            "Source.EksConfiguration.SecurityGroupIds",
        ),
        (
            "aws_sagemaker_model",
            "vpc_config.security_group_ids",
            "AWS::SageMaker::Model",
            "VpcConfig.SecurityGroupIds",
        ),
        (
            "aws_workspacesweb_network_settings",
            "security_group_ids",
            "AWS::WorkSpacesWeb::NetworkSettings",
            "SecurityGroupIds",
        ),
        (
            "aws_pipes_pipe",
            (
                "target_parameters.ecs_task_parameters.network_configuration"
                ".aws_vpc_configuration.security_groups"
            ),
            "AWS::Pipes::Pipe",
            (
                "TargetParameters.EcsTaskParameters.NetworkConfiguration"
                ".AwsvpcConfiguration.SecurityGroups"
            ),
        ),
    )
]
CASES: list[Case] = [
    *ALIKE,
    *(
        Single(terraform, blocks(written), {"security_groups": [("->", "sg")]})
        for terraform, written in (
            ("aws_devicefarm_test_grid_project", "vpc_config.security_group_ids"),
            ("aws_fsx_file_cache", "security_group_ids"),
        )
    ),
    Single(
        "aws_workspaces_directory",
        {"workspace_creation_properties": [{"custom_security_group_id": GROUP}]},
        {"security_groups": [("->", "sg")]},
    ),
    Pair(
        "aws_codebuild_project",
        {"name": "p", "service_role": ref("r")},
        "AWS::CodeBuild::Project",
        {"Name": "p", "ServiceRole": ref("r")},
    ),
    Pair(
        "aws_kinesisanalyticsv2_application",
        {
            "name": "a",
            "service_execution_role": ref("r"),
            "application_configuration": [{"vpc_configuration": [{"security_group_ids": [GROUP]}]}],
        },
        "AWS::KinesisAnalyticsV2::Application",
        {
            "ApplicationName": "a",
            "ServiceExecutionRole": ref("r"),
            "ApplicationConfiguration": {"VpcConfigurations": [{"SecurityGroupIds": [GROUP]}]},
        },
    ),
    Pair(
        "aws_transfer_server",
        {"endpoint_details": [{"address_allocation_ids": [ref("eip", "id")]}]},
        "AWS::Transfer::Server",
        {"EndpointDetails": {"AddressAllocationIds": [ref("eip", "AllocationId")]}},
    ),
    Pair(
        "aws_verifiedaccess_endpoint",
        {"network_interface_options": [{"network_interface_id": ref("eni")}]},
        "AWS::EC2::VerifiedAccessEndpoint",
        {"NetworkInterfaceOptions": {"NetworkInterfaceId": ref("eni")}},
    ),
    Pair(
        "aws_verifiedaccess_endpoint",
        {"load_balancer_options": [{"load_balancer_arn": ref("lb", "arn")}]},
        "AWS::EC2::VerifiedAccessEndpoint",
        {"LoadBalancerOptions": {"LoadBalancerArn": ref("lb", "Ref")}},
    ),
    Pair(
        "aws_verifiedaccess_endpoint",
        {"cidr_options": [{"cidr": "10.0.0.0/24"}]},
        "AWS::EC2::VerifiedAccessEndpoint",
        {"CidrOptions": {"Cidr": "10.0.0.0/24"}},
    ),
]
