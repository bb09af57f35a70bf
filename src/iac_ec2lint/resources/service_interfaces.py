"""What carries security groups on interfaces of AWS services that no check judges."""

from typing import ClassVar

from iac_ec2lint.resources.field import reference, references, text
from iac_ec2lint.resources.part import Resource

_OWN = "security_group_ids"
_IN_VPC = "vpc_config.security_group_ids"


class ServiceInterfaces(Resource):
    """Interfaces that a service makes in a VPC with groups of the user's.

    Whether the internet reaches one of these is not judged, so that of a group which one of them
    carries it is never said that nothing is reached. Sources: each service's guide.

    Attributes:
        worker_groups: Those of the instances of an EMR cluster that are not its first.
    """

    terraform: ClassVar[tuple[str, ...]] = (
        "aws_appstream_fleet",
        "aws_dms_replication_instance",
        "aws_eks_cluster",
        "aws_emr_cluster",
        "aws_memorydb_cluster",
        "aws_mq_broker",
        "aws_msk_cluster",
        "aws_mwaa_environment",
        "aws_transfer_server",
        "aws_verifiedaccess_endpoint",
    )
    cloudformation: ClassVar[tuple[str, ...]] = (
        "AWS::AmazonMQ::Broker",
        "AWS::AppStream::Fleet",
        "AWS::DMS::ReplicationInstance",
        "AWS::EC2::VerifiedAccessEndpoint",
        "AWS::EKS::Cluster",
        "AWS::EMR::Cluster",
        "AWS::MSK::Cluster",
        "AWS::MWAA::Environment",
        "AWS::MemoryDB::Cluster",
        "AWS::Transfer::Server",
    )

    elastic_ips = references(
        {"aws_transfer_server": "endpoint_details.address_allocation_ids", "": None},
        {"AWS::Transfer::Server": "EndpointDetails.AddressAllocationIds", "": None},
        to=("ElasticIp",),
    )
    security_groups = references(
        {
            "aws_appstream_fleet": _IN_VPC,
            "aws_dms_replication_instance": "vpc_security_group_ids",
            "aws_eks_cluster": _IN_VPC,
            "aws_emr_cluster": "ec2_attributes.emr_managed_master_security_group",
            "aws_mq_broker": "security_groups",
            "aws_msk_cluster": "broker_node_group_info.security_groups",
            "aws_mwaa_environment": "network_configuration.security_group_ids",
            "aws_transfer_server": "endpoint_details.security_group_ids",
            "": _OWN,
        },
        {
            "AWS::AmazonMQ::Broker": "SecurityGroups",
            "AWS::AppStream::Fleet": "VpcConfig.SecurityGroupIds",
            "AWS::DMS::ReplicationInstance": "VpcSecurityGroupIds",
            "AWS::EKS::Cluster": "ResourcesVpcConfig.SecurityGroupIds",
            "AWS::EMR::Cluster": "Instances.EmrManagedMasterSecurityGroup",
            "AWS::MSK::Cluster": "BrokerNodeGroupInfo.SecurityGroups",
            "AWS::MWAA::Environment": "NetworkConfiguration.SecurityGroupIds",
            "AWS::Transfer::Server": "EndpointDetails.SecurityGroupIds",
            "": "SecurityGroupIds",
        },
        to=("SecurityGroup",),
    )
    worker_groups = references(
        {"aws_emr_cluster": "ec2_attributes.emr_managed_slave_security_group", "": None},
        {"AWS::EMR::Cluster": "Instances.EmrManagedSlaveSecurityGroup", "": None},
        to=("SecurityGroup",),
    )


class WorkWithRole(ServiceInterfaces):
    """A build project, or a notebook: others may make it do their own work, with its role."""

    terraform = ("aws_codebuild_project", "aws_sagemaker_notebook_instance")
    cloudformation = ("AWS::CodeBuild::Project", "AWS::SageMaker::NotebookInstance")
    names = ("name",)

    name = text("name", {"AWS::CodeBuild::Project": "Name", "": "NotebookInstanceName"})
    role = reference(
        {"aws_codebuild_project": "service_role", "": "role_arn"},
        {"AWS::CodeBuild::Project": "ServiceRole", "": "RoleArn"},
        to=("Role",),
    )
    security_groups = references(
        {"aws_codebuild_project": _IN_VPC, "": "security_groups"},
        {"AWS::CodeBuild::Project": "VpcConfig.SecurityGroupIds", "": "SecurityGroupIds"},
        to=("SecurityGroup",),
    )
    elastic_ips = references(None, None, to=("ElasticIp",))
    worker_groups = references(None, None, to=("SecurityGroup",))
