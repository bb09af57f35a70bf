from collections.abc import Iterator

from iac_ec2lint.api import Check, Graph, Severity, Verdict, all_of, parameter, require
from iac_ec2lint.api.audit import has_tag, tags_instances
from iac_ec2lint.api.resources import (
    AutoScalingGroup,
    Instance,
    LaunchTemplate,
    Provider,
    SecurityGroup,
    Subnet,
    Volume,
    Vpc,
)

_TAGGED = (AutoScalingGroup, Instance, LaunchTemplate, SecurityGroup, Subnet, Volume, Vpc)


class RequiredTagsMissing(Check):
    """An EC2-family resource lacks the tags used for ownership, access control or patching.

    ## Why it matters
    Tags say whose a resource is, who may act on it, and which patches and backups it gets. What has
    none is found by none of these, and nobody dares to delete it.

    Until `required_tags` is set, only Auto Scaling groups are judged: their instances must get some
    tag. A tag counts wherever it comes from: the
    resource, the provider's `default_tags`, the launch template, an Auto Scaling group that
    propagates it.

    ## Fails
    ```hcl
    # set: CMP014.required_tags=Owner
    resource "aws_instance" "web" {
      ami           = "ami-0123456789abcdef0"
      instance_type = "t3.micro"
      tags          = { Name = "web" }
    }
    ```
    ```yaml
    # set: CMP014.required_tags=Owner
    Resources:
      Web:
        Type: AWS::EC2::Instance
        Properties:
          ImageId: ami-0123456789abcdef0
          Tags:
            - { Key: Name, Value: web }
    ```

    ## Passes
    ```diff hcl
     # set: CMP014.required_tags=Owner
    +provider "aws" {
    +  default_tags {
    +    tags = { Owner = "web team" }
    +  }
    +}
    +
    ```
    ```diff yaml
    -        - { Key: Name, Value: web }
    +        - { Key: Owner, Value: web team }
    ```

    ## How to mend it
    Add the tags to the resource, or to `default_tags` of the provider.
    The instances of an Auto Scaling group get tags with `propagate_at_launch`, or from the
    `tag_specifications` of the template.

    ## References
    - [Tag your Amazon EC2 resources](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Tags.html)
    - [Tag Auto Scaling groups and instances](https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-tagging.html)
    """

    code = "CMP014"
    name = "required-tags-missing"
    severity = Severity.INFO
    since = "0.1.0"
    types = (
        AutoScalingGroup,
        Instance,
        LaunchTemplate,
        Provider,
        SecurityGroup,
        Subnet,
        Volume,
        Vpc,
    )
    default = False
    required_tags = parameter.texts(default=(), help="The tags that each resource must have.")

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each resource that lacks, or may lack, a required tag."""
        if not self.required_tags:
            for group in graph.all(AutoScalingGroup):
                yield from require(
                    tags_instances(graph, group),
                    of=group,
                    at=group,
                    otherwise="its instances get no tags",
                    perhaps="its instances may get no tags",
                    value="any",
                )
            return
        for resource in graph.all(*_TAGGED):
            tags = {key: has_tag(graph, resource, key) for key in self.required_tags}
            missing = [key for key, answer in tags.items() if answer.truth is False]
            unknown = [key for key, answer in tags.items() if answer.truth is None]
            instances = isinstance(resource, AutoScalingGroup)
            names = [f'"{key}"' for key in missing or unknown]
            words = f"{'the tag' if len(names) == 1 else 'the tags'} {', '.join(names)}"
            words += " of its instances" if instances else ""
            verb = "is" if len(names) == 1 else "are"
            yield from require(
                all_of(tags.values()),
                of=resource,
                at=resource,
                otherwise=f"{words} {verb} missing",
                perhaps=f"{words} may be missing",
                value=" ".join(names),
            )
