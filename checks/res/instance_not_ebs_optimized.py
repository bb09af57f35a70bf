from collections.abc import Iterator

from iac_ec2lint.api import Check, Graph, Severity, Verdict, require, set_to
from iac_ec2lint.api.compute import HOST_TYPES
from iac_ec2lint.api.upkeep import ebs_optimisation, type_requests


class InstanceNotEbsOptimized(Check):
    """An instance type that is EBS-optimised only on request runs without that.

    ## Why it matters
    Without bandwidth of their own, an instance's volumes share its network: a burst of traffic
    slows the disk, and a backup slows the traffic. Newer types are always EBS-optimised; on some of
    the older ones it has to be asked for.

    ## Fails
    ```hcl
    resource "aws_instance" "db" {
      ami           = "ami-0123456789abcdef0"
      instance_type = "r3.xlarge"
    }
    ```

    ```yaml
    Resources:
      Db:
        Type: AWS::EC2::Instance
        Properties:
          ImageId: ami-0123456789abcdef0
          InstanceType: r3.xlarge
    ```

    ## Passes
    ```diff hcl
       instance_type = "r3.xlarge"
    +  ebs_optimized = true
    ```

    ```diff yaml
           InstanceType: r3.xlarge
    +      EbsOptimized: true
    ```

    ## How to mend it
    Set `ebs_optimized = true` (`EbsOptimized`), or choose a newer type.

    ## References
    - [Amazon EBS-optimized instance types](https://docs.aws.amazon.com/ebs/latest/userguide/ebs-optimized.html)
    """

    code = "RES012"
    name = "instance-not-ebs-optimized"
    severity = Severity.INFO
    since = "0.1.0"
    default = False
    types = HOST_TYPES

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each launch of a type that has to be asked, and is not."""
        for request in type_requests(graph):
            declaring, place = request.launch.place("ebs_optimized")
            said = request.launch.settings.ebs_optimized
            optimised = request.answers(_needs_no_request)
            if said is not None:
                optimised |= said.is_true()
            yield from require(
                optimised,
                of=request.launch.host,
                at=place,
                resource=declaring,
                otherwise=f"{request.words} is EBS-optimised only on request, and is not asked to",
                perhaps=f"{request.words} may be EBS-optimised only on request",
                fix=set_to(True),
            )


def _needs_no_request(instance_type: str) -> bool | None:
    found = ebs_optimisation(instance_type)
    return None if found is None else found != "on request"
