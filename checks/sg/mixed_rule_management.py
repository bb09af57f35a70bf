from collections.abc import Iterator

from iac_ec2lint.api import Check, Evidence, Graph, Severity, Verdict, any_of, parameter, require
from iac_ec2lint.api.groups import ManagedRules, managed_rules
from iac_ec2lint.api.resources import SecurityGroup, SeparateSecurityGroupRule


class MixedRuleManagement(Check):
    """Rules of one group are managed both inline and by separate resources, so applies overwrite each other.

    ## Why it matters
    Inline rules are the whole list: Terraform removes whatever else it finds in the group, and the
    other resources put it back. Each apply opens a port that the one before had closed, or the
    other way round.

    ## Fails
    ```hcl
    resource "aws_security_group" "web" {
      ingress {
        protocol    = "tcp"
        from_port   = 443
        to_port     = 443
        cidr_blocks = ["10.0.0.0/16"]
      }
    }

    resource "aws_security_group_rule" "ssh" {
      security_group_id = aws_security_group.web.id
      type              = "ingress"
      protocol          = "tcp"
      from_port         = 22
      to_port           = 22
      cidr_blocks       = ["10.0.0.0/16"]
    }
    ```

    ## Passes
    ```hcl
    resource "aws_security_group" "web" {}

    resource "aws_vpc_security_group_ingress_rule" "https" {
      security_group_id = aws_security_group.web.id
      ip_protocol       = "tcp"
      from_port         = 443
      to_port           = 443
      cidr_ipv4         = "10.0.0.0/16"
    }
    ```

    ## How to mend it
    Move all rules of the group to `aws_vpc_security_group_ingress_rule` and `_egress_rule`.

    ## References
    - [aws_security_group, "NOTE on Security Groups and Security Group Rules"](https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/security_group)
    - [Security group rules](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/security-group-rules.html)
    """  # noqa: E501 - the summary is one line

    code = "SG022"
    name = "mixed-rule-management"
    severity = Severity.MEDIUM
    since = "0.1.0"
    types = (SecurityGroup, SeparateSecurityGroupRule)
    languages = ("terraform",)
    strict = parameter.boolean(
        default=False, help="Whether any inline rule, and any aws_security_group_rule, fails."
    )

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each group whose rules of one direction are managed in two places."""
        inline: dict[str, bool] = {}
        for managed in managed_rules(graph):
            inline[managed.direction] = inline.get(managed.direction, False) or bool(managed.inline)
            yield from _inline_and_separate(managed)
            yield from _older_and_younger(managed)
            if self.strict:
                yield from _strictly(managed)
        for edge in graph.unresolved("security_group"):
            rule = edge.source
            if isinstance(rule, SeparateSecurityGroupRule) and inline.get(
                rule.direction.text or ""
            ):
                yield from require(
                    edge.answer,
                    of=rule,
                    at=rule.place("security_group"),
                    otherwise="the group of the rule may have rules of its own",
                )


def _inline_and_separate(managed: ManagedRules) -> Iterator[Verdict]:
    separate = (*managed.older, *managed.younger)
    if not managed.inline or not separate:
        return
    rule = next((one for one, answer in separate if answer.truth is True), separate[0][0])
    yield from require(
        ~(any_of(answer for _, answer in separate) & managed.inline_answer),
        of=managed.group,
        at=managed.inline[0],
        otherwise=f"{managed.direction} rules are managed here and by {rule.address}",
        perhaps=f"{managed.direction} rules may be managed here and by {rule.address}",
        evidence=(Evidence(rule.span, f"{rule.address} is a rule of the group", rule.address),),
        value=managed.direction,
    )


def _older_and_younger(managed: ManagedRules) -> Iterator[Verdict]:
    if not managed.older or not managed.younger:
        return
    (older, first), (younger, second) = managed.older[0], managed.younger[0]
    words = f"{managed.direction} rules of the group are managed by {older.type} and {younger.type}"
    yield from require(
        ~(first & second),
        of=managed.group,
        resource=older,
        at=older.place("security_group"),
        otherwise=words,
        perhaps=words.replace(" are ", " may be "),
        evidence=(Evidence(younger.span, f"{younger.address} is another", younger.address),),
        value=managed.direction,
    )


def _strictly(managed: ManagedRules) -> Iterator[Verdict]:
    for part in managed.inline:
        yield Verdict(
            subject=managed.group,
            at=part,
            message=f"an {managed.direction} rule is managed in the group itself",
            value=managed.direction,
        )
    for rule, _ in managed.older:
        yield Verdict(subject=rule, at=rule, message=f"the rule is an {rule.type}")
