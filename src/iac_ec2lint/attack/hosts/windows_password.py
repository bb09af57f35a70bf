"""Whose hosts' administrator password a principal can read and use: D6, ``win-password``.

``ec2:GetPasswordData`` gives the password that a Windows instance made for itself, encrypted with
its key pair. So it takes the private key, and a way to the desktop (EC2 User Guide, "Connect to
your Windows instance").
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from iac_ec2lint.attack.credentials import InstanceRole
from iac_ec2lint.attack.hosts.access import CLOSED, HostControl, best_of, reaches_port
from iac_ec2lint.compute.images import image_of, names_looked_up
from iac_ec2lint.compute.launch.launches import Launch
from iac_ec2lint.engine.finding import Evidence
from iac_ec2lint.graph.graph import Graph
from iac_ec2lint.iam.arns import arn_in
from iac_ec2lint.iam.escalation.steps import ActionRequest, allowed_to
from iac_ec2lint.iam.principal import Principal
from iac_ec2lint.resources.image import Image, ImageDataSource
from iac_ec2lint.resources.key_pair import KeyPair
from iac_ec2lint.resources.private_key import PrivateKey
from iac_ec2lint.source.regular_expression import regular_expression
from iac_ec2lint.values import NO, YES, Answer, Step, Unknown

_RDP = 3389
_WINDOWS = regular_expression(r"windows", re.IGNORECASE)
_LINUX = regular_expression(
    r"amzn|al2023|amazon-linux|ubuntu|debian|rhel|red ?hat|suse|sles|centos|fedora|rocky|alma"
    r"|bottlerocket|\bAL2|macos|amzn-ec2-macos",
    re.IGNORECASE,
)


def reads_password(graph: Graph, principal: Principal, held: InstanceRole) -> HostControl:
    """Whether a principal can decrypt and use the password of a host, once it has the data."""
    windows = _is_windows(graph, held.launch)
    if windows.truth is False:
        return CLOSED
    key = best_of(_keys(graph, principal, held.launch))
    if key.answer.truth is False:
        return CLOSED
    way = reaches_port(graph, principal, held, _RDP)
    answer = windows & key.answer & way.answer
    return HostControl(answer, (*key.hops, *way.hops), (*key.asked, *way.asked))


def _keys(graph: Graph, principal: Principal, launch: Launch) -> Iterator[HostControl]:
    """Where the private key of a launch's key pair is kept, as far as the unit makes it."""
    for edge in graph.follow(launch.host, launch.settings, "key_pair"):
        pair = edge.target
        if not isinstance(pair, KeyPair):
            continue
        there = edge.answer
        if pair.declared.of_cloudformation:
            if pair.public_key is None:
                yield _in_parameter_store(principal, pair, there)
            continue
        key = _private_key(graph, pair)
        if key is not None:
            words = f"whoever reads Terraform's state has the private key of {key.address}"
            resting = Answer(True, (), (Step(key.span, words, assumed=True),))
            yield HostControl(there & resting, (Evidence(key.span, words, key.address),))


def _in_parameter_store(principal: Principal, pair: KeyPair, there: Answer) -> HostControl:
    """CloudFormation keeps the private key that it makes as a parameter, named by the pair's id."""
    asked = (ActionRequest("ssm:GetParameter", arn_in(pair.span, "ssm", "parameter/ec2/keypair/")),)
    fact = f"the private key of {pair.address} is kept in Parameter Store"
    hop = Evidence(pair.span, fact, pair.address)
    return HostControl(there & allowed_to(principal, asked), (hop,), asked)


def _private_key(graph: Graph, pair: KeyPair) -> PrivateKey | None:
    """The private key of the unit that a key pair's public key is made from."""
    public = pair.public_key
    for reference in public.references if isinstance(public, Unknown) else ():
        key = graph.get(reference.target)
        if isinstance(key, PrivateKey):
            return key
    return None


def _is_windows(graph: Graph, launch: Launch) -> Answer:
    """Whether instances run Windows, as far as the name of their image says it."""
    facts = image_of(graph, launch)
    names = [facts.words]
    if isinstance(facts.resource, ImageDataSource):
        names += [name.text or "" for name in names_looked_up(facts.resource)]
        for one in facts.resource.filters:
            if one.name is not None and one.name.equals("platform").truth is True:
                names += [value.text or "" for value in one.values]
    elif isinstance(facts.resource, Image):
        name = facts.resource.name
        names.append((name.text or "") if name is not None else "")
    if any(_WINDOWS.search(name) for name in names):
        return YES
    if facts.family is not None or any(_LINUX.search(name) for name in names):
        return NO
    words = f"whether {facts.words} is an image of Windows is not known"
    return Answer(None, (Unknown(words, "external-id", launch.host.span),))
