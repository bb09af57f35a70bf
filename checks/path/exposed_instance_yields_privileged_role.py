from collections.abc import Iterator

from iac_ec2lint.api import Check, Evidence, Graph, Question, Severity, Verdict
from iac_ec2lint.api.attack import CredentialPath, credential_paths
from iac_ec2lint.api.compute import HOST_TYPES
from iac_ec2lint.api.iam import actions_of_privilege, privilege, privilege_evidence
from iac_ec2lint.api.verdicts import WorstVerdicts, can, path_verdict, via_words


class ExposedInstanceYieldsPrivilegedRole(Check):
    """A reachable instance yields the credentials of a privileged role, through IMDSv1 by one request-forgery flaw, or through an administration port.

    ## Why it matters
    An application that can be made to fetch a URL hands out the credentials of the instance's role
    where IMDSv1 is answered: nothing else is needed. Whoever gets in by an administration port has
    them whatever the tokens, and what runs in a container has them where token responses travel
    more than one hop.

    A role counts as privileged where it is an administrator or can make itself one, has full access
    to a service, changes security groups or shares snapshots, passes any role, or reads all
    objects, secrets or keys. What AWS expects on instances never counts. Instances behind an
    internet-facing load balancer are reachable too, for a request of an application's own.

    ## Fails
    On [docs/stages/public-instance](../stages/README.md), an instance that the internet reaches
    over HTTPS: more permissions, and IMDSv1:
    ```diff hcl stage=public-instance
    +resource "aws_iam_role_policy_attachment" "host" {
    +  role       = aws_iam_role.host.name
    +  policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess"
    +}
     resource "aws_instance" "host" {
    -    http_tokens = "required"
    +    http_tokens = "optional"
    ```
    ```diff yaml stage=public-instance
       HostRole:
                 Principal: {Service: ec2.amazonaws.com}
    +      ManagedPolicyArns: ["arn:aws:iam::aws:policy/AdministratorAccess"]
       Host:
    -        HttpTokens: required
    +        HttpTokens: optional
    ```

    ## Passes
    ```diff hcl
     resource "aws_instance" "host" {
    -    http_tokens = "optional"
    +    http_tokens = "required"
    ```
    ```diff yaml
       Host:
    -        HttpTokens: optional
    +        HttpTokens: required
    ```

    ## How to mend it
    Require tokens (IMDSv2), then cut the role to what the host does. Close administration
    ports: use Session Manager.

    ## References
    - [Configure the instance metadata service options](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-service.html)
    - [IAM roles for Amazon EC2](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/iam-roles-for-amazon-ec2.html)
    """  # noqa: E501 - the summary is one line

    code = "PATH004"
    name = "exposed-instance-yields-privileged-role"
    severity = Severity.CRITICAL
    supersedes = ("IAM007", "IAM008", "IAM015", "IMDS001", "PATH005")
    since = "0.1.0"
    asks = Question(("internet",), ("reaches", "takes credentials"), ("principal",))
    types = HOST_TYPES

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each way in to a host and each privileged role of it: the worst means."""
        paths = (one for one in credential_paths(graph) if self.asks.walks(*one.over))
        yield from WorstVerdicts().add_any((one.key, _verdict(graph, one)) for one in paths)


def _verdict(graph: Graph, path: CredentialPath) -> Verdict | None:
    entry, held, means = path
    gain = privilege(graph, held.role)
    answer = held.answer & gain.answer & means.answer
    if answer.truth is False:
        return None
    role = held.role.resource
    severity = Severity.CRITICAL if gain.administers or means.login else Severity.HIGH
    has = privilege_evidence(gain)
    actions, statements = actions_of_privilege(gain)
    told = f"; the role {'has' if answer.truth else 'may have'} {actions}" if actions else ""
    limit = Evidence(has.span, "take from the role what it does not need", has.resource)
    return path_verdict(
        graph,
        entry,
        f"anyone on the internet {can(entry.answer & answer)} obtain the credentials of role "
        f"{role.address} ({gain.words}) {means.words}: {entry.resource.address} is reachable"
        f"{via_words(entry)}{told}",
        answer,
        severity=severity,
        hops=(means.hop, *held.hops, *statements, has),
        edits=(means.edit, limit),
        target=f"{role.address} {means.words}",
        likely=means.likely and (held.answer & gain.answer).truth is True,
        also=(role,),
    )
