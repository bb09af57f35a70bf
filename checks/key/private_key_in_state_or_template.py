from collections.abc import Iterable, Iterator
from typing import Final

from iac_ec2lint.api import (
    Answer,
    Check,
    Evidence,
    Graph,
    Place,
    Presence,
    Remark,
    Severity,
    Unknown,
    Verdict,
)
from iac_ec2lint.api.compute import HOST_TYPES, GeneratedKey, KeyFlow, generated_keys, key_flows
from iac_ec2lint.api.resources import (
    Instance,
    KeyPair,
    LocalFile,
    NullResource,
    Output,
    PrivateKey,
    SsmParameter,
)

_GOES: Final = {
    "file": "goes to the file that {} writes",
    "output": "goes to {}, which is not hidden",
    "user data": "goes to the user data of {}",
    "parameter": "goes to {}, which is not encrypted",
    "provisioner": "goes to a provisioner of {}",
    "connection": "is what Terraform logs in to {} with",
}
_MAY: Final = {
    "file": "may go to the file that {} writes",
    "output": "may go to {}",
    "user data": "may go to the user data of {}",
    "parameter": "may go to {}",
    "provisioner": "may go to a provisioner of {}",
    "connection": "may be what Terraform logs in to {} with",
}


class PrivateKeyInStateOrTemplate(Check):
    """An SSH private key is generated or stored where state or template readers obtain it.

    ## Why it matters
    Whoever has the private key of a key pair logs in to each host that was launched with it. A key
    that Terraform makes (`tls_private_key`) stands in its state in plain text, for all who may read
    the state, and in each of its old versions. From there it often goes on: to a file, an output,
    user data, a parameter that is not encrypted, a command. A key that is written into the
    configuration is with all who read the repository.

    It is one finding for the key of a key pair, at the key; where it goes is in the evidence. Of
    other keys, made by Terraform or written as PEM, it is each place that hands them on, unless
    they are for certificates. What is never stored passes: `ephemeral "tls_private_key"`,
    write-only arguments such as `value_wo`. So does a `SecureString`, an output that is
    `sensitive`, and one of a module that is called: only those of a root module are stored and
    shown. A password of Windows that is kept in the state (`get_password_data`) counts with
    the key that opens it.

    In CloudFormation, a key pair without `PublicKeyMaterial` is a note: AWS makes its key, and puts
    the private half into Parameter Store, encrypted. Reports quote no key.

    ## Fails
    ```hcl
    resource "tls_private_key" "web" {
      algorithm = "ED25519"
    }

    resource "aws_key_pair" "web" {
      key_name   = "web"
      public_key = tls_private_key.web.public_key_openssh
    }

    resource "local_sensitive_file" "web" {
      filename = "web.pem"
      content  = tls_private_key.web.private_key_openssh
    }
    ```
    ```yaml
    Resources:
      Key:
        Type: AWS::SSM::Parameter
        Properties:
          Name: /hosts/key
          Type: String
          Value: |
            -----BEGIN OPENSSH PRIVATE KEY-----
            b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtzc2gtZW
            -----END OPENSSH PRIVATE KEY-----
    ```

    ## Passes
    ```hcl
    variable "public_key" {
      type = string
    }

    resource "aws_key_pair" "web" {
      key_name   = "web"
      public_key = var.public_key
    }
    ```
    ```yaml
    Resources:
      Web:
        Type: AWS::EC2::KeyPair
        Properties:
          KeyName: web
          PublicKeyMaterial: >-
            ssh-ed25519
            AAAAC3NzaC1lZDI1NTE5AAAAIF92DOVkt9HciXHbfbrsD1l6zKB7n+PEMSTo4Js79qWT
    ```

    ## How to mend it
    Generate the key outside the template and import only its public part.

    ## References
    - [Create a key pair for your Amazon EC2 instance](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/create-key-pairs.html)
    - [AWS::EC2::KeyPair](https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-ec2-keypair.html)
    - [tls_private_key](https://registry.terraform.io/providers/hashicorp/tls/latest/docs/resources/private_key)
    - [Manage sensitive data in your configuration](https://developer.hashicorp.com/terraform/language/manage-sensitive-data)
    """

    code = "KEY003"
    name = "private-key-in-state-or-template"
    severity = Severity.HIGH
    since = "0.1.0"
    types = (*HOST_TYPES, KeyPair, LocalFile, NullResource, Output, PrivateKey, SsmParameter)

    def examine(self, graph: Graph) -> Iterator[Verdict | Remark]:
        """A verdict for each key of a key pair, and each place where another one goes."""
        of_keys: dict[str, list[KeyFlow]] = {}
        written: list[KeyFlow] = []
        for flow in key_flows(graph):
            (of_keys.setdefault(flow.key, []) if flow.key else written).append(flow)
        by_key: dict[PrivateKey, list[GeneratedKey]] = {}
        for made in generated_keys(graph):
            by_key.setdefault(made.private, []).append(made)
        for private, uses in by_key.items():
            flows = of_keys.get(private.address, [])
            sure = [use for use in uses if use.answer.truth or use.when is not None]
            if sure or not any(_counts(flow) and flow.answer.truth for flow in flows):
                of_keys.pop(private.address, None)
                yield _of_pair(graph, sure or uses, flows)
        for flow in (*written, *(flow for flows in of_keys.values() for flow in flows)):
            if _counts(flow):
                yield _of_flow(flow)
        yield from _of_pairs(graph, {use.pair for uses in by_key.values() for use in uses})


def _counts(flow: KeyFlow) -> bool:
    """Whether a flow alone is wrong: what Terraform logs in with is KEY007's."""
    return flow.sink != "connection"


def _of_pair(graph: Graph, uses: list[GeneratedKey], flows: Iterable[KeyFlow]) -> Verdict:
    """The verdict on a key that Terraform makes for key pairs, with all places it goes to."""
    ordered = sorted(uses, key=lambda use: not _presence(use).certain)
    first = ordered[0]
    private, pair = first.private, first.pair
    undecided = first.answer.truth is None and first.when is None
    name = pair.address if pair is not None else "a key pair"
    stands = "may stand" if undecided else "stands"
    evidence = [
        Evidence(
            use.pair.public_key.span,
            f"its public half {'may be' if undecided else 'is'} the key pair {use.pair.address}",
            use.pair.address,
        )
        for use in ordered
        if use.pair is not None and use.pair.public_key is not None
    ]
    evidence += [
        Evidence(flow.place.span, f"it {_where(flow)}", flow.resource.address) for flow in flows
    ]
    for use in ordered:
        evidence += _passwords(graph, use.pair)
    return Verdict(
        subject=private,
        at=Place(private.span, "", None, _presence(first)),
        message=f"the private key of {name} {stands} in Terraform's state in plain text",
        undecided=undecided,
        causes=_causes(uses) if undecided else (),
        evidence=tuple(dict.fromkeys(evidence)),
        value="state",
    )


def _presence(use: GeneratedKey) -> Presence:
    """Whether the key is certain to be a key pair's, where it is one."""
    if use.when is not None:
        return use.when
    return use.private.presence if use.pair is None else use.pair.presence


def _causes(uses: Iterable[GeneratedKey]) -> tuple[Unknown, ...]:
    return tuple(dict.fromkeys(cause for use in uses for cause in use.answer.causes))


def _passwords(graph: Graph, pair: KeyPair | None) -> Iterator[Evidence]:
    """The instances whose first password is in the state as well, for the key to open."""
    for instance in graph.all(Instance):
        asked = instance.equals("get_password_data", True)
        if asked.truth is False:
            continue
        pairs = graph.targets(instance, "key_pair")
        if pairs and all(edge.certain and edge.target is not pair for edge in pairs):
            continue
        stands = "stands" if asked.truth else "may stand"
        yield Evidence(
            instance.place("get_password_data").span,
            f"the password of {instance.address} {stands} beside it, encrypted for a key pair",
            instance.address,
        )


def _of_flow(flow: KeyFlow) -> Verdict:
    """The verdict on a key that goes to one place, and is not known to be a key pair's."""
    undecided = flow.answer.truth is None
    what = "a private key" if undecided else "a private key that is written down"
    what = f"the private key of {flow.key}" if flow.key else what
    return Verdict(
        subject=flow.resource,
        at=flow.place,
        message=f"{what} {_where(flow)}",
        undecided=undecided,
        causes=flow.answer.causes,
        value=f"{flow.sink} {flow.key}",
        quotable=bool(flow.key),
    )


def _where(flow: KeyFlow) -> str:
    """Where a key goes, or may go."""
    words = _GOES if flow.answer.truth else _MAY
    return words[flow.sink].format(flow.resource.address)


def _of_pairs(graph: Graph, known: set[KeyPair | None]) -> Iterator[Verdict | Remark]:
    """Key pairs of which it is not known who makes them, and those that AWS makes."""
    for pair in graph.all(KeyPair):
        public = pair.public_key
        if public is None:
            if pair.presence.certain and pair.declared.of_cloudformation:
                words = (
                    f"AWS makes the key of {pair.address}, and puts its private half into "
                    "Parameter Store"
                )
                yield Remark("key-made-by-aws", pair, pair, words)
        elif pair not in known and isinstance(public, Unknown) and _of_module(public):
            yield Verdict(
                subject=pair,
                at=pair.place("public_key"),
                message=f"the private key of {pair.address} may stand in Terraform's state",
                undecided=True,
                causes=Answer(None, (public,)).causes,
            )


def _of_module(public: Unknown) -> bool:
    """Whether a public key comes out of a module that is not available."""
    causes = {public.cause, *(reference.cause for reference in public.references)}
    return "module" in causes
