from collections.abc import Iterator

from iac_ec2lint.api import Check, Evidence, Graph, Severity, Verdict, require
from iac_ec2lint.api.compute import HOST_TYPES
from iac_ec2lint.api.resources import (
    InstanceProfile,
    ManagedPolicy,
    PolicyAttachment,
    Role,
    RolePolicy,
    SsmServiceSetting,
    UnreadModule,
)
from iac_ec2lint.api.upkeep import ssm_management


class InstanceNotManagedBySsm(Check):
    """Systems Manager can neither manage nor patch an instance.

    ## Why it matters
    Patches, inventory and sessions without SSH all go through the agent of Systems Manager, which
    needs permission to report to it. An instance that may not is patched by hand, or never, and
    nobody sees that it is missing from the lists.

    What counts is what instances are launched with in the end, and what the role of their profile
    allows: `ssm:UpdateInstanceInformation`, and messages over `ssmmessages` or `ec2messages`, as
    `AmazonSSMManagedInstanceCore` has it. Default Host Management Configuration counts where it is
    declared; elsewhere it is taken to be off. The agent relies on the metadata service, whoever its
    permissions come from: an instance with `http_endpoint` off is not managed. Of a role that is
    declared elsewhere it is undecided, and so it is of one whose name is given to a module that is
    not on the disk.

    ## Fails
    ```hcl
    resource "aws_iam_role" "web" {
      assume_role_policy = "{}"
    }
    resource "aws_iam_instance_profile" "web" {
      role = aws_iam_role.web.name
    }
    resource "aws_instance" "web" {
      ami                  = "ami-0123456789abcdef0"
      iam_instance_profile = aws_iam_instance_profile.web.name
    }
    ```
    ```yaml
    Resources:
      Role:
        Type: AWS::IAM::Role
        Properties:
          AssumeRolePolicyDocument: {}
      Profile:
        Type: AWS::IAM::InstanceProfile
        Properties:
          Roles: [!Ref Role]
      Web:
        Type: AWS::EC2::Instance
        Properties:
          ImageId: ami-0123456789abcdef0
          IamInstanceProfile: !Ref Profile
    ```

    ## Passes
    ```diff hcl
       iam_instance_profile = aws_iam_instance_profile.web.name
     }
    +resource "aws_iam_role_policy_attachment" "web" {
    +  role       = aws_iam_role.web.name
    +  policy_arn = "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"
    +}
    ```
    ```diff yaml
           AssumeRolePolicyDocument: {}
    +      ManagedPolicyArns: ["arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"]
    ```

    ## How to mend it
    Attach `AmazonSSMManagedInstanceCore` to the role of the instance.

    ## References
    - [Configure instance permissions required for Systems Manager](https://docs.aws.amazon.com/systems-manager/latest/userguide/setup-instance-permissions.html)
    - [Default Host Management Configuration](https://docs.aws.amazon.com/systems-manager/latest/userguide/fleet-manager-default-host-management-configuration.html)
    """

    code = "UPD001"
    name = "instance-not-managed-by-ssm"
    severity = Severity.MEDIUM
    since = "0.1.0"
    types = (*HOST_TYPES, InstanceProfile, Role, SsmServiceSetting, UnreadModule)
    supplied_by = (ManagedPolicy, PolicyAttachment, RolePolicy)
    supersedes = ("IAM006",)

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each way of launching instances that Systems Manager cannot manage."""
        for found in ssm_management(graph):
            host = found.launch.host
            perhaps = "whether Systems Manager can manage the instances is not known"
            if found.mute:
                otherwise = "Systems Manager cannot manage instances whose metadata service is off"
            elif found.role is None:
                otherwise = (
                    "no role that the instances may have lets Systems Manager manage them"
                    if found.has_profile
                    else "Systems Manager cannot manage instances that have no role"
                )
            else:
                name = found.role.address
                otherwise = f"{name} does not let Systems Manager manage its instances"
                perhaps = f"{name} may not let Systems Manager manage its instances"
            words = f"{host.address} is launched with it"
            own = found.declaring == host
            yield from require(
                found.answer,
                of=host,
                at=found.place,
                resource=found.declaring,
                otherwise=otherwise,
                perhaps=perhaps,
                evidence=() if own else (Evidence(host.span, words, host.address),),
            )
