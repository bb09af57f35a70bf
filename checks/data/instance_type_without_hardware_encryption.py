from collections.abc import Iterator

from iac_ec2lint.api import Check, Graph, Severity, Verdict, parameter, require
from iac_ec2lint.api.compute import HOST_TYPES
from iac_ec2lint.api.upkeep import encrypts_memory, encrypts_traffic, type_requests


class InstanceTypeWithoutHardwareEncryption(Check):
    """The hardware of an instance type does not encrypt its traffic, or its memory.

    ## Why it matters
    Many Nitro types encrypt what they send to each other in a VPC or between peered ones, at no
    cost and without a word of configuration; that is often what stands between a requirement to
    encrypt in transit and a service that speaks plain text. Both ends must be of such a type.

    ## Fails
    ```hcl
    resource "aws_instance" "node" {
      ami           = "ami-0123456789abcdef0"
      instance_type = "m5.large"
    }
    ```

    ```yaml
    Resources:
      Node:
        Type: AWS::EC2::Instance
        Properties:
          ImageId: ami-0123456789abcdef0
          InstanceType: m5.large
    ```

    ## Passes
    ```diff hcl
    -  instance_type = "m5.large"
    +  instance_type = "m6i.large"
    ```

    ```diff yaml
    -      InstanceType: m5.large
    +      InstanceType: m6i.large
    ```

    ## How to mend it
    Choose a type that encrypts in hardware, such as `m6i`, or encrypt in the application.

    ## References
    - [Data protection in Amazon EC2](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/data-protection.html)
    """

    code = "DATA014"
    name = "instance-type-without-hardware-encryption"
    severity = Severity.INFO
    since = "0.1.0"
    default = False
    types = HOST_TYPES

    require = parameter.texts(
        default=("in-transit",),
        help="What types must encrypt: in-transit, memory or both.",
        pattern="in-transit|memory",
    )

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each place that asks for a type that does not encrypt what it must."""
        asked = {
            "in-transit": (encrypts_traffic, "its traffic to other instances"),
            "memory": (encrypts_memory, "its memory"),
        }
        for request in type_requests(graph):
            for name in self.require:
                question, words = asked[name]
                yield from require(
                    request.answers(question),
                    of=request.launch.host,
                    at=request.place,
                    resource=request.resource,
                    otherwise=f"{request.words} does not encrypt {words}",
                    perhaps=f"{request.words} may not encrypt {words}",
                    value=name,
                )
