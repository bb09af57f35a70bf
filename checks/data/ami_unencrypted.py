from collections.abc import Iterator

from iac_ec2lint.api import Check, Graph, Severity, Verdict, require
from iac_ec2lint.api.encryption import encryption_of_images
from iac_ec2lint.api.resources import (
    DistributionConfiguration,
    ImageCopy,
    ImageRecipe,
    InstanceImage,
    RegisteredImage,
)


class AmiUnencrypted(Check):
    """A machine image is built, copied or distributed with unencrypted volumes.

    ## Why it matters
    The image's snapshots hold everything that was on the disk when it was made. Unencrypted, they
    can be shared with any account; and each instance starts with an unencrypted volume.

    ## Fails
    ```hcl
    resource "aws_ami_copy" "base" {
      name              = "base"
      source_ami_id     = "ami-0123456789abcdef0"
      source_ami_region = "eu-west-1"
    }
    ```
    ```yaml
    Resources:
      Base:
        Type: AWS::ImageBuilder::ImageRecipe
        Properties:
          Name: base
          Version: 1.0.0
          ParentImage: arn:aws:imagebuilder:eu-west-1:aws:image/amazon-linux-2-x86/x.x.x
          BlockDeviceMappings:
            - DeviceName: /dev/xvda
              Ebs: {Encrypted: false}
    ```

    ## Passes
    ```diff hcl
       source_ami_region = "eu-west-1"
    +  encrypted         = true
    ```
    ```diff yaml
    -          Ebs: {Encrypted: false}
    +          Ebs: {Encrypted: true}
    ```

    ## How to mend it
    Set `encrypted` (`Encrypted`) to true where the image is registered or copied.

    ## References
    - [Use encryption with EBS-backed AMIs](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/AMIEncryption.html)
    """

    code = "DATA005"
    name = "ami-unencrypted"
    severity = Severity.HIGH
    since = "0.1.0"
    types = (DistributionConfiguration, ImageCopy, ImageRecipe, InstanceImage, RegisteredImage)

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each disk of an image that is, or may be, unencrypted."""
        for image in encryption_of_images(graph):
            yield from require(
                image.encrypted,
                of=image.subject,
                at=image.place,
                otherwise=f"the image is not encrypted: {image.words}",
                perhaps=f"the image may not be encrypted: {image.words}",
            )
