from collections.abc import Iterator

from iac_ec2lint.api import Check, Graph, Severity, Verdict, require, set_to
from iac_ec2lint.api.compute import HOST_TYPES
from iac_ec2lint.api.resources import ImageDataSource, RegisteredImage
from iac_ec2lint.api.upkeep import (
    accepts_paravirtual_images,
    is_hvm_image,
    looks_up_hvm,
    type_requests,
)


class ParavirtualImage(Check):
    """An image is paravirtual, or an instance type is asked for that still takes such images.

    ## Why it matters
    Paravirtual images start only on types that AWS left behind in 2014: without enhanced
    networking, without Nitro, without what hardware does against attacks on the processor.
    `aws_ami` registers one where nothing is said.

    ## Fails
    ```hcl
    resource "aws_ami" "base" {
      name                = "base"
      root_device_name    = "/dev/xvda"
      ebs_block_device {
        device_name = "/dev/xvda"
        snapshot_id = "snap-0123456789abcdef0"
      }
    }
    ```

    ```yaml
    Resources:
      Old:
        Type: AWS::EC2::Instance
        Properties:
          ImageId: "{{resolve:ssm:/aws/service/ami-amazon-linux-latest/amzn-ami-pv-x86_64-ebs}}"
          InstanceType: m3.medium
    ```

    ## Passes
    ```diff hcl
       root_device_name    = "/dev/xvda"
    +  virtualization_type = "hvm"
    ```

    ```diff yaml
    -      ImageId: "{{resolve:ssm:/aws/service/ami-amazon-linux-latest/amzn-ami-pv-x86_64-ebs}}"
    -      InstanceType: m3.medium
    +      ImageId: "{{resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64}}"
    +      InstanceType: m7i.large
    ```

    ## How to mend it
    Use an HVM image: set `virtualization_type = "hvm"`, or filter for `hvm`.

    ## References
    - [Virtualization types](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ComponentsAMIs.html#virtualization_types)
    """  # noqa: E501 - the path of a parameter is one line

    code = "UPD008"
    name = "paravirtual-image"
    severity = Severity.MEDIUM
    since = "0.1.0"
    types = (*HOST_TYPES, RegisteredImage, ImageDataSource)

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each image, lookup and type that is, or may be, paravirtual."""
        for image in graph.all(RegisteredImage):
            yield from require(
                image.virtualization_type.equals("hvm"),
                of=image,
                at=image.place("virtualization_type"),
                otherwise="the image is registered as paravirtual",
                perhaps="the image may be registered as paravirtual",
                fix=set_to("hvm"),
            )
        for source in graph.all(ImageDataSource):
            lookup = looks_up_hvm(source)
            if lookup is not None:
                yield from require(
                    lookup.answer,
                    of=source,
                    at=lookup.place,
                    otherwise="the lookup finds paravirtual images",
                    perhaps="the lookup may find paravirtual images",
                )
        for request in type_requests(graph):
            hvm = is_hvm_image(graph, request.launch)
            if hvm.truth is False:
                declaring, place = request.launch.place("image")
                yield Verdict(
                    subject=request.launch.host,
                    at=place,
                    resource=declaring,
                    message="the image is paravirtual",
                )
                continue
            accepts = request.answers(accepts_paravirtual_images)
            takes = "takes" if accepts.truth is True else "may take"
            yield from require(
                ~accepts | hvm,
                of=request.launch.host,
                at=request.place,
                resource=request.resource,
                otherwise=f"{request.words} starts a paravirtual image",
                perhaps=f"{request.words} {takes} paravirtual images, and the image may be one",
            )
