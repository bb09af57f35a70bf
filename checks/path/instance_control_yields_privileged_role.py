from collections.abc import Iterator

from iac_ec2lint.api import Check, Evidence, Graph, Question, Remark, Severity, Verdict
from iac_ec2lint.api.attack import (
    CredentialPath,
    Gain,
    OpenableHost,
    credential_paths,
    gains,
    openable_host,
    takeovers,
)
from iac_ec2lint.api.iam import (
    Allowance,
    IamPrincipal,
    is_kept_by_services,
    place_of_statement,
    principals,
    privilege,
    privilege_evidence,
    statement_allowing,
)
from iac_ec2lint.api.resources import IamGroup, IamUser, Instance, Role
from iac_ec2lint.api.verdicts import WorstVerdicts, can, gain_verdict, path_verdict, via_words


class InstanceControlYieldsPrivilegedRole(Check):
    """A principal that may control an existing instance thereby gains the instance's stronger role.

    ## Why it matters
    Whoever runs commands on an instance has the credentials of its role. A principal that may do
    that through Systems Manager, by changing user data, by replacing or rewriting the root volume,
    by the serial console, or by changing what an Auto Scaling group starts, therefore has every
    role of the instances that it may do it to. Systems Manager counts unless the agent surely has
    no way to it: no route out, and no endpoint that lets it through; with a part of the endpoints
    that it needs it is undecided. A key sent by EC2 Instance Connect counts where the principal
    reaches port 22: as the internet does, through an Instance Connect Endpoint that it may use,
    from its own hosts, or by opening the host itself. The administrator's password of a
    Windows host counts where the unit makes the private key, and port 3389 is reached likewise.

    Where the principal is itself the role of an instance that the internet reaches, and yields its
    credentials, the whole path is shown and it is critical; there all that PATH008 knows counts
    too, and roles that can be assumed. Otherwise it is high. What is limited by a condition, such
    as a tag, is undecided. A role that gives nothing that the principal does not have passes.
    What is gained by a role that nobody may assume but services which do their own work with it is
    low.

    Who may turn tokens off on a host that the internet reaches opens a way to the role, and does
    not walk it: that is medium (high from an exposed host). Who may only open such a host to the
    internet is told in a note.

    ## Fails
    On [docs/stages/public-instance](../stages/README.md), an instance that the internet reaches
    over HTTPS: its role as an administrator, and a user who may run commands there:
    ```diff hcl stage=public-instance
    +resource "aws_iam_role_policy_attachment" "host" {
    +  role       = aws_iam_role.host.name
    +  policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess"
    +}
    +resource "aws_iam_user" "support" {
    +  name = "support"
    +}
    +resource "aws_iam_user_policy" "support" {
    +  user = aws_iam_user.support.name
    +  policy = jsonencode({
    +    Statement = [{ Effect = "Allow", Action = "ssm:SendCommand", Resource = "*" }]
    +  })
    +}
    ```
    ```diff yaml stage=public-instance
     Resources:
    +  Support:
    +    Type: AWS::IAM::User
    +    Properties:
    +      Policies:
    +        - PolicyName: support
    +          PolicyDocument:
    +            Statement:
    +              - {Effect: Allow, Action: "ssm:SendCommand", Resource: "*"}
       HostRole:
                 Principal: {Service: ec2.amazonaws.com}
    +      ManagedPolicyArns: ["arn:aws:iam::aws:policy/AdministratorAccess"]
    ```

    ## Passes
    ```diff hcl
     resource "aws_iam_role_policy_attachment" "host" {
    -  policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess"
    +  policy_arn = "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"
    ```
    ```diff yaml
       HostRole:
    -      ManagedPolicyArns: ["arn:aws:iam::aws:policy/AdministratorAccess"]
    +      ManagedPolicyArns: ["arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"]
    ```

    ## How to mend it
    Limit the actions that control instances by ARN or by a tag (`ssm:resourceTag/...`). Take from
    the instances' roles what they do not need.

    ## References
    - [Identity-based policies for Amazon EC2](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/iam-policies-for-amazon-ec2.html)
    - [Restrict access to Run Command by instance tags](https://docs.aws.amazon.com/systems-manager/latest/userguide/run-command-setting-up.html)
    - [Security groups for EC2 Instance Connect Endpoint](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/eice-security-groups.html)
    """

    code = "PATH009"
    name = "instance-control-yields-privileged-role"
    severity = Severity.CRITICAL
    supersedes = ("IAM010", "IAM012")
    since = "0.1.0"
    asks = Question(
        ("internet", "principal"),
        ("reaches", "takes credentials", "controls", "assumes", "gains"),
        ("principal",),
    )
    types = (IamGroup, IamUser, Instance, Role)

    def examine(self, graph: Graph) -> Iterator[Verdict | Remark]:
        """A verdict for each principal and each stronger role that it gains."""
        exposed = WorstVerdicts()
        for path in credential_paths(graph) if "internet" in self.asks.begins else ():
            for gain in gains(graph, path.held.role):
                if not self.asks.walks(*path.over, gain.kind):
                    continue
                key = (path.held.role.resource.address, gain.target.resource.address)
                severity = Severity.HIGH if gain.step.kind.risk else Severity.CRITICAL
                if exposed.may_improve(key, path.entry, path.answer & gain.answer, severity):
                    exposed.add(key, _from_outside(graph, path, gain, severity))
        yield from exposed
        inside = "principal" in self.asks.begins and self.asks.walks("controls")
        decided: set[tuple[str, str]] = set()

        def is_known(key: tuple[str, str]) -> bool:
            return key in decided or exposed.has_failure(key)

        for principal in sorted(principals(graph), key=_groups_first):
            givers = (principal.resource, *principal.groups)
            for takeover in takeovers(graph, principal) if inside else ():
                goal = takeover.target.resource.address
                known = any(is_known((giver.address, goal)) for giver in givers)
                if not known and takeover.allowed is not None:
                    yield _from_inside(takeover, takeover.allowed)
                    if takeover.answer.truth:
                        decided.add((principal.resource.address, goal))
            risk = openable_host(graph, principal)
            if risk is not None:
                goal = risk.held.role.resource.address
                if not any(is_known((giver.address, goal)) for giver in givers):
                    yield from _remark(graph, principal, risk)


def _groups_first(principal: IamPrincipal) -> bool:
    """What a group can do is not said again of each of its members."""
    return not isinstance(principal.resource, IamGroup)


def _from_outside(graph: Graph, path: CredentialPath, gain: Gain, severity: Severity) -> Verdict:
    """The verdict on an exposed host whose role gains another."""
    entry, held, means = path
    answer = held.answer & means.answer & gain.answer
    own, target = held.role.resource, gain.target.resource
    return path_verdict(
        graph,
        entry,
        f"anyone on the internet {can(entry.answer & answer)} obtain the credentials of "
        f"{gain.target.name} ({gain.level.words}): {entry.resource.address} is reachable"
        f"{via_words(entry)} and yields role {own.address} {means.words}, which is allowed to "
        f"{gain.words}",
        answer,
        severity=severity,
        hops=(means.hop, *held.hops, *gain.hops),
        edits=(means.edit, *gain.edits),
        target=f"{own.address} {target.address} {gain.step.kind.name}",
        also=(own, target),
    )


def _from_inside(gain: Gain, allowed: Allowance) -> Verdict:
    """The verdict on a principal that is no exposed host's."""
    role, where = gain.target.resource, allowed.grant.resource
    holder, has = gain.principal.resource, privilege_evidence(gain.level)
    lesser = Severity.MEDIUM if gain.step.kind.risk else Severity.HIGH
    kept = isinstance(holder, Role) and is_kept_by_services(holder)
    so = "where one forged request obtains" if gain.step.kind.risk else "and so obtain"
    return gain_verdict(
        gain.principal.resource,
        (place_of_statement(allowed), where),
        f"{gain.principal.name} {can(gain.answer)} {gain.words}, {so} "
        f"the credentials of role {role.address} ({gain.level.words})",
        gain.answer,
        hops=gain.hops,
        edits=(
            *gain.edits,
            Evidence(has.span, "take from the role what it does not need", has.resource),
        ),
        value=f"{role.address} {gain.step.kind.name}",
        severity=Severity.LOW if kept else lesser,
        also=(role, *(() if gain.held is None else (gain.held.host,))),
    )


def _remark(graph: Graph, principal: IamPrincipal, risk: OpenableHost) -> Iterator[Remark]:
    """What is said of a principal that may open a host, and do no more to it."""
    found = statement_allowing(principal, risk.access.asked[0])
    if found is not None:
        role = risk.held.role
        actions = " and ".join(dict.fromkeys(asked.action for asked in risk.access.asked))
        words = (
            f"{principal.name} can open tcp {risk.port} of {risk.held.host.address}, which has "
            f"{role.name} ({privilege(graph, role).words}), to the internet: it has {actions}"
        )
        place = place_of_statement(found)
        yield Remark("stronger-host-can-be-opened", found.grant.resource, place, words)
