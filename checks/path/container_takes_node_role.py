from collections.abc import Iterator

from iac_ec2lint.api import Check, Evidence, Graph, Question, Severity, Verdict
from iac_ec2lint.api.attack import CredentialPath, credential_paths
from iac_ec2lint.api.compute import HOST_TYPES, is_container_host
from iac_ec2lint.api.iam import privilege, privilege_evidence
from iac_ec2lint.api.verdicts import WorstVerdicts, can, path_verdict, via_words


class ContainerTakesNodeRole(Check):
    """Containers on an exposed host can obtain a privileged node role through the metadata service.

    ## Why it matters
    What runs in a container should have a role of its own, or none. Where responses of the metadata
    service reach containers (a hop limit of 2 or more, or IMDSv1), each container has the role of
    the node as well, and so has whoever gets in to one of them.

    It is reported for hosts of containers that the internet reaches, directly or through a load
    balancer, whose role does more than AWS expects of nodes and is privileged.

    ## Fails
    On [docs/stages/public-instance](../stages/README.md), an instance that the internet reaches
    over HTTPS: made a host of containers, with a role that reads data:
    ```diff hcl stage=public-instance
    +resource "aws_iam_role_policy_attachment" "host" {
    +  role       = aws_iam_role.host.name
    +  policy_arn = "arn:aws:iam::aws:policy/AmazonS3FullAccess"
    +}
     resource "aws_instance" "host" {
       vpc_security_group_ids = [aws_security_group.host.id]
    +  user_data              = "ECS_CLUSTER=web"
         http_tokens = "required"
    +    http_put_response_hop_limit = 2
    ```
    ```diff yaml stage=public-instance
       HostRole:
                 Principal: {Service: ec2.amazonaws.com}
    +      ManagedPolicyArns: ["arn:aws:iam::aws:policy/AmazonS3FullAccess"]
       Host:
             HttpTokens: required
    +        HttpPutResponseHopLimit: 2
    +      UserData: !Base64 ECS_CLUSTER=web
    ```

    ## Passes
    ```diff hcl
     resource "aws_instance" "host" {
    -    http_put_response_hop_limit = 2
    +    http_put_response_hop_limit = 1
    ```
    ```diff yaml
       Host:
    -        HttpPutResponseHopLimit: 2
    +        HttpPutResponseHopLimit: 1
    ```

    ## How to mend it
    Give pods or tasks roles of their own, and set the hop limit to 1 with tokens required.

    ## References
    - [Identity and access management for Amazon EC2](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/security-iam.html)
    - [Instance metadata options](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-options.html)
    """

    code = "PATH016"
    name = "container-takes-node-role"
    severity = Severity.HIGH
    supersedes = ("IMDS002",)
    since = "0.1.0"
    asks = Question(("internet",), ("takes credentials",), ("principal",))
    types = HOST_TYPES

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each way in to a host of containers and each privileged role of it."""
        paths = (one for one in credential_paths(graph) if self.asks.walks(*one.over))
        yield from WorstVerdicts().add_any((one.key, _verdict(graph, one)) for one in paths)


def _verdict(graph: Graph, path: CredentialPath) -> Verdict | None:
    entry, held, means = path
    gain, containers = privilege(graph, held.role), is_container_host(graph, held.launch)
    answer = path.answer & gain.answer & containers
    if answer.truth is False:
        return None
    role = held.role.resource
    has = privilege_evidence(gain)
    return path_verdict(
        graph,
        entry,
        f"containers on {entry.resource.address}, which the internet reaches{via_words(entry)}, "
        f"{can(entry.answer & answer)} obtain the credentials of role "
        f"{role.address} ({gain.words})",
        answer,
        severity=Severity.HIGH,
        hops=(means.hop, *held.hops, has),
        edits=(
            means.edit,
            Evidence(has.span, "take from the role what it does not need", has.resource),
            Evidence(role.span, "give tasks and pods roles of their own", role.address),
        ),
        target=role.address,
        likely=means.likely and (held.answer & gain.answer).truth is True,
        also=(role,),
    )
