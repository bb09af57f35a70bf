"""CloudFormation templates as configurations of Terraform's Cloud Control provider."""

from __future__ import annotations

import json
import re
from typing import Any

from iac_ec2lint.terraform.cloud_control import argument_name, types_among

Data = Any
"""What JSON can say, functions in their long form."""

_SECTIONS = {"AWSTemplateFormatVersion", "Description", "Parameters", "Resources"}
_PARTS = {"Type", "Properties", "DependsOn", "DeletionPolicy", "UpdateReplacePolicy"}
_DOCUMENTS = {"Content", "Definition", "EventPattern"}
"""The properties whose value is JSON in a text, beside policies."""
_NOT_THERE = re.compile("AWS::(CloudFormation|DLM|EMR|Serverless)::")
"""Types that the provider has not."""
_MAPS = {"Variables", "Parameters", "LogConfiguration", "Options"}
"""The properties whose members have names of the user's own."""
_SUBSTITUTED = re.compile(r"\$\{([^!}][^}]*)\}")
_PSEUDO = {
    "AWS::AccountId": "data.aws_caller_identity.current.account_id",
    "AWS::Partition": "data.aws_partition.current.partition",
    "AWS::Region": "data.aws_region.current.region",
    "AWS::URLSuffix": "data.aws_partition.current.dns_suffix",
}
_NOTHING = object()


class CannotBeSaidError(Exception):
    """The template says what such a configuration cannot, or says it in another way."""


def in_cloud_control(data: Data) -> str:
    """The template as Terraform JSON; resources are ``awscc_<type>.<logical ID>``.

    Args:
        data: The template.

    Raises:
        CannotBeSaidError: See the class.
    """
    if set(data) - _SECTIONS or "{{resolve:" in json.dumps(data):
        raise CannotBeSaidError
    written = _Template(data)
    made: dict[str, Data] = {}
    for name, resource in data["Resources"].items():
        if set(resource) - _PARTS:
            raise CannotBeSaidError
        kind = written.kinds[name]
        properties = resource.get("Properties", {})
        made.setdefault(kind, {})[name] = written.value(properties) if properties else {}
    sources: dict[str, Data] = {
        kind: {"current": {}} for kind in ("aws_caller_identity", "aws_partition", "aws_region")
    }
    whole = {"resource": made, "data": sources, "variable": written.variables()}
    return json.dumps({key: value for key, value in whole.items() if value}, indent=2)


class _Template:
    def __init__(self, data: Data) -> None:
        self._parameters = data.get("Parameters", {})
        types = {one.get("Type", "") for one in data["Resources"].values()}
        names = {made_as: kind for kind, made_as in types_among(frozenset(types)).items()}
        if types - set(names) or any(map(_NOT_THERE.match, types)):
            raise CannotBeSaidError
        self.kinds = {name: names[one["Type"]] for name, one in data["Resources"].items()}

    def variables(self) -> Data:
        found: dict[str, Data] = {}
        for name, parameter in self._parameters.items():
            if set(parameter) - {"Type", "Default", "Description", "NoEcho"}:
                raise CannotBeSaidError
            kind = {"Number": "number", "String": "string"}.get(parameter["Type"])
            if kind is None:  # one of a list, or of the ids of AWS, says more than its text
                raise CannotBeSaidError
            found[name] = {"type": kind}
            if "Default" in parameter:
                found[name]["default"] = _escaped(parameter["Default"])
            if str(parameter.get("NoEcho")).lower() == "true":
                found[name]["sensitive"] = True
        return found

    def value(self, data: Data, key: str = "") -> Data:
        """A value in Terraform JSON."""
        if isinstance(data, dict):
            if "Statement" in data or (key in _DOCUMENTS and not _function(data)):
                return "${jsonencode(" + self._expression(data) + ")}"
            if _function(data):
                return "${" + self._expression(data) + "}"
            names = {one: one if key in _MAPS else argument_name(one) for one in data}
            made = {names[one]: self.value(inner, one) for one, inner in data.items()}
            return {name: inner for name, inner in made.items() if inner is not _NOTHING}
        if isinstance(data, list):
            return [self.value(one) for one in data]
        return _escaped(data)

    def _expression(self, data: Data) -> str:
        """A value as an expression; members keep their names."""
        if isinstance(data, dict):
            if _function(data):
                [(name, argument)] = data.items()
                return self._call(name, argument)
            pairs = (f"{json.dumps(k)} = {self._expression(v)}" for k, v in data.items())
            return "{" + ", ".join(pairs) + "}"
        if isinstance(data, list):
            return "[" + ", ".join(map(self._expression, data)) + "]"
        return json.dumps(_escaped(data))

    def _call(self, name: str, argument: Data) -> str:
        if name == "Ref":
            return self._named(argument)
        if name == "Fn::GetAtt" and isinstance(argument, list) and len(argument) == 2:
            return self._attribute(*argument)
        if name == "Fn::Base64":
            return f"base64encode({self._expression(argument)})"
        if name == "Fn::Join":
            between, listed = argument
            if isinstance(listed, list):
                return f"join({json.dumps(between)}, {self._expression(listed)})"
        if name == "Fn::Sub" and isinstance(argument, str):
            return self._template(argument)
        raise CannotBeSaidError

    def _template(self, text: str) -> str:
        pieces = _SUBSTITUTED.split(text)
        for at in range(1, len(pieces), 2):
            name, dot, attribute = pieces[at].partition(".")
            inner = self._attribute(name, attribute) if dot else self._named(name)
            pieces[at] = "${" + inner + "}"
        for at in range(0, len(pieces), 2):
            literal = pieces[at].replace("${!", "${")
            pieces[at] = json.dumps(_escaped(literal))[1:-1]
        return '"' + "".join(pieces) + '"'

    def _named(self, name: Data) -> str:
        if name in self._parameters:
            return f"var.{name}"
        if name in self.kinds:
            return f"{self.kinds[name]}.{name}.id"
        if name in _PSEUDO:
            return _PSEUDO[name]
        raise CannotBeSaidError

    def _attribute(self, name: str, attribute: str) -> str:
        if name not in self.kinds or not isinstance(attribute, str):
            raise CannotBeSaidError
        path = ".".join(map(argument_name, attribute.split(".")))
        return f"{self.kinds[name]}.{name}.{path}"


def _function(data: Data) -> bool:
    return len(data) == 1 and (next(iter(data)) == "Ref" or next(iter(data)).startswith("Fn::"))


def _escaped(data: Data) -> Data:
    """A text that is not a template."""
    if isinstance(data, str):
        return data.replace("${", "$${").replace("%{", "%%{")
    return data
