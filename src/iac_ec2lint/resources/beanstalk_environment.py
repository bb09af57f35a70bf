"""Environments of AWS Elastic Beanstalk, and configurations that are saved for them."""

from __future__ import annotations

from typing import Final, NamedTuple

from iac_ec2lint.resources.field import boolean, reference, references, text
from iac_ec2lint.resources.launch_settings import LaunchSettings
from iac_ec2lint.resources.managed_host import ManagedHost
from iac_ec2lint.resources.part import DataSource, Resource
from iac_ec2lint.resources.spelling import Keyed


class _Option(NamedTuple):
    """A configuration option, in both languages."""

    terraform: Keyed
    cloudformation: Keyed


def _option(namespace: str, name: str) -> _Option:
    """An option (AWS Elastic Beanstalk Developer Guide, "General options")."""
    return _Option(
        Keyed("setting", name, "name", "value", ("namespace", namespace)),
        Keyed("OptionSettings", name, "OptionName", "Value", ("Namespace", namespace)),
    )


_LAUNCH: Final = "aws:autoscaling:launchconfiguration"
_VPC: Final = "aws:ec2:vpc"
_ENVIRONMENT: Final = "aws:elasticbeanstalk:environment"
_BALANCER_GROUPS: Final = (
    _option("aws:elbv2:loadbalancer", "SecurityGroups"),
    _option("aws:elb:loadbalancer", "SecurityGroups"),
)


class BeanstalkSettings(LaunchSettings):
    """What an environment's instances are launched with, and what Beanstalk adds to that.

    Attributes:
        balancer_groups: The groups of the load balancer that Beanstalk makes, where it is told.
        balancer_scheme: ``internal``, or anything else.
        balancer_shared: Whether the load balancer is one that others have too.
        balancer_subnet: Those of the load balancer.
        environment_type: ``SingleInstance`` or ``LoadBalanced``.
        imdsv1_disabled: Whether tokens are required; by default the platform decides.
        platform: The name, or the ARN, of the platform.
        process_port: The port that the load balancer sends requests to.
        solution_stack: The platform, where it is looked up.
        ssh_source: Whom the group that Beanstalk makes lets in to log in:
            ``tcp, 22, 22, 203.0.113.0/24``.
        without_own_group: Whether Beanstalk gives the instances no group of its own.
    """

    associate_public_ip_address = boolean(*_option(_VPC, "AssociatePublicIpAddress"))
    balancer_groups = references(
        tuple(one.terraform for one in _BALANCER_GROUPS),
        tuple(one.cloudformation for one in _BALANCER_GROUPS),
        to=("SecurityGroup",),
    )
    balancer_scheme = text(*_option(_VPC, "ELBScheme"), implied="public")
    balancer_shared = boolean(*_option(_ENVIRONMENT, "LoadBalancerIsShared"), implied=False)
    balancer_subnet = reference(*_option(_VPC, "ELBSubnets"), to=("Subnet",))
    environment_type = text(*_option(_ENVIRONMENT, "EnvironmentType"), implied="LoadBalanced")
    iam_instance_profile = reference(
        *_option(_LAUNCH, "IamInstanceProfile"), to=("InstanceProfile",)
    )
    image = reference(*_option(_LAUNCH, "ImageId"), to=("Image",))
    imdsv1_disabled = boolean(*_option(_LAUNCH, "DisableIMDSv1"))
    instance_type = text(*_option(_LAUNCH, "InstanceType"))
    key_pair = reference(*_option(_LAUNCH, "EC2KeyName"), to=("KeyPair",))
    process_port = text(
        *_option("aws:elasticbeanstalk:environment:process:default", "Port"), implied="80"
    )
    platform = text(("solution_stack_name", "platform_arn"), ("SolutionStackName", "PlatformArn"))
    security_groups = references(*_option(_LAUNCH, "SecurityGroups"), to=("SecurityGroup",))
    solution_stack = reference("solution_stack_name", "SolutionStackName", to=("SolutionStack",))
    ssh_source = text(*_option(_LAUNCH, "SSHSourceRestriction"))
    subnet = reference(*_option(_VPC, "Subnets"), to=("Subnet",))
    without_own_group = boolean(*_option(_LAUNCH, "DisableDefaultEC2SecurityGroup"), implied=False)


class BeanstalkEnvironment(ManagedHost):
    """An environment: instances behind a load balancer that Beanstalk makes, or a single one.

    What it does not say a saved configuration may, and the files of the application
    (AWS Elastic Beanstalk Developer Guide, "Configuration options", "Precedence").

    Attributes:
        balancer_groups: The groups of its load balancer, which is not judged.
        balancer_subnets: Those of the load balancer.
        tier: ``WebServer`` or ``Worker``.
    """

    terraform = ("aws_elastic_beanstalk_environment",)
    cloudformation = ("AWS::ElasticBeanstalk::Environment",)
    settings = (BeanstalkSettings,)
    own_group = "the group that Elastic Beanstalk makes for {} admits nobody else"

    balancer_groups = references(
        tuple(one.terraform for one in _BALANCER_GROUPS),
        tuple(one.cloudformation for one in _BALANCER_GROUPS),
        to=("SecurityGroup",),
    )
    balancer_subnets = references(*_option(_VPC, "ELBSubnets"), to=("Subnet",))
    saved_configuration = reference("template_name", "TemplateName", to=("BeanstalkConfiguration",))
    security_groups = references(*_option(_LAUNCH, "SecurityGroups"), to=("SecurityGroup",))
    tier = text("tier", "Tier.Name", implied="WebServer")


class BeanstalkConfiguration(Resource):
    """A saved configuration: options for the environments that name it."""

    terraform = ("aws_elastic_beanstalk_configuration_template",)
    cloudformation = ("AWS::ElasticBeanstalk::ConfigurationTemplate",)
    names = ("name",)

    name = text("name", None)
    security_groups = references(*_option(_LAUNCH, "SecurityGroups"), to=("SecurityGroup",))


class SolutionStack(DataSource):
    """A platform that is looked up by a pattern of its name."""

    terraform = ("data.aws_elastic_beanstalk_solution_stack",)
    finds = "SolutionStack"

    name_regex = text("name_regex", None)
