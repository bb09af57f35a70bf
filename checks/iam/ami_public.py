from collections.abc import Iterator

from iac_ec2lint.api import Check, Graph, Severity, Verdict
from iac_ec2lint.api.compute import HOST_TYPES
from iac_ec2lint.api.resources import (
    Component,
    DistributionConfiguration,
    ImageLaunchPermission,
    ImageRecipe,
    InstanceImage,
    NullResource,
)
from iac_ec2lint.api.verdicts import public_shares


class AmiPublic(Check):
    """A machine image may be launched by every AWS account.

    ## Why it matters
    Whoever launches an image reads all that is on its disks: code, keys, shell histories, files
    that were deleted. Public images are listed for every account, and looked through within hours
    of their appearing. A customer of a vendor needs one; hardly anybody else shares with strangers.

    Judged are launch permissions, the distributions of Image Builder, and the command
    `aws ec2 modify-image-attribute` in boot scripts, components of Image Builder and provisioners.
    Where the same configuration blocks public sharing of images, AWS refuses the permission: the
    finding is medium then.

    ## Fails
    ```hcl
    resource "aws_ami_launch_permission" "appliance" {
      image_id = "ami-0123456789abcdef0"
      group    = "all"
    }
    ```
    ```yaml
    Resources:
      Distribution:
        Type: AWS::ImageBuilder::DistributionConfiguration
        Properties:
          Name: appliance
          Distributions:
            - Region: eu-west-1
              AmiDistributionConfiguration:
                LaunchPermissionConfiguration: {UserGroups: [all]}
    ```

    ## Passes
    ```diff hcl
    -  group    = "all"
    +  account_id = "111122223333"
    ```
    ```diff yaml
    -            LaunchPermissionConfiguration: {UserGroups: [all]}
    +            LaunchPermissionConfiguration: {UserIds: ["111122223333"]}
    ```

    ## How to mend it
    Share the image with named accounts or the organization in place of the group `all`. Count what
    was on it as known to others, and change the passwords and keys among that.

    ## References
    - [Make your AMI publicly available for use in Amazon EC2](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/sharingamis-intro.html)
    - [Block public access for AMIs](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/block-public-access-to-amis.html)
    """

    code = "IAM001"
    name = "ami-public"
    severity = Severity.CRITICAL
    since = "0.1.0"
    types = (
        *HOST_TYPES,
        Component,
        DistributionConfiguration,
        ImageLaunchPermission,
        ImageRecipe,
        InstanceImage,
        NullResource,
    )

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each permission that makes an image public, or may."""
        yield from public_shares(graph, "image")
