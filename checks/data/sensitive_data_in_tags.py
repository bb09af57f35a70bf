from collections.abc import Iterator

from iac_ec2lint.api import Answer, Check, Graph, Resource, Severity, Verdict, parameter
from iac_ec2lint.api.labels import (
    EMAIL,
    Label,
    choices,
    known_text,
    labels,
    sensitive_kind,
    unknown_inputs,
)
from iac_ec2lint.api.resources import (
    AutoScalingGroup,
    Instance,
    LaunchTemplate,
    Provider,
    SecurityGroup,
    SeparateSecurityGroupRule,
    SeparateTag,
    Subnet,
    Volume,
    Vpc,
)

_CONTACTS = ("owner", "contact", "mail", "maintain", "team", "support", "responsible", "created")
"""Parts of the keys of tags that are there to say whom to ask."""


class SensitiveDataInTags(Check):
    """A tag, name or description holds personal or secret data.

    ## Why it matters
    Tags, names and descriptions are no place that is protected: many services and most roles that
    only read may see them, and AWS may use them in billing and diagnostic logs. AWS asks never to
    put confidential data into them, such as e-mail addresses of customers.

    It is reported what is a secret (as in user data, DATA007), the number of a payment card (whose
    check digit is right), a national id of the United States, the United Kingdom or Italy as it is
    written on paper, and an e-mail address. Where a tag is there to say whom to ask (`owner`,
    `contact`), an address is reported as low, and not at all if `allow_email_keys` names the tag.
    An input that has no value is undecided where the key of the tag, or its own name, is that of
    a secret or of what tells who somebody is (`owner`, `email`, `customer`), and where the keys
    are not known either. Reports quote nothing of what is found.

    ## Fails
    ```hcl
    resource "aws_instance" "web" {
      ami           = "ami-0123456789abcdef0"
      instance_type = "t3.micro"
      tags = {
        Customer = "jane.doe@example.com"
      }
    }
    ```
    ```yaml
    Resources:
      Web:
        Type: AWS::EC2::Instance
        Properties:
          ImageId: ami-0123456789abcdef0
          Tags:
            - {Key: Customer, Value: jane.doe@example.com}
    ```

    ## Passes
    ```diff hcl
    -    Customer = "jane.doe@example.com"
    +    Customer = "c-4711"
    ```
    ```diff yaml
    -        - {Key: Customer, Value: jane.doe@example.com}
    +        - {Key: Customer, Value: c-4711}
    ```

    ## How to mend it
    Replace the value by an opaque identifier.

    ## References
    - [Data protection in Amazon EC2](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/data-protection.html)
    - [Tag your Amazon EC2 resources](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Tags.html)
    - [Best practices for tagging](https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html)
    """

    code = "DATA009"
    name = "sensitive-data-in-tags"
    severity = Severity.MEDIUM
    since = "0.1.0"
    types = (
        AutoScalingGroup,
        Instance,
        LaunchTemplate,
        Provider,
        SecurityGroup,
        SeparateSecurityGroupRule,
        SeparateTag,
        Subnet,
        Volume,
        Vpc,
    )
    allow_email_keys = parameter.texts(
        default=(), help="Keys of tags that may hold e-mail addresses, such as owner."
    )

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each text that holds such data, or may."""
        allowed = frozenset(key.lower() for key in self.allow_email_keys)
        for resource in graph.all(*self.types):
            judged = _judged(graph, resource)
            for label in labels(resource):
                in_key = None if label.what != "a tag" else sensitive_kind("", label.key)
                if in_key is not None and (in_key != EMAIL or label.key.lower() not in allowed):
                    yield _verdict(resource, label, f"the key of a tag holds {in_key}", in_key)
                for verdict in _of_text(resource, label, allowed):
                    yield verdict._replace(subject=judged, resource=resource)


def _judged(graph: Graph, resource: Resource) -> Resource:
    """What a text is about: of a rule that is declared on its own its group."""
    edges = graph.targets(resource, "security_group")
    target = edges[0].target if len(edges) == 1 else None
    rule = isinstance(resource, SeparateSecurityGroupRule)
    return target if rule and isinstance(target, SecurityGroup) else resource


def _of_text(resource: Resource, label: Label, allowed: frozenset[str]) -> Iterator[Verdict]:
    """The verdicts on what a text is, or on each that it can be."""
    for choice in choices(label.value, label.place.presence):
        kind = sensitive_kind(label.key, known_text(choice.value))
        if kind == EMAIL and label.key.lower() in allowed:
            continue
        doubt = choice.doubt
        unknown = unknown_inputs(label.key, choice.value) if kind is None else ()
        if kind is None and not unknown:
            continue
        causes = unknown or (() if doubt is None else (doubt,))
        span = choice.value.span if choice.value is not label.value else label.place.span
        place = label.place._replace(span=span, presence=choice.presence, value=choice.value)
        found = label._replace(place=place)
        says = "may hold" if causes else "holds"
        what = kind or "personal or secret data"
        yield _verdict(resource, found, f"{label.what} {says} {what}", kind, Answer(None, causes))


def _verdict(
    resource: Resource, label: Label, message: str, kind: str | None, doubt: Answer | None = None
) -> Verdict:
    contact = any(word in label.key.lower() for word in _CONTACTS)
    causes = () if doubt is None else doubt.causes
    return Verdict(
        subject=resource,
        at=label.place,
        message=message,
        severity=Severity.LOW if kind == EMAIL and contact else None,
        undecided=bool(causes),
        causes=causes,
        value=f"{label.key} {kind}" if label.what != "a tag" else kind,
        quotable=False,
    )
