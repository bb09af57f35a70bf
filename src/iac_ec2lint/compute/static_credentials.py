"""Credentials that are written in configurations of providers and backends.

Sources: AWS provider, "Authentication and Configuration"; Terraform, "Backend Type: s3"; IAM User
Guide, "IAM identifiers" (an access key's id has 20 characters, its secret 40).
"""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, Final, NamedTuple

from iac_ec2lint.resources.backend import RemoteState, S3Backend
from iac_ec2lint.resources.provider import Provider
from iac_ec2lint.source.regular_expression import regular_expression
from iac_ec2lint.values import Answer, Unknown, Val

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iac_ec2lint.graph.graph import Graph
    from iac_ec2lint.resources.part import Place, Resource
    from iac_ec2lint.values import Data

_FORMS: Final = {
    "access_key": regular_expression(r"[A-Z0-9]{20}"),
    "secret_key": regular_expression(r"[A-Za-z0-9/+=]{40}"),
    "token": regular_expression(r"\S{100,}"),
}
"""What a credential looks like: a word such as ``test``, for an emulator of AWS, is none."""
_MADE: Final = frozenset({"computed", "data-source", "external-id"})
"""Causes of unknowns that are not written anywhere: what is fetched when it is needed."""


class StaticCredential(NamedTuple):
    """A credential that a configuration has, or may have.

    Attributes:
        resource: The provider, the backend, or the state that is read.
        name: The argument.
        place: Where it is written. It must not be quoted.
        answer: Whether it is one.
    """

    resource: Resource
    name: str
    place: Place
    answer: Answer


def static_credentials(graph: Graph) -> Iterator[StaticCredential]:
    """The credentials that are written in providers, backends and reads of other states.

    What Terraform is given when it runs, or fetches then, is not written.
    """
    for resource in graph.all(Provider, RemoteState, S3Backend):
        part = resource.config if isinstance(resource, RemoteState) else resource
        for name, form in _FORMS.items():
            value: Val | None = getattr(part, name)
            if value is None or (isinstance(value, Unknown) and value.cause in _MADE):
                continue
            answer = value.test(partial(_has, form))
            if answer.may_be_true:
                yield StaticCredential(resource, name, part.place(name), answer)


def _has(form: re.Pattern[str], data: Data) -> bool:
    return isinstance(data, str) and form.fullmatch(data) is not None
