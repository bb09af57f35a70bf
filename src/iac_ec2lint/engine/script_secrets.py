"""Secrets in boot scripts, and the launches that hand them to hosts: joins graph and findings."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from iac_ec2lint.graph.boot_scripts import read_script
from iac_ec2lint.graph.graph import Graph
from iac_ec2lint.graph.launch import Launch, launches, runs
from iac_ec2lint.graph.secrets import secrets_in
from iac_ec2lint.resources.part import Place, Resource
from iac_ec2lint.values import YES, Answer


class ScriptSecret(NamedTuple):
    """A boot script that holds a secret, or may.

    Attributes:
        launch: The launch that runs it.
        resource: The resource that it is written in: the host or its template.
        place: Where it is written there.
        answer: Whether it holds a secret.
        words: What it holds, in words.
    """

    launch: Launch
    resource: Resource
    place: Place
    answer: Answer
    words: str


def script_secrets(graph: Graph) -> Iterator[ScriptSecret]:
    """The boot scripts of all launches that hold a secret, or of which nothing is known."""
    for launch in launches(graph):
        if runs(launch.host).truth is False:
            continue
        settings = launch.settings
        for name in ("user_data", "user_data_base64"):
            layer = settings.decides(name)
            value = getattr(settings, name)
            if layer is None or value is None:
                continue
            text, causes = read_script(value)
            resource = launch.resource_of(layer)
            # Not where the script is written: reports quote the line that they point at.
            place = settings.place(name)._replace(span=resource.span)
            if text is None:
                if causes:
                    words = "what may be a secret"
                    yield ScriptSecret(launch, resource, place, Answer(None, causes), words)
                continue
            found = next(secrets_in(text), None)
            if found is not None:
                words = f"{found.kind} (line {found.line} of the script)"
                yield ScriptSecret(launch, resource, place, YES, words)
