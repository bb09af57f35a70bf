"""Checks the EC2 resources that Terraform and CloudFormation declare."""

__version__ = "0.1.0"
