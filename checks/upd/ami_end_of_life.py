from collections.abc import Iterator

from iac_ec2lint.api import Check, Graph, Severity, Verdict, parameter
from iac_ec2lint.api.compute import HOST_TYPES
from iac_ec2lint.api.resources import (
    ImageCopy,
    ImageDataSource,
    ImageRecipe,
    InstanceImage,
    RegisteredImage,
    SsmParameterDataSource,
)
from iac_ec2lint.api.upkeep import (
    LaunchedImage,
    NamedImage,
    day_of_image_data,
    image_day,
    image_system,
    launched_images,
)


class AmiEndOfLife(Check):
    """Instances start from an image whose operating system gets no security updates any more.

    ## Why it matters
    What is found in such a system after its last day stays open on every instance, and no agent or
    patch baseline can close it: nobody makes the patch. An image that is pinned to an old day
    misses all that was mended since, until each instance has updated itself.

    What has ended is judged as of the day of the bundled data, so that findings change with a new
    version of this program and not overnight. Set `today` to judge as of another day.

    ## Fails
    ```hcl
    data "aws_ami" "base" {
      most_recent = true
      owners      = ["099720109477"]
      filter {
        name   = "name"
        values = ["ubuntu/images/hvm-ssd/ubuntu-bionic-18.04-amd64-server-*"]
      }
    }

    resource "aws_instance" "web" {
      ami           = data.aws_ami.base.id
      instance_type = "m7i.large"
    }
    ```

    ```yaml
    Resources:
      Web:
        Type: AWS::EC2::Instance
        Properties:
          ImageId: "{{resolve:ssm:/aws/service/canonical/ubuntu/server/18.04/stable/current/amd64/hvm/ebs-gp3/ami-id}}"
          InstanceType: m7i.large
    ```

    ## Passes
    ```diff hcl
     data "aws_ami" "base" {
    -    values = ["ubuntu/images/hvm-ssd/ubuntu-bionic-18.04-amd64-server-*"]
    +    values = ["ubuntu/images/hvm-ssd-gp3/ubuntu-noble-24.04-amd64-server-*"]
    ```

    ```diff yaml
    -      ImageId: "{{resolve:ssm:/aws/service/canonical/ubuntu/server/18.04/stable/current/amd64/hvm/ebs-gp3/ami-id}}"
    +      ImageId: "{{resolve:ssm:/aws/service/canonical/ubuntu/server/24.04/stable/current/amd64/hvm/ebs-gp3/ami-id}}"
    ```

    ## How to mend it
    Follow a supported release, by its public parameter of Systems Manager or by its name.

    ## References
    - [Update management in Amazon EC2](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/update-management.html)
    - [Deprecate an Amazon EC2 AMI](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ami-deprecate.html)
    - [endoflife.date](https://endoflife.date/)
    """  # noqa: E501 - the path of a parameter is one line

    code = "UPD006"
    name = "ami-end-of-life"
    severity = Severity.MEDIUM
    since = "0.1.0"
    types = (
        *HOST_TYPES,
        ImageCopy,
        ImageDataSource,
        ImageRecipe,
        InstanceImage,
        RegisteredImage,
        SsmParameterDataSource,
    )

    max_age_days = parameter.integer(
        default=365,
        minimum=1,
        maximum=10000,
        help="How old the day in the name of a public image may be.",
    )
    today = parameter.day(
        default="", help="The day as of which images are judged; empty for that of the data."
    )

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each image of a host or a recipe that is, or may be, at its end."""
        for image in launched_images(graph):
            day = self.today or day_of_image_data()
            supported = image.is_supported(day)
            deprecated = image.is_deprecated(day)
            current = image.is_current(day, self.max_age_days)
            fine = supported & ~deprecated & current
            if fine.truth is True:
                continue
            at = _telling(image) or image
            ended = supported.truth is False
            if not ended and deprecated.truth is True and image.deprecated is not None:
                at = image.deprecated
            yield Verdict(
                subject=image.host,
                at=at.place,
                resource=at.resource,
                message=_words(image, supported.truth, deprecated.truth, current.truth),
                undecided=fine.truth is None,
                causes=fine.causes,
                assumptions=fine.assumptions,
            )


def _telling(image: LaunchedImage) -> NamedImage | None:
    """The name that says what the image is, of several that it has to match."""
    texts = [(one, one.name.text or "") for one in image.names]
    told = (one for one, text in texts if image_system(text) or image_day(text))
    return next(told, next(iter(image.names), image.beside))


def _words(
    image: LaunchedImage, supported: bool | None, deprecated: bool | None, current: bool | None
) -> str:
    """What is wrong with an image, the worst first."""
    telling = _telling(image)
    name = (telling.name.text if telling is not None else None) or ""
    found = image_system(name)
    if supported is False:
        if found is None:
            return "the operating system of the image gets no security updates any more"
        return f"{found[0]} has had no security updates since {found[1]}"
    if deprecated is True:
        since = (image.deprecated.name.text if image.deprecated is not None else None) or ""
        return f"the image is deprecated since {since[:10]}" if since else "the image is deprecated"
    if current is False:
        day = image_day(name)
        if day is None and not image.names:
            return "the image is years old: its id is of the short form of before July 2018"
        return f"the image is pinned to {day or 'an old day'}"
    return "whether the image still gets security updates is not known"
