"""Secrets that are written in scripts: what they are and where, never what they say.

A value that is read from somewhere at run time, such as a shell variable or the output of a
command, is none. What is put into a script at deployment is one if it is made to be: a generated
password, a private key, what a dynamic reference reads from Secrets Manager. Of other pieces that
nobody knows, names and ids are none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from iac_ec2lint.compute.launch.launches import Launch, launches
from iac_ec2lint.compute.launch.running import runs
from iac_ec2lint.compute.scripts.boot_script import (
    UNKNOWN_PIECE,
    BootScript,
    script_of,
    variants,
)
from iac_ec2lint.compute.scripts.secrets.pieces import (
    all_secrets,
    held_of,
    is_secret,
    parameter_secrecy,
)
from iac_ec2lint.compute.scripts.secrets.words import (
    is_about,
)
from iac_ec2lint.compute.scripts.secrets.written import Secret
from iac_ec2lint.resources.launch_configuration import LaunchConfiguration
from iac_ec2lint.resources.launch_template import LaunchTemplate
from iac_ec2lint.resources.part import Place, Resource
from iac_ec2lint.values import YES, Answer, Reference, Unknown, Val

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from iac_ec2lint.graph.graph import Graph
    from iac_ec2lint.source.span import Span
_PUBLIC: Final = frozenset({"Ref", "CertificateAuthorityData"})
"""Attributes that never are, and say so by their meaning: a physical id, the certificate by which
clients know a cluster (EKS API Reference, Certificate)."""

_SHORT: Final = 3
"""Characters of a text that is not looked for."""


class HeldSecret(NamedTuple):
    """A secret that a boot script holds, or may hold.

    Attributes:
        script: The script: one of those that it can be, where a condition decides that.
        kind: What it is, in words.
        line: The line of the script; 0 where nothing of that is known.
        span: Where it stands; what stands there must not be quoted.
        written: Whether its text is found at ``span``, so that nothing else decides it.
        answer: Whether it is one.
        piece: What is put into the script, where it is no part of its text.
        keyed: Whether what it is assigned to says that it is one.
    """

    script: BootScript
    kind: str
    line: int
    span: Span
    written: bool
    answer: Answer
    piece: Unknown | None = None
    keyed: bool = False

    @property
    def sure(self) -> bool:
        """Whether it is one: what a template asks for as a password is, whatever it is given."""
        if self.answer.truth is not None or self.piece is None:
            return self.answer.truth is True
        secrecy = parameter_secrecy(self.piece)
        return secrecy in ("default", "hidden", "written") or (secrecy == "shown" and self.keyed)

    @property
    def place(self) -> Place:
        """Where it stands, and what its being there rests on."""
        place = self.script.place._replace(span=self.span)
        if self.written:  # it stands there, whatever else the script is made of
            return place._replace(value=None, part=None)
        return place if self.piece is None else place._replace(value=self.piece)


def held_secrets(script: BootScript) -> Iterator[HeldSecret]:
    """The secrets that a boot script holds, or may hold: those that are written there first."""
    for one, doubt in variants(script):
        if one.text is None:
            if one.causes and not _is_no_secret(one.place.value):
                unknown = Answer(None, one.causes)
                yield HeldSecret(one, "a secret", 0, one.place.span, False, unknown)
            continue
        places: dict[
            tuple[str, str], tuple[Span, bool]
        ] = {}  # of lines that are alike, sought once
        for secret in all_secrets(one.text, one.causes, one.place.value):
            causes = secret.causes or ((doubt,) if doubt is not None else ())
            words = (secret.text, secret.key)
            if secret.piece is not None or words not in places:
                places[words] = _span_of(one, secret)
            span, written = places[words]
            yield HeldSecret(
                one,
                secret.kind,
                secret.line,
                span,
                written,
                Answer(None, causes) if causes else YES,
                secret.piece,
                secret.keyed,
            )


def _is_no_secret(value: Val | None) -> bool:
    """Whether a whole text is an attribute that is public: an id, an address, a certificate."""
    if not isinstance(value, Reference):
        return False
    public = is_about(value.attribute) or value.attribute in _PUBLIC
    return public and is_secret(value) is False


def _words(secret: Secret) -> str:
    may = "what may be " if secret.causes else ""
    return f"{may}{secret.kind} (line {secret.line} of the script)"


def _span_of(script: BootScript, secret: Secret) -> tuple[Span, bool]:
    """Where a secret stands, and whether its text is there: else its key is, or the script."""
    whole = script.place.span
    if secret.piece is not None:
        return secret.piece.span, False
    texts = [part.strip() for part in secret.text.split(UNKNOWN_PIECE)]
    for text in (*texts, *(text.lstrip("- ") for text in texts)):
        span = script.span_of(text) if len(text) > _SHORT else whole
        if span is not whole:
            return span, True
    key = secret.key if len(secret.key) > _SHORT else ""
    return script.span_of(key, key.rstrip(":")), False


class ScriptSecret(NamedTuple):
    """A boot script that holds a secret, or may.

    Attributes:
        launch: The launch that runs it.
        resource: The resource that it is written in: the host or its template.
        place: Where it is written there. What stands there must not be quoted.
        answer: Whether it holds a secret.
        words: What it holds, in words.
        span: Where in it the secret stands.
    """

    launch: Launch
    resource: Resource
    place: Place
    answer: Answer
    words: str
    span: Span


def describing_actions(resource: Resource) -> tuple[str, ...]:
    """The actions that each give its user data to whoever may describe it, or what it launches.

    Sources: EC2 API Reference, DescribeInstanceAttribute and DescribeLaunchTemplateVersions;
    Auto Scaling API Reference, DescribeLaunchConfigurations, whose answer has the user data.

    Args:
        resource: What the script is written in: a host, a template or a launch configuration.
    """
    if isinstance(resource, LaunchTemplate):
        return ("ec2:DescribeLaunchTemplateVersions", "ec2:DescribeInstanceAttribute")
    if isinstance(resource, LaunchConfiguration):
        return ("autoscaling:DescribeLaunchConfigurations", "ec2:DescribeInstanceAttribute")
    return ("ec2:DescribeInstanceAttribute",)


def script_secrets(graph: Graph, besides: Collection[str] = frozenset()) -> Iterator[ScriptSecret]:
    """The user data of all launches that holds a secret, or may.

    Args:
        graph: The graph.
        besides: The addresses of resources whose secrets do not count.
    """
    for launch in launches(graph):
        if runs(graph, launch.host).truth is False:
            continue
        settings = launch.settings
        for name in ("user_data", "user_data_base64"):
            value: Val | None = getattr(settings, name)
            held = None if value is None else held_of(value, besides)
            if held is not None and value is not None:
                answer, secret = held
                resource, place = launch.place(name)
                span = place.span
                if secret is not None:
                    span, _ = _span_of(script_of(resource, place, value), secret)
                words = _words(secret) if secret is not None else "what may be a secret"
                yield ScriptSecret(launch, resource, place, answer, words, span)
