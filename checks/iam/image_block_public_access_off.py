from collections.abc import Iterator

from iac_ec2lint.api import Check, Graph, Severity, Verdict, parameter, require, set_to
from iac_ec2lint.api.compute import omits
from iac_ec2lint.api.resources import ImageBlockPublicAccess


class ImageBlockPublicAccessOff(Check):
    """Block Public Access for machine images is declared and left off.

    ## Why it matters
    With it on, no image of the Region can be made public, whoever tries and by whatever mistake.
    AWS has it on in new accounts; a declaration that leaves it off may switch that off.

    ## Fails
    ```hcl
    resource "aws_ec2_image_block_public_access" "region" {
      state = "unblocked"
    }
    ```

    ## Passes
    ```hcl
    resource "aws_ec2_image_block_public_access" "region" {
      state = "block-new-sharing"
    }
    ```

    ## How to mend it
    Set `state = "block-new-sharing"`. Images that are public already stay so: take their
    permissions back.

    ## References
    - [Block public access for AMIs](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/block-public-access-to-amis.html)
    """

    code = "IAM004"
    name = "image-block-public-access-off"
    severity = Severity.MEDIUM
    since = "0.1.0"
    types = (ImageBlockPublicAccess,)
    of_units = True

    require = parameter.boolean(
        default=False, help="Whether a root module that manages account settings must declare it."
    )

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each Region's setting that lets images be made public."""
        for setting in graph.all(ImageBlockPublicAccess):
            yield from require(
                setting.equals("state", "block-new-sharing"),
                of=setting,
                at=setting.place("state"),
                otherwise="images may be made public: state is unblocked",
                perhaps="images may be made public: state is not known",
                fix=set_to("block-new-sharing"),
            )
        if self.require and omits(graph, ImageBlockPublicAccess):
            yield Verdict(
                subject=graph.unit,
                at=graph.unit,
                message="public sharing of images is not declared to be blocked",
            )
