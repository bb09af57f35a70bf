from collections.abc import Iterator

from iac_ec2lint.api import Check, Evidence, Graph, Question, Severity, Verdict
from iac_ec2lint.api.attack import Gain, Opening, escalations, openings, self_escalation
from iac_ec2lint.api.iam import (
    Allowance,
    is_kept_by_pipelines,
    is_kept_by_services,
    place_of_statement,
    principals,
    privilege_evidence,
)
from iac_ec2lint.api.resources import (
    AccessEntry,
    AccessPolicyAssociation,
    IamGroup,
    IamUser,
    LambdaPermission,
    Role,
)
from iac_ec2lint.api.verdicts import can, gain_verdict


class PassroleReachesPrivilegedRole(Check):
    """A principal in the template can start or modify an instance with a role stronger than its own.

    ## Why it matters
    Whoever may pass a role to an instance, and start that instance, can obtain the role's
    credentials from the instance's metadata. So `iam:PassRole` together with `ec2:RunInstances`
    gives all that the role may do. So it does with fleets, Auto Scaling groups and other profiles,
    and with what other services run with a role: functions, stacks, tasks, jobs, builds, notebooks,
    automations and state machines. A new version of a launch template that an Auto Scaling group
    follows (`$Latest`, `$Default`) needs no `iam:PassRole` at all.

    Other ways to what is stronger count as well: to change the code of a function that runs with a
    role (by one's own policies, or by the function's, `aws_lambda_permission`), to change who may
    assume a role, to change the SAML provider that a role trusts, to assume a role and write its
    policies, to make credentials of a user, and to join a group; and to run pods in a cluster of EKS,
    by a policy of one's access entry, with the roles of its nodes and of other pods.

    A principal that can make itself administrator is reported itself, and not for each of those
    that it has then: by `iam:AttachUserPolicy`, `iam:PutRolePolicy`, `iam:CreatePolicyVersion`,
    `iam:CreateAccessKey`, `iam:AddUserToGroup` and their like on every resource, or on what
    decides what it may do itself, or by making a role or a user with a policy of an administrator's
    and no permissions boundary. So is one whose statements allow all that an administrator may
    do. One to which AWS's policy `AdministratorAccess` is attached says so by that name, and
    passes. What a role gains that nobody may assume but services which do their own work with it,
    such as those of EMR clusters or of Batch, is of low severity: nobody has its credentials.

    All policies of a principal are evaluated together: inline and attached ones, those of its
    groups, its permissions boundary, explicit denies, and conditions; but for a boundary or a deny
    that it may take off itself, by detaching a policy or leaving a group, say. The role must trust the
    service; for EC2 it must have an instance profile (or the principal may make one); and it must
    be able to do something that the principal cannot. What depends on a condition that cannot be
    decided is undecided. Control of instances that are there is PATH009's.

    ## Fails
    On [docs/stages/public-instance](../stages/README.md), an instance that the internet reaches
    over HTTPS: its role as an administrator, and a user who may pass it on:
    ```diff hcl stage=public-instance
    +resource "aws_iam_role_policy_attachment" "host" {
    +  role       = aws_iam_role.host.name
    +  policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess"
    +}
    +resource "aws_iam_user" "deployer" {
    +  name = "deployer"
    +}
    +resource "aws_iam_user_policy" "deployer" {
    +  user = aws_iam_user.deployer.name
    +  policy = jsonencode({
    +    Statement = [{
    +      Effect = "Allow", Action = ["iam:PassRole", "ec2:RunInstances"], Resource = "*"
    +    }]
    +  })
    +}
    ```
    ```diff yaml stage=public-instance
     Resources:
    +  Deployer:
    +    Type: AWS::IAM::User
    +    Properties:
    +      Policies:
    +        - PolicyName: deployer
    +          PolicyDocument:
    +            Statement:
    +              - {Effect: Allow, Action: ["iam:PassRole", "ec2:RunInstances"], Resource: "*"}
       HostRole:
                 Principal: {Service: ec2.amazonaws.com}
    +      ManagedPolicyArns: ["arn:aws:iam::aws:policy/AdministratorAccess"]
    ```

    ## Passes
    ```diff hcl
     resource "aws_iam_user_policy" "deployer" {
    -    Statement = [{
    -      Effect = "Allow", Action = ["iam:PassRole", "ec2:RunInstances"], Resource = "*"
    -    }]
    +    Statement = [
    +      { Effect = "Allow", Action = "iam:PassRole", Resource = "arn:aws:iam::*:role/dev-*" },
    +      { Effect = "Allow", Action = "ec2:RunInstances", Resource = "*" },
    +    ]
    ```
    ```diff yaml
       Deployer:
    -              - {Effect: Allow, Action: ["iam:PassRole", "ec2:RunInstances"], Resource: "*"}
    +              - {Effect: Allow, Action: "iam:PassRole", Resource: "arn:aws:iam::*:role/dev-*"}
    +              - {Effect: Allow, Action: "ec2:RunInstances", Resource: "*"}
    ```

    ## How to mend it
    Name in `iam:PassRole` the roles that may be passed, none stronger than the principal. Or take
    away the action that starts what runs with them. Name in actions of IAM the roles, users and
    groups that they are meant for.

    ## References
    - [IAM roles for Amazon EC2](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/iam-roles-for-amazon-ec2.html)
    - [Grant permissions to pass a role to a service](https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html)
    - [Control Amazon EC2 launch template usage in Auto Scaling groups](https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-launch-template-permissions.html)
    """  # noqa: E501 - the summary is one line

    code = "PATH008"
    name = "passrole-reaches-privileged-role"
    severity = Severity.HIGH
    supersedes = ("IAM009", "IAM010", "IAM011", "IAM012", "IAM013")
    since = "0.1.0"
    asks = Question(("principal",), ("gains",), ("principal",))
    types = (AccessEntry, AccessPolicyAssociation, IamGroup, IamUser, LambdaPermission, Role)

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each principal and each stronger one that it can use."""
        reached: dict[tuple[str, str], bool | None] = {}
        # Groups first: what a group can do is not said again of each of its members.
        for holder in sorted(principals(graph), key=lambda o: not isinstance(o.resource, IamGroup)):
            role = holder.resource
            serves = isinstance(role, Role) and is_kept_by_pipelines(graph, role)
            alone = self_escalation(graph, holder)
            for escalation in (*([] if alone is None else [alone]), *escalations(graph, holder)):
                # A pipeline starts the builds that its stages name.
                if serves and escalation.step.kind.name == "build":
                    continue
                goal = "" if escalation.by_itself else escalation.target.resource.address
                truth = escalation.answer.truth
                told = [reached.get((group.address, goal), False) for group in holder.groups]
                reached[holder.resource.address, goal] = truth
                if True not in told and truth not in told and escalation.allowed is not None:
                    yield _verdict(escalation, escalation.allowed)
        for opening in openings(graph):
            yield _opened(opening)


def _verdict(gain: Gain, allowed: Allowance) -> Verdict:
    holder, target = gain.principal, gain.target
    answer = gain.answer
    kept = isinstance(holder.resource, Role) and is_kept_by_services(holder.resource)
    undecided = answer.truth is None
    has = "may have" if undecided else "has"
    worst = gain.level.worst
    actions = " and ".join(dict.fromkeys(asked.action for asked in gain.step.asked))
    what = "" if gain.by_itself else f" ({gain.level.words})"
    message = f"{holder.name} {can(answer)} {gain.words}{what}: it {has} {actions}"
    is_one = worst is not None and worst.level == "administrator" and not undecided
    if gain.by_itself and is_one:
        message = f"{holder.name} is an administrator: its policies allow all that makes one"
    return gain_verdict(
        holder.resource,
        (place_of_statement(allowed), allowed.grant.resource),
        message,
        answer,
        hops=gain.hops,
        edits=gain.edits,
        value=f"{target.resource.address} {gain.step.kind.name}",
        severity=Severity.LOW if kept else None,
        also=(target.resource,),
    )


def _opened(opening: Opening) -> Verdict:
    """The verdict on a policy that gives somebody what a function or a cluster runs with."""
    about, place, runs = opening.about, opening.place, f"runs with {opening.role.name}"
    return gain_verdict(
        opening.declaring,
        (place, None),
        f"{opening.who} {can(opening.answer)} {opening.words}, which {runs} "
        f"({opening.level.words}): {opening.says}",
        opening.answer,
        hops=(
            Evidence(about.span, f"{about.address} {runs}", about.address),
            privilege_evidence(opening.level),
        ),
        edits=(Evidence(place.span, opening.limit, opening.declaring.address),),
        value=opening.value,
        severity=Severity.CRITICAL if opening.public else None,
        also=opening.also,
    )
