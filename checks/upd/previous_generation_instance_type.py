from collections.abc import Iterator

from iac_ec2lint.api import Check, Graph, Severity, Verdict, require
from iac_ec2lint.api.compute import HOST_TYPES
from iac_ec2lint.api.upkeep import is_previous_generation, type_requests


class PreviousGenerationInstanceType(Check):
    """Instances are launched with a type of a previous generation, whose hardware AWS has left behind.

    ## Why it matters
    Types of previous generations run on Xen or on hardware of the first Nitro years: they encrypt
    neither traffic nor memory, have no enclaves and no NitroTPM. AWS builds no more of them, so
    that a Zone runs out of capacity, and a stopped instance may not start again.

    ## Fails
    ```hcl
    resource "aws_instance" "web" {
      ami           = "ami-0123456789abcdef0"
      instance_type = "m4.large"
    }
    ```

    ```yaml
    Resources:
      Web:
        Type: AWS::EC2::Instance
        Properties:
          ImageId: ami-0123456789abcdef0
          InstanceType: m4.large
    ```

    ## Passes
    ```diff hcl
    -  instance_type = "m4.large"
    +  instance_type = "m7i.large"
    ```

    ```diff yaml
    -      InstanceType: m4.large
    +      InstanceType: m7i.large
    ```

    ## How to mend it
    Choose a type of the current generation. An image for Xen needs the ENA and NVMe drivers first.

    ## References
    - [Previous generation instances](https://aws.amazon.com/ec2/previous-generation/)
    - [Change the instance type](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-instance-resize.html)
    """  # noqa: E501 - the summary is one line

    code = "UPD007"
    name = "previous-generation-instance-type"
    severity = Severity.LOW
    since = "0.1.0"
    types = HOST_TYPES

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each place that asks for a type of a previous generation."""
        for request in type_requests(graph):
            yield from require(
                ~request.answers(is_previous_generation),
                of=request.launch.host,
                at=request.place,
                resource=request.resource,
                otherwise=f"{request.words} is of a previous generation",
                perhaps=f"{request.words} may be of a previous generation",
            )
