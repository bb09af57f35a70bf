from collections.abc import Iterator

from iac_ec2lint.api import Check, Evidence, Graph, Severity, Verdict
from iac_ec2lint.api.compute import HOST_TYPES, access_key_flows
from iac_ec2lint.api.resources import (
    IamAccessKey,
    MaintenanceWindowTask,
    NullResource,
    SsmAssociation,
    SsmDocument,
    SsmParameter,
    UnreadModule,
)


class AccessKeyGivenToInstance(Check):
    """A long-lived access key of a user is made and handed to an instance.

    ## Why it matters
    An access key never ends, and works from anywhere. In user data every process on the host reads
    it, and everyone who may describe the instance or its launch template; it also stands in
    Terraform's state, or in the stack. A role gives the same permissions by credentials that change
    by themselves and are never written down.

    Keys that are made in the same configuration are followed through locals, templates, modules,
    outputs, `Ref`, `Fn::GetAtt` and `Fn::Sub` to user data, to metadata for cfn-init, to tags of
    what is launched, to documents of Systems Manager and what these are given, to what provisioners
    put on hosts, and to parameters that a boot script reads. Of a command that runs where Terraform
    does, and of a parameter that no script here names, it is undecided whether an instance gets the
    key. The secret half in user data, metadata, a tag or a document is critical, as any secret
    there; the rest is high. An id is not told beside its secret, and reports quote no key.

    ## Fails
    ```hcl
    resource "aws_iam_user" "uploads" {
      name = "uploads"
    }
    resource "aws_iam_access_key" "uploads" {
      user = aws_iam_user.uploads.name
    }
    resource "aws_instance" "web" {
      ami       = "ami-0123456789abcdef0"
      user_data = <<-SCRIPT
        #!/bin/bash
        aws configure set aws_access_key_id ${aws_iam_access_key.uploads.id}
        aws configure set aws_secret_access_key ${aws_iam_access_key.uploads.secret}
      SCRIPT
    }
    ```
    ```yaml
    Resources:
      Uploads:
        Type: AWS::IAM::User
      Key:
        Type: AWS::IAM::AccessKey
        Properties:
          UserName: !Ref Uploads
      Web:
        Type: AWS::EC2::Instance
        Properties:
          ImageId: ami-0123456789abcdef0
          UserData:
            Fn::Base64: !Sub |
              #!/bin/bash
              aws configure set aws_access_key_id ${Key}
              aws configure set aws_secret_access_key ${Key.SecretAccessKey}
    ```

    ## Passes
    ```hcl
    resource "aws_iam_role" "uploads" {
      assume_role_policy = "{}"
    }
    resource "aws_iam_instance_profile" "uploads" {
      role = aws_iam_role.uploads.name
    }
    resource "aws_instance" "web" {
      ami                  = "ami-0123456789abcdef0"
      iam_instance_profile = aws_iam_instance_profile.uploads.name
    }
    ```
    ```yaml
    Resources:
      Uploads:
        Type: AWS::IAM::Role
        Properties:
          AssumeRolePolicyDocument: {}
      Profile:
        Type: AWS::IAM::InstanceProfile
        Properties:
          Roles: [!Ref Uploads]
      Web:
        Type: AWS::EC2::Instance
        Properties:
          ImageId: ami-0123456789abcdef0
          IamInstanceProfile: !Ref Profile
    ```

    ## How to mend it
    Delete the key, and give the permissions of its user to the role of the instance.

    ## References
    - [IAM roles for Amazon EC2](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/iam-roles-for-amazon-ec2.html)
    - [Security best practices in IAM](https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html)
    """

    code = "IAM017"
    name = "access-key-given-to-instance"
    severity = Severity.CRITICAL
    since = "0.1.0"
    types = (
        *HOST_TYPES,
        IamAccessKey,
        MaintenanceWindowTask,
        NullResource,
        SsmAssociation,
        SsmDocument,
        SsmParameter,
        UnreadModule,
    )

    supersedes = ("DATA007", "DATA008")

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each place at which an access key is handed to an instance, or may be."""
        flows = tuple(access_key_flows(graph))
        # Where its secret half goes to the same place, its id adds nothing.
        ends = [(flow.key.address, flow.resource.address, flow.whole.span.key) for flow in flows]
        both = {e for e, f in zip(ends, flows, strict=True) if f.is_secret and f.answer.truth}
        for end, flow in zip(ends, flows, strict=True):
            if not flow.is_secret and end in both:
                continue
            undecided = flow.answer.truth is None
            verb = "may go" if undecided else "goes"
            yield Verdict(
                subject=flow.resource,
                at=flow.place,
                message=f"the access key {flow.key.address} {verb} to {flow.words}",
                undecided=undecided,
                causes=flow.answer.causes if undecided else (),
                severity=None if flow.is_secret and flow.is_shown else Severity.HIGH,
                assumptions=flow.answer.assumptions,
                evidence=(
                    Evidence(flow.key.span, "the key is made here", flow.key.address),
                    Evidence(
                        flow.whole.span,
                        f"{flow.resource.address} has it",
                        flow.resource.address,
                        quotable=False,
                    ),
                ),
                value=flow.key.address,
                quotable=False,
            )
