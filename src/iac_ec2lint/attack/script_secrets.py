"""Secrets in boot scripts, and the launches that hand them to hosts: joins graph and findings."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from iac_ec2lint.compute.boot_scripts import read_script
from iac_ec2lint.compute.launch import Launch, launches, runs
from iac_ec2lint.compute.script_secrets import secrets_in, secrets_put_in
from iac_ec2lint.graph.graph import Graph
from iac_ec2lint.resources.part import Place, Resource
from iac_ec2lint.values import YES, Answer, Unknown, Val


class ScriptSecret(NamedTuple):
    """A boot script that holds a secret, or may.

    Attributes:
        launch: The launch that runs it.
        resource: The resource that it is written in: the host or its template.
        place: Where it is written there. What stands there must not be quoted.
        answer: Whether it holds a secret.
        words: What it holds, in words.
    """

    launch: Launch
    resource: Resource
    place: Place
    answer: Answer
    words: str


def script_secrets(graph: Graph) -> Iterator[ScriptSecret]:
    """The boot scripts of all launches that hold a secret, or may."""
    for launch in launches(graph):
        if runs(launch.host).truth is False:
            continue
        settings = launch.settings
        for name in ("user_data", "user_data_base64"):
            layer = settings.decides(name)
            value: Val | None = getattr(settings, name)
            if layer is None or value is None:
                continue
            held = _held(value)
            if held is not None:
                resource, place = launch.resource_of(layer), settings.place(name)
                yield ScriptSecret(launch, resource, place, *held)


def _held(script: Val) -> tuple[Answer, str] | None:
    """Whether a script holds a secret, and what that is in words; ``None`` where it holds none."""
    if isinstance(script, Unknown) and script.candidates:
        return _one_of(script)
    text, pieces = read_script(script)
    if text is None:
        return (Answer(None, pieces), "what may be a secret") if pieces else None
    for secret in (*secrets_in(text), *secrets_put_in(text, pieces)):
        words = f"{secret.kind} (line {secret.line} of the script)"
        return Answer(None, secret.causes) if secret.causes else YES, words
    return None


def _one_of(script: Unknown) -> tuple[Answer, str] | None:
    """The same of a script that is one of several."""
    held = [_held(candidate) for candidate in script.candidates]
    some = [each for each in held if each is not None]
    if not some:
        return None
    # Nothing at all, where the script may be left out.
    sure = len(some) == len(held) and not script.unset and all(each[0].truth for each in some)
    return YES if sure else Answer(None, (script,)), some[0][1]
