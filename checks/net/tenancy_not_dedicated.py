from collections.abc import Iterator

from iac_ec2lint.api import (
    NO,
    Answer,
    Check,
    Graph,
    Implicit,
    Severity,
    Unknown,
    Verdict,
    all_of,
    parameter,
    require,
)
from iac_ec2lint.api.compute import HOST_TYPES, Launch, interfaces, launches, runs
from iac_ec2lint.api.resources import Vpc
from iac_ec2lint.api.vpc import vpc_of


class TenancyNotDedicated(Check):
    """An instance shares physical hosts although dedicated tenancy is required.

    ## Why it matters
    Some licences and rules ask for hardware that no other account uses. An instance that says
    nothing shares its host, whatever its tag promises.

    Workloads that need dedicated hardware are named by their tags, by default `tenancy=dedicated`.

    ## Fails
    ```hcl
    resource "aws_instance" "ledger" {
      ami  = "ami-0123456789abcdef0"
      tags = { tenancy = "dedicated" }
    }
    ```
    ```yaml
    Resources:
      Ledger:
        Type: AWS::EC2::Instance
        Properties:
          ImageId: ami-0123456789abcdef0
          Tags: [{Key: tenancy, Value: dedicated}]
    ```

    ## Passes
    ```diff hcl
       ami  = "ami-0123456789abcdef0"
    +  tenancy = "dedicated"
    ```
    ```diff yaml
           ImageId: ami-0123456789abcdef0
    +      Tenancy: dedicated
    ```

    ## How to mend it
    Set the tenancy of the named workloads to `dedicated` or `host`.

    ## References
    - [Amazon EC2 Dedicated Instances](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/dedicated-instance.html)
    - [Amazon EC2 Dedicated Hosts](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/dedicated-hosts-overview.html)
    """

    code = "NET025"
    name = "tenancy-not-dedicated"
    severity = Severity.INFO
    since = "0.1.0"
    types = HOST_TYPES
    default = False
    required_for_tags = parameter.texts(
        default=("tenancy=dedicated", "tenancy=host"),
        help="Tags of workloads that need dedicated hardware, each a key or key=value.",
    )

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each way of launching a named workload on hardware that others use."""
        for launch in launches(graph):
            needed = launch.host.carries_tag(*self.required_for_tags) & runs(graph, launch.host)
            if needed.truth is False:
                continue
            settings = launch.settings
            own = settings.equals("placement_tenancy", "dedicated", "host")
            declaring, place = launch.place("placement_tenancy")
            yield from require(
                ~needed | own | settings.is_set("placement_host") | _by_vpc(graph, launch),
                of=launch.host,
                resource=declaring,
                at=place,
                otherwise="the workload shares its hardware, and its tags ask for dedicated one",
                perhaps="the workload may share its hardware, which its tags may forbid",
            )


def _by_vpc(graph: Graph, launch: Launch) -> Answer:
    """Whether the VPC puts all its instances on dedicated hardware."""
    answers: list[Answer] = []
    for interface in interfaces(graph, launch):
        for edge in interface.subnets:
            vpc = vpc_of(graph, edge.target) if edge.target is not None else None
            if isinstance(vpc, Vpc):
                answers.append(vpc.equals("instance_tenancy", "dedicated"))
            elif isinstance(vpc, Implicit):
                answers.append(NO)  # a default VPC
            else:
                reason = "the VPC, and so its tenancy, is not known"
                answers.append(Answer(None, (Unknown(reason, "external-id", edge.value.span),)))
    return all_of(answers) if answers else NO
