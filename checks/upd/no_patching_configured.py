from collections.abc import Iterator

from iac_ec2lint.api import Check, Evidence, Graph, Severity, Verdict, require
from iac_ec2lint.api.compute import HOST_TYPES
from iac_ec2lint.api.resources import MaintenanceWindowTask, SsmAssociation
from iac_ec2lint.api.upkeep import patched_hosts, updates
from iac_ec2lint.api.verdicts import whole_resource

_SHOWN = 3
"""How many more hosts the evidence names."""


class NoPatchingConfigured(Check):
    """Instances are declared, and nothing beside them installs updates of the operating system.

    ## Why it matters
    Most of what is exploited has a patch that is months old. Instances that nothing patches are as
    old as their image, and get older.

    It is one finding for a root module or a stack that declares instances, where nothing in it
    installs updates on any of them: no association and no task of a maintenance window that runs
    `AWS-RunPatchBaseline` with `Install`, or `AWS-PatchAsgInstance`, and no boot script that sets
    up `unattended-upgrades`, `dnf-automatic` or `yum-cron`. It stands at one of the instances. An
    image pipeline that is declared beside them leaves it undecided. Patching is often arranged for
    a whole account: therefore the check runs only where it is asked for.

    ## Fails
    ```hcl
    resource "aws_instance" "web" {
      ami = "ami-0123456789abcdef0"
    }
    ```
    ```yaml
    Resources:
      Web:
        Type: AWS::EC2::Instance
        Properties:
          ImageId: ami-0123456789abcdef0
    ```

    ## Passes
    ```hcl
    resource "aws_instance" "web" {
      ami  = "ami-0123456789abcdef0"
      tags = { Patch = "weekly" }
    }
    resource "aws_ssm_association" "patches" {
      name                = "AWS-RunPatchBaseline"
      parameters          = { Operation = "Install" }
      schedule_expression = "cron(0 2 ? * SUN *)"
      targets {
        key    = "tag:Patch"
        values = ["weekly"]
      }
    }
    ```
    ```diff yaml
           ImageId: ami-0123456789abcdef0
    +      Tags: [{Key: Patch, Value: weekly}]
    +  Patches:
    +    Type: AWS::SSM::Association
    +    Properties:
    +      Name: AWS-RunPatchBaseline
    +      Parameters: {Operation: [Install]}
    +      ScheduleExpression: cron(0 2 ? * SUN *)
    +      Targets: [{Key: "tag:Patch", Values: [weekly]}]
    ```

    ## How to mend it
    Schedule an association of `AWS-RunPatchBaseline` with `Operation = Install`.

    ## References
    - [Update management in Amazon EC2](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/update-management.html)
    - [About the AWS-RunPatchBaseline document](https://docs.aws.amazon.com/systems-manager/latest/userguide/patch-manager-aws-runpatchbaseline.html)
    """

    code = "UPD002"
    name = "no-patching-configured"
    severity = Severity.LOW
    since = "0.1.0"
    types = (*HOST_TYPES, MaintenanceWindowTask, SsmAssociation)
    supplied_by = (MaintenanceWindowTask, SsmAssociation)
    default = False

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict where a root module has instances and nothing that updates any of them."""
        hosts = patched_hosts(graph)
        if not hosts or not graph.unit.is_root:
            return
        first, *others = hosts
        yield from require(
            updates(graph),
            of=first,
            at=whole_resource(first),
            otherwise="nothing that is declared here installs updates on the instances",
            perhaps="whether anything here installs updates on the instances is not known",
            evidence=tuple(
                Evidence(host.span, f"{host.address} is not updated", host.address)
                for host in others[:_SHOWN]
            ),
        )
