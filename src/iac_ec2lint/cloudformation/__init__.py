"""CloudFormation templates, evaluated as a deployment would, into declarations."""
