from collections.abc import Iterable, Iterator

from iac_ec2lint.api import (
    NO,
    YES,
    Answer,
    Check,
    External,
    Graph,
    Part,
    Resource,
    Severity,
    Unknown,
    Val,
    Verdict,
    require,
)
from iac_ec2lint.api.compute import HOST_TYPES
from iac_ec2lint.api.resources import (
    SecurityGroup,
    SecurityGroupDataSource,
    SeparateSecurityGroupRule,
)

_WIZARD = "launch-wizard-"
_JUDGED = (*HOST_TYPES, SecurityGroup, SecurityGroupDataSource, SeparateSecurityGroupRule)
_BY_NAME = ("security_groups", "SecurityGroups", "security_group_names")
_RELATIONS = ("security_groups", "groups", "security_group")


class LaunchWizardGroup(Check):
    """A group created by the console launch wizard is in use.

    ## Why it matters
    The launch wizard of the console makes a group for one try, with SSH open to everyone unless
    somebody changes it. In use for longer, it is a rule set that nobody has reviewed.

    ## Fails
    ```hcl
    data "aws_security_group" "wizard" {
      name = "launch-wizard-1"
    }
    ```
    ```yaml
    Resources:
      Web:
        Type: AWS::EC2::Instance
        Properties:
          ImageId: ami-0123456789abcdef0
          SecurityGroups: [launch-wizard-1]
    ```

    ## Passes
    ```hcl
    data "aws_security_group" "web" {
      name = "web"
    }
    ```
    ```diff yaml
    -      SecurityGroups: [launch-wizard-1]
    +      SecurityGroups: [web]
    ```

    ## How to mend it
    Replace the group by one that is declared and reviewed.

    ## References
    - [Amazon EC2 security groups for your EC2 instances](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-security-groups.html)
    """

    code = "SG020"
    name = "launch-wizard-group"
    severity = Severity.LOW
    since = "0.1.0"
    types = _JUDGED

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each group, look-up or reference with a name of the launch wizard's."""
        for group in graph.all(SecurityGroup):
            yield from _named(group, group, "name", () if group.name is None else (group.name,))
        for found in graph.all(SecurityGroupDataSource):
            yield from _named(found, found, "name", () if found.name is None else (found.name,))
            for part in found.filters:
                by_name = part.name.equals("group-name") if part.name is not None else NO
                yield from _named(found, part, "values", part.values, by_name)
        for external in graph.all(External):
            text = external.text or ""
            if text.startswith(_WIZARD) and _is_wizards(text):
                for edge in graph.sources(external, *_RELATIONS):
                    if not isinstance(edge.source, _JUDGED):
                        continue
                    yield Verdict(
                        subject=edge.source,
                        at=edge.part.place(edge.relation, edge.value),
                        message=f'the group "{text}" is one of the launch wizard',
                        value=text,
                    )
        for edge in graph.unresolved("security_groups"):
            place = edge.part.place("security_groups", edge.value)
            named = place.attribute.rpartition(".")[2] in _BY_NAME
            if named and isinstance(edge.source, HOST_TYPES):
                yield from require(
                    edge.answer,
                    of=edge.source,
                    at=place,
                    otherwise="the group may be one of the launch wizard",
                )


def _named(
    group: Resource, part: Part, attribute: str, names: Iterable[Val], meant: Answer = YES
) -> Iterator[Verdict]:
    """A verdict for each name of a group, declared or looked up, that is the launch wizard's."""
    for name in names:
        yield from require(
            ~(meant & _is_of_wizard(name)),
            of=group,
            at=part.place(attribute, name),
            otherwise=f'the group "{name.text}" is one of the launch wizard',
            perhaps="the group may be one of the launch wizard",
        )


def _is_of_wizard(name: Val) -> Answer:
    if isinstance(name, Unknown) and name.parts:
        first, last = name.parts[0], name.parts[-1]
        if isinstance(first, str) and not (first.startswith(_WIZARD) or _WIZARD.startswith(first)):
            return NO
        if isinstance(last, str) and not last[-1:].isdigit():
            return NO
    return name.test(_is_wizards)


def _is_wizards(name: object) -> bool:
    return isinstance(name, str) and name.startswith(_WIZARD) and name[len(_WIZARD) :].isdigit()
