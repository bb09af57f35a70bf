"""Notebook instances of SageMaker AI."""

from iac_ec2lint.resources.field import text
from iac_ec2lint.resources.service_interfaces import WorkWithRole


class NotebookInstance(WorkWithRole):
    """A notebook instance, which stands in AWS's account and has an interface in the user's VPC.

    Nobody gets in by that interface: a notebook is opened by a URL that AWS signs for a principal.
    Source: Amazon SageMaker AI Developer Guide, "Connect a notebook instance in a VPC to external
    resources", and API Reference, ``InstanceMetadataServiceConfiguration``.

    Attributes:
        metadata_version: The least version of the metadata service that is answered.
    """

    terraform = ("aws_sagemaker_notebook_instance",)
    cloudformation = ("AWS::SageMaker::NotebookInstance",)

    metadata_version = text(
        "instance_metadata_service_configuration.minimum_instance_metadata_service_version",
        "InstanceMetadataServiceConfiguration.MinimumInstanceMetadataServiceVersion",
        implied="1",
    )
