from collections.abc import Iterator
from typing import NamedTuple

from iac_ec2lint.api import Answer, Check, Graph, Place, Severity, Verdict
from iac_ec2lint.api.resources import ImageBuild

_IMAGES = frozenset({"aws_imagebuilder_image", "AWS::ImageBuilder::Image"})


class ImagePipelineNotMaintained(Check):
    """An Image Builder pipeline does not rebuild, test or scan its image.

    ## Why it matters
    An image is as old as its last build. A pipeline that is switched off or has no schedule builds
    nothing by itself, so that patches reach instances when somebody remembers them; without tests
    a broken image is handed out, and without scanning Amazon Inspector looks for known
    vulnerabilities only on the instances that run it already.

    Tests are on unless they are switched off; scanning is off unless it is switched on. A single
    image has no schedule.

    ## Fails
    ```hcl
    resource "aws_imagebuilder_image_pipeline" "base" {
      name                             = "base"
      image_recipe_arn                 = "arn:aws:imagebuilder:eu-west-1:123456789012:image-recipe/base/1.0.0"
      infrastructure_configuration_arn = "arn:aws:imagebuilder:eu-west-1:123456789012:infrastructure-configuration/base"
      status                           = "DISABLED"
    }
    ```
    ```yaml
    Resources:
      Pipeline:
        Type: AWS::ImageBuilder::ImagePipeline
        Properties:
          Name: base
          ImageRecipeArn: arn:aws:imagebuilder:eu-west-1:123456789012:image-recipe/base/1.0.0
          InfrastructureConfigurationArn: arn:aws:imagebuilder:eu-west-1:123456789012:infrastructure-configuration/base
    ```

    ## Passes
    ```diff hcl
    -  status                           = "DISABLED"
    +  schedule {
    +    schedule_expression = "cron(0 0 ? * sun *)"
    +  }
    +  image_scanning_configuration {
    +    image_scanning_enabled = true
    +  }
    ```
    ```diff yaml
           InfrastructureConfigurationArn: arn:aws:imagebuilder:eu-west-1:123456789012:infrastructure-configuration/base
    +      Schedule: {ScheduleExpression: cron(0 0 ? * sun *)}
    +      ImageScanningConfiguration: {ImageScanningEnabled: true}
    ```

    ## How to mend it
    Give the pipeline a schedule, and enable its tests and its image scanning.

    ## References
    - [Manage image pipelines](https://docs.aws.amazon.com/imagebuilder/latest/userguide/ib-pipelines.html)
    - [Image scanning with Amazon Inspector](https://docs.aws.amazon.com/imagebuilder/latest/userguide/integ-inspector.html)
    - [Update management in Amazon EC2](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/update-management.html)
    """  # noqa: E501 - an ARN is one word

    code = "UPD010"
    name = "image-pipeline-not-maintained"
    severity = Severity.LOW
    since = "0.1.0"
    types = (ImageBuild,)

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each pipeline or image: of all that is not done, at the first of it."""
        for build in graph.all(ImageBuild):
            wanted = list(_wanted(build))
            wrong = [one for one in wanted if one.done.truth is False]
            found = wrong or [one for one in wanted if one.done.truth is None]
            if found:
                yield Verdict(
                    subject=build,
                    at=found[0].place,
                    message=", and ".join(one.failing if wrong else one.perhaps for one in found),
                    undecided=not wrong,
                    causes=() if wrong else tuple(c for one in found for c in one.done.causes),
                    value=" ".join(one.place.attribute for one in found),
                )


class _Wanted(NamedTuple):
    """Something that is to be done, and what it is to say that it is not, or may not be."""

    done: Answer
    place: Place
    failing: str
    perhaps: str


def _wanted(build: ImageBuild) -> Iterator[_Wanted]:
    if build.type not in _IMAGES:
        yield _Wanted(
            ~build.equals("status", "DISABLED"),
            build.place("status"),
            "the pipeline is disabled",
            "the pipeline may be disabled",
        )
        yield _Wanted(
            build.is_set("schedule"),
            build.place("schedule"),
            "the pipeline has no schedule",
            "the pipeline may have no schedule",
        )
    yield _Wanted(
        ~build.equals("tests_enabled", False),
        build.place("tests_enabled"),
        "the image is not tested",
        "the image may not be tested",
    )
    yield _Wanted(
        build.equals("scanning_enabled", True),
        build.place("scanning_enabled"),
        "the image is not scanned for vulnerabilities",
        "the image may not be scanned for vulnerabilities",
    )
