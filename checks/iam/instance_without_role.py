from collections.abc import Iterator

from iac_ec2lint.api import (
    Answer,
    Check,
    Evidence,
    Graph,
    Place,
    Resource,
    Severity,
    Verdict,
    require,
)
from iac_ec2lint.api.compute import HOST_TYPES, Launch, launches, role_is_brought, runs
from iac_ec2lint.api.resources import Cloud9Environment, EksNodeGroup, InstanceProfile


class InstanceWithoutRole(Check):
    """Instances are launched without an IAM role, which invites long-lived keys on the host.

    ## Why it matters
    Software on a host that calls AWS needs credentials. A role gives it some that change by
    themselves every few hours; without one, somebody sooner or later puts an access key on the
    disk, which never ends and leaves with every image and backup. Systems Manager needs a role too.

    What counts is what instances are launched with in the end: an instance's own profile, or that
    of its launch template. A profile without a role is no better than none.

    ## Fails
    ```hcl
    resource "aws_instance" "web" {
      ami           = "ami-0123456789abcdef0"
      instance_type = "t3.micro"
    }
    ```
    ```yaml
    Resources:
      Web:
        Type: AWS::EC2::Instance
        Properties:
          ImageId: ami-0123456789abcdef0
    ```

    ## Passes
    ```diff hcl
       instance_type = "t3.micro"
    +  iam_instance_profile = "web"
    ```
    ```diff yaml
           ImageId: ami-0123456789abcdef0
    +      IamInstanceProfile: web
    ```

    ## How to mend it
    Set `iam_instance_profile` (`IamInstanceProfile`): a role with what the workload needs.

    ## References
    - [IAM roles for Amazon EC2](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/iam-roles-for-amazon-ec2.html)
    - [Use instance profiles](https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_switch-role-ec2_instance-profiles.html)
    """

    code = "IAM006"
    name = "instance-without-role"
    severity = Severity.LOW
    since = "0.1.0"
    types = (*HOST_TYPES, InstanceProfile)

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each way of launching instances that gives them no role."""
        for launch in launches(graph):
            host = launch.host
            if isinstance(host, EksNodeGroup | Cloud9Environment):
                continue  # the nodes always have one, and what Cloud9 gives is not declared
            given = launch.settings.is_set("iam_instance_profile")
            safe = given | role_is_brought(graph, launch) | ~runs(graph, host)
            if not safe.truth:
                declaring, place = _place(launch, given)
                words = f"{host.address} is launched without a role"
                hop = Evidence(host.span, words, host.address)
                yield from require(
                    safe,
                    of=host,
                    at=place,
                    resource=declaring,
                    otherwise="no instance profile is given, so instances have no role",
                    perhaps="instances may have no role: whether a profile is given is not known",
                    evidence=(hop,) if declaring != host else (),
                )
            for edge in graph.follow(host, launch.settings, "iam_instance_profile"):
                profile = edge.target
                if not isinstance(profile, InstanceProfile):
                    continue
                safe = profile.is_set("roles") | ~edge.answer | ~runs(graph, host)
                if not safe.truth:
                    span = _place(launch, given)[1].span
                    yield from require(
                        safe,
                        of=host,
                        at=profile.place("roles"),
                        resource=profile,
                        otherwise=f"{profile.address} has no role, so instances have none",
                        perhaps=f"{profile.address} may have no role",
                        evidence=(Evidence(span, f"{host.address} has it", host.address),),
                    )


def _place(launch: Launch, given: Answer) -> tuple[Resource, Place]:
    """Where a profile is given, or would best be."""
    if given.truth is False and launch.template is not None:
        return launch.template, launch.template.place("iam_instance_profile")
    return launch.place("iam_instance_profile")
