from collections.abc import Iterator

from iac_ec2lint.api import NO, Check, Graph, Severity, Verdict, require, set_to
from iac_ec2lint.api.resources import RegisteredImage


class AmiDoesNotRequireImdsv2(Check):
    """A machine image built here does not mark itself as IMDSv2-only.

    ## Why it matters
    An image marked `v2.0` makes each instance that is launched from it require tokens, unless the
    launch says otherwise. Copies of the image, and images made of its instances, keep the mark.

    ## Fails
    ```hcl
    resource "aws_ami" "base" {
      name             = "base"
      root_device_name = "/dev/xvda"
    }
    ```

    ## Passes
    ```diff hcl
       root_device_name = "/dev/xvda"
    +  imds_support     = "v2.0"
    ```

    ## How to mend it
    Set `imds_support = "v2.0"`.

    ## References
    - [Configure the AMI](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-IMDS-new-instances.html)
    """

    code = "IMDS004"
    name = "ami-does-not-require-imdsv2"
    severity = Severity.LOW
    since = "0.1.0"
    types = (RegisteredImage,)

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each registered image without the mark."""
        for image in graph.all(RegisteredImage):
            support = image.imds_support
            safe = NO if support is None else support.equals("v2.0")
            said = "not set" if support is None else "not known"
            if support is not None and support.text is not None:
                said = f'"{support.text}"'
            yield from require(
                safe,
                of=image,
                at=image.place("imds_support"),
                otherwise=f"the image does not require IMDSv2: imds_support is {said}",
                perhaps=f"the image may not require IMDSv2: imds_support is {said}",
                fix=set_to("v2.0"),
            )
