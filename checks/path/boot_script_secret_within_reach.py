from collections.abc import Iterable, Iterator

from iac_ec2lint.api import Answer, Check, Evidence, Graph, Question, Resource, Severity, Verdict
from iac_ec2lint.api.attack import AttackEntry, by_forged_request, tcp_entries
from iac_ec2lint.api.compute import HOST_TYPES
from iac_ec2lint.api.iam import (
    ActionRequest,
    IamPrincipal,
    grant_evidence,
    is_allowed,
    is_kept_by_host,
    is_kept_by_services,
    principals,
    privilege,
)
from iac_ec2lint.api.resources import IamAccessKey, Role
from iac_ec2lint.api.scripts import ScriptSecret, describing_actions, script_secrets
from iac_ec2lint.api.verdicts import WorstVerdicts, can, gain_verdict, path_verdict, via_words


class BootScriptSecretWithinReach(Check):
    """A secret in user data can be read by whoever reaches the host or may describe its attributes.

    ## Why it matters
    User data is no place for secrets: the metadata service hands it to any process of the host, and
    the EC2 API to whoever may describe the instance or its launch template. Where IMDSv1 is
    answered, one forged request to an application has it.

    It is reported where the internet reaches the host and IMDSv1 is answered, or where a principal
    of the unit that is no administrator may describe the attributes of every instance, and learns
    more than its own access key, or the user data of its own instances. A word is a
    secret by its key: `DB_PASSWORD=...` is one, `SECRET_NAME=...` is none, and what is made or
    fetched when the script runs is none either. What is put into the script at deployment counts
    as well: a generated password fails; an input that has no value is undecided where its own
    name, or what it is assigned to, is a secret's, where it is marked as one, and where it may be a
    script of its own. Reports quote nothing of the script.

    ## Fails
    On [docs/stages/public-instance](../stages/README.md), an instance that the internet reaches
    over HTTPS: IMDSv1, and a password in its user data:
    ```diff hcl stage=public-instance
     resource "aws_instance" "host" {
       vpc_security_group_ids = [aws_security_group.host.id]
    +  user_data              = <<-EOT
    +    #!/bin/sh
    +    export DB_PASSWORD=correcthorsebattery
    +  EOT
    -    http_tokens = "required"
    +    http_tokens = "optional"
    ```
    ```diff yaml stage=public-instance
       Host:
    -        HttpTokens: required
    +        HttpTokens: optional
    +      UserData:
    +        Fn::Base64: |
    +          #!/bin/sh
    +          export DB_PASSWORD=correcthorsebattery
    ```

    ## Passes
    ```diff hcl
     resource "aws_instance" "host" {
    -    export DB_PASSWORD=correcthorsebattery
    +    export DB_PASSWORD=$(aws ssm get-parameter --name db --with-decryption)
    ```
    ```diff yaml
       Host:
    -          export DB_PASSWORD=correcthorsebattery
    +          export DB_PASSWORD=$(aws ssm get-parameter --name db --with-decryption)
    ```

    ## How to mend it
    Let the script fetch the secret from Secrets Manager with the instance's role. Require IMDSv2.

    ## References
    - [Data protection in Amazon EC2](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/data-protection.html)
    - [Run commands at launch with user data](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/user-data.html)
    """

    code = "PATH014"
    name = "boot-script-secret-within-reach"
    severity = Severity.HIGH
    supersedes = ("DATA007",)
    since = "0.1.0"
    asks = Question(("internet", "principal"), ("reads",), ("thing",))
    types = HOST_TYPES

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each script that holds a secret which is within reach."""
        found = WorstVerdicts()
        ways: dict[Resource, list[AttackEntry]] = {}
        for entry in tcp_entries(graph) if "internet" in self.asks.begins else ():
            ways.setdefault(entry.resource, []).append(entry)
        readers: dict[str, list[tuple[IamPrincipal, Answer]]] = {}
        for secret in script_secrets(graph):
            key = (secret.resource.address, secret.place.attribute)
            own = [e for e in ways.get(secret.launch.host, ()) if e.leads_to(secret.launch)]
            for verdict in _from_outside(graph, secret, own):
                found.add(key, verdict)
            if "principal" in self.asks.begins and not found.has_failure(key):
                for action in describing_actions(secret.resource):
                    if action not in readers:
                        readers[action] = list(_readers(graph, action))
                    for verdict in _by_describing(graph, secret, action, readers[action]):
                        found.add(key, verdict)
        yield from found


def _from_outside(
    graph: Graph, secret: ScriptSecret, ways: Iterable[AttackEntry]
) -> Iterator[Verdict]:
    """The paths from the internet, through a forged request."""
    if not ways:
        return
    means = by_forged_request(graph, secret.launch)
    answer = means.answer & secret.answer
    if answer.truth is False:
        return
    host, address = secret.launch.host, secret.resource.address
    holds = "holds" if secret.answer.truth else "may hold"
    fact = f"the user data of {address} {holds} {secret.words}"
    for entry in ways:
        yield path_verdict(
            graph,
            entry,
            f"anyone on the internet {can(entry.answer & answer)} read {secret.words} in the "
            f"user data of {host.address} {means.words}{via_words(entry)}",
            answer,
            severity=Severity.HIGH,
            hops=(means.hop, Evidence(secret.span, fact, address, quotable=False)),
            edits=(_fetch(secret), means.edit),
            target=secret.place.attribute,
            likely=means.likely and secret.answer.truth is True,
            at=(secret.place, secret.resource),
            quotable=False,
        )


def _fetch(secret: ScriptSecret) -> Evidence:
    words = "fetch the secret at run time"
    return Evidence(secret.place.span, words, secret.resource.address, quotable=False)


def _readers(graph: Graph, action: str) -> Iterator[tuple[IamPrincipal, Answer]]:
    """The principals that may describe whatever instance or template, and whether they surely do.

    An administrator reads everything anyway, and nobody has a role that services alone act with.
    """
    for principal in principals(graph):
        if isinstance(principal.resource, Role) and is_kept_by_services(principal.resource):
            continue
        answer = is_allowed(principal, action)
        if answer.truth is not False and not privilege(graph, principal).administers_alone:
            yield principal, answer


def _by_describing(
    graph: Graph, secret: ScriptSecret, action: str, readers: Iterable[tuple[IamPrincipal, Answer]]
) -> Iterator[Verdict]:
    """The paths of the principals that have an action which describes where a script is."""
    for principal, answer in readers:
        # Who acts with the host's own role is there, and reads the script there.
        learns = answer & ~is_kept_by_host(graph, principal, secret.launch)
        news = _news_to(graph, principal, secret)
        if news is not None and learns.may_be_true:
            yield _from_inside(principal, action, learns, news)


def _news_to(graph: Graph, principal: IamPrincipal, secret: ScriptSecret) -> ScriptSecret | None:
    """The secret in a script that a principal does not have: its own access keys it has."""
    keys = [
        key.address
        for key in graph.all(IamAccessKey)
        if any(edge.target is principal.resource for edge in graph.targets(key, "user"))
    ]
    if not keys:
        return secret
    same = (secret.launch.host, secret.resource, secret.place.attribute)
    for one in script_secrets(graph, keys):
        if (one.launch.host, one.resource, one.place.attribute) == same:
            return one
    return None


def _from_inside(
    principal: IamPrincipal, action: str, learns: Answer, secret: ScriptSecret
) -> Verdict:
    """The path of a principal that may describe whatever instance."""
    answer = learns & secret.answer
    address = secret.resource.address
    fact = f"{secret.words} stands here"
    return gain_verdict(
        secret.launch.host,
        (secret.place, secret.resource),
        f"{principal.name} {can(answer)} read {secret.words} in the user data of {address}",
        answer,
        hops=(
            *grant_evidence(principal, [ActionRequest(action)]),
            Evidence(secret.span, fact, address, quotable=False),
        ),
        edits=(_fetch(secret),),
        value=f"{principal.resource.address} {action}",
        also=(principal.resource,),
        quotable=False,
    )
