"""Hash and crypto functions."""

from __future__ import annotations

import base64
import hashlib
import uuid
from typing import TYPE_CHECKING

from iac_ec2lint.terraform.functions.files import on_file, read_raw
from iac_ec2lint.terraform.functions.registry import FunctionError, function, scalar
from iac_ec2lint.terraform.language.types import NUMBER, STRING
from iac_ec2lint.values import Unknown, Val

if TYPE_CHECKING:
    from pathlib import Path

    from iac_ec2lint.terraform.functions.registry import FunctionCall


def _declare(algorithm: str) -> None:
    @scalar(algorithm, STRING)
    def of_text(text: str) -> str:
        return hashlib.new(algorithm, text.encode(), usedforsecurity=False).hexdigest()

    @on_file(f"file{algorithm}")
    def of_file(call: FunctionCall, place: Path, path: Val) -> Val:
        raw = read_raw(call, place)
        if isinstance(raw, Unknown):
            return raw
        return call.value(hashlib.new(algorithm, raw, usedforsecurity=False).hexdigest(), path)


def _declare_base64(algorithm: str) -> None:
    @scalar(f"base64{algorithm}", STRING)
    def of_text(text: str) -> str:
        return base64.b64encode(hashlib.new(algorithm, text.encode()).digest()).decode()

    @on_file(f"filebase64{algorithm}")
    def of_file(call: FunctionCall, place: Path, path: Val) -> Val:
        raw = read_raw(call, place)
        if isinstance(raw, Unknown):
            return raw
        return call.value(base64.b64encode(hashlib.new(algorithm, raw).digest()).decode(), path)


for _algorithm in ("md5", "sha1", "sha256", "sha512"):
    _declare(_algorithm)
for _algorithm in ("sha256", "sha512"):
    _declare_base64(_algorithm)


@function("bcrypt", STRING, variadic=NUMBER, result=STRING, needs="none")
def _bcrypt(call: FunctionCall, *arguments: Val) -> Val:  # noqa: ARG001 - as every function
    return Unknown("bcrypt() has another result each time", "computed", call.span, type=STRING)


@function("rsadecrypt", STRING, STRING, result=STRING, needs="none")
def _rsadecrypt(call: FunctionCall, *arguments: Val) -> Val:  # noqa: ARG001 - as every function
    return Unknown("rsadecrypt() is not evaluated", "expression", call.span, type=STRING)


@function("uuid", result=STRING)
def _uuid(call: FunctionCall) -> Val:
    return Unknown("uuid() has another result each time", "computed", call.span, type=STRING)


_NAMESPACES = {
    "dns": uuid.NAMESPACE_DNS,
    "url": uuid.NAMESPACE_URL,
    "oid": uuid.NAMESPACE_OID,
    "x500": uuid.NAMESPACE_X500,
}


@scalar("uuidv5", STRING, STRING)
def _uuidv5(namespace: str, name: str) -> str:
    space = _NAMESPACES.get(namespace)
    if space is None:
        try:
            space = uuid.UUID(namespace)
        except ValueError:
            raise FunctionError("the namespace is no UUID") from None
    return str(uuid.uuid5(space, name))
