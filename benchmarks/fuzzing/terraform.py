"""Terraform from a grammar of odd and extreme parts, so that evaluation is reached."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from functools import cache

from fuzzing.parts import NUMBERS, Data, Input, Parts, fields, types
from iac_ec2lint.resources.part import Part
from iac_ec2lint.resources.registry import classes
from iac_ec2lint.terraform.functions import _HOME, find
from iac_ec2lint.terraform.functions.registry import Function
from iac_ec2lint.terraform.language.types import Collection, Primitive, Type

_NAMES = [
    "local.a",
    "local.b",
    "local.c",
    "var.v",
    "var.w",
    "each.key",
    "each.value",
    "count.index",
]
_WHOLES = [
    *("self.id", "module.m", "data.aws_ami.a", "path.module", "terraform.workspace", "module.m.o"),
    *("data.terraform_remote_state.s.outputs", "data.aws_ssm_parameter.p.value", "each", "local"),
    *("data.aws_iam_policy_document.d.json", "ephemeral.random_password.e.result", "null.a", "x"),
]
_BLOCKS = ["lifecycle", "timeouts", "provisioner", "connection", "dynamic", "nothing"]
_METAS = [
    *("count = 0", "count = 2", "count = 1e9", "for_each = toset(local.a)", "for_each = {a = 1}"),
    *("provider = aws.b", "depends_on = [local.a]", "for_each = local.b", "count = local.c"),
    *("count = var.v", "for_each = { for k, v in local.a : k => v }", "count = count.index"),
]
_ARGUMENTS = [
    *(
        "%d%s",
        "%999999999d",
        "%*d",
        "%[9]d",
        "%.9999999999f",
        "%-0+# d",
        "%v",
        "%q",
        "(a)(b)",
        "(/",
    ),
    *("2020-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00-23:59", "1h", "-1h"),
    *("999999999999999999h", "YYYY", "UTF-16LE", "aGk=", "H4sIAAAAAAAA", '{"a":1e999}', "[1,2"),
    *(
        "a: &a [*a]",
        "!!float .inf",
        'a,b\n"c"',
        "$1",
        "/a/",
        "/(/",
        "\x00",
        "dns",
        "**",
        "~/x",
        "z",
    ),
    *("6ba7b810-9dad-11d1-80b4-00c04fd430c8", "-----BEGIN RSA PRIVATE KEY-----", "İ", "e\u0301"),
]
"""Texts that some functions take."""

_LAST = [
    *(
        "",
        "",
        "",
        "\x00",
        "\r",
        "\ufeff",
        "/*",
        "}",
        '"',
        "<<EOT\n${",
        "<<-EOT\n  a\n EOT",
        "\u2028",
    ),
]


@cache
def _functions() -> tuple[Function, ...]:
    found = [find(name) for name in sorted(_HOME)]
    return tuple(function for function in found if function is not None)


class Terraform(Parts):
    """Writes root modules."""

    def __init__(self, chance: random.Random) -> None:
        super().__init__(chance)
        self._declared: list[str] = []

    def files(self) -> Input:
        """A root module, perhaps one that calls another."""
        self._declared = []
        if self.maybe(0.12):
            return {f"main.{self.pick(['tf', 'tf', 'tofu'])}.json": self._json().encode()}
        blocks = [self.block() for _ in range(self.pick((1, 2, 2, 3, 5)))]
        text = "\n".join([*blocks, self.comment()])
        if self.maybe(0.05):
            text += self.pick(_LAST)
        files = {"main.tofu" if self.maybe(0.05) else "main.tf": text.encode()}
        if self.maybe(0.15):
            files["m/main.tf"] = f'variable "v" {{}}\n{self.block()}\n{self.output()}'.encode()
        if self.maybe(0.05):
            files["terraform.tfvars"] = f"v = {self.value(2)}\nw = {self.value(1)}".encode()
        if self.maybe(0.05):
            files["more_override.tf"] = self.block().encode()
        if self.maybe(0.04):
            files["a.tftpl"] = f"%{{ for x in v ~}}\n${{{self.value(2)}}}\n%{{ endfor }}".encode()
        return files

    def block(self) -> str:
        """A block at the top of a file."""
        kind = self.chance.random()
        if kind < 0.08:
            return f"locals {{\n  a = [{', '.join(self._call(1) for _ in range(6))}]\n}}"
        if kind < 0.2:
            return "".join(f"locals {{\n  {n} = {self.value(4)}\n}}\n" for n in "abc")
        if kind < 0.3:
            return self._variable()
        if kind < 0.37:
            source = self.pick(["./m", "./m", "./m", ".", "..", "a/b/aws", "${var.v}"])
            meta = self.pick(["", self.pick(_METAS)])
            return f'module "m" {{\n  source = "{source}"\n  v = {self.value(3)}\n  {meta}\n}}'
        if kind < 0.42:
            return self.output()
        if kind < 0.55:
            return self._other()
        return self.resource()

    def resource(self) -> str:
        """A resource."""
        kind, name = self.pick(types(cloudformation=False)), self.pick("gi")
        self._declared.append(f"{kind}.{name}")
        meta = f"  {self.pick(_METAS)}\n" if self.maybe(0.2) else ""
        body = self.body(classes()[kind], kind, 2)
        return f'resource "{kind}" "{name}" {{{self.comment()}\n{meta}{body}}}'

    def body(self, part: type[Part], kind: str, depth: int) -> str:
        """What is in a block of a resource."""
        known = fields(part, kind)
        lines: list[str] = []
        for _ in range(self.chance.randint(0, 5)):
            if not known or self.maybe(0.08):
                lines.append(f"{self.pick(_BLOCKS)} {{\n{self._attribute('a', 1)}\n}}")
                continue
            steps, field = self.pick(known)
            if field.kind is not None and self.maybe(0.8):
                inner = self.body(field.kind, kind, depth - 1) if depth else ""
            elif len(steps) > 1:
                inner = self._attribute(steps[-1], 1)
            else:
                lines.append(self._attribute(steps[0], depth))
                continue
            if self.maybe(0.2):
                each, inner = f"for_each = {self.value(2)}", f"content {{\n{inner}\n}}"
                lines.append(f'dynamic "{steps[0]}" {{\n{each}\n{inner}\n}}')
            else:
                lines.append(f"{steps[0]} {{\n{inner}\n}}")
        return "\n".join([*lines, ""])

    def _attribute(self, name: str, depth: int) -> str:
        if "policy" in name and self.maybe(0.6):
            policy = json.dumps(self.policy())
            value = self.pick([f"jsonencode({policy})", self.quoted(policy)])
        elif name.startswith("user_data") and self.maybe(0.6):
            value = self.quoted(self.script())
        elif self.maybe(0.3):
            value = self.leaf(4)
        elif self._declared and self.maybe(0.3):
            value = self.pick(self._declared) + self.pick([".id", ".arn", "[0].id", "[*].id", ""])
            value = self.pick([value, f"[{value}]"])
        else:
            value = self.value(depth)
        return f"{name} = {value}{self.comment()}"

    def _variable(self) -> str:
        lines = [f"default = {self.value(2)}"] if self.maybe(0.8) else []
        if self.maybe(0.3):
            kind = self.pick(
                [
                    *("string", "list(any)", "map(object({a = optional(string, 1)}))", "set()"),
                    *("object({a = list(tuple([number]))})", '"string"', "optional(string)", "any"),
                ]
            )
            lines.append(f"type = {kind}")
        if self.maybe(0.15):
            condition = f"condition = {self.value(2)}\n error_message = {self.value(1)}"
            lines.append(f"validation {{\n{condition}\n}}")
        flags = ["sensitive = true", "nullable = false", "ephemeral = true", "description = 1"]
        if self.maybe(0.2):
            lines.append(self.pick(flags))
        return f'variable "{self.pick("vw")}" {{\n{self.pick(["", "  "])}{chr(10).join(lines)}\n}}'

    def output(self) -> str:
        """An output value."""
        return f'output "{self.pick("ov")}" {{\n  value = {self.value(4)}\n}}'

    def _other(self) -> str:
        """A block of a rarer sort."""
        address = self.pick([*_WHOLES, *self._declared])
        writers: list[Callable[[], str]] = [
            lambda: f"moved {{\n  from = {address}\n  to = {self.pick(_WHOLES)}\n}}",
            lambda: f"import {{\n  to = {address}\n  id = {self.value(1)}\n}}",
            lambda: (
                f"removed {{\n  from = {address}\n  lifecycle {{\n    destroy = false\n  }}\n}}"
            ),
            lambda: f'check "c" {{\n  assert {{\n    condition = {self.value(2)}\n  }}\n}}',
            lambda: f'ephemeral "random_password" "e" {{\n  length = {self.value(1)}\n}}',
            lambda: f'provider "aws" {{\n  region = {self.value(1)}\n  alias = "b"\n}}',
            self._settings,
            self._state,
            lambda: f'data "aws_ssm_parameter" "p" {{\n  name = {self.value(1)}\n}}',
            lambda: f'data "aws_ami" "a" {{\n  filter {{\n    values = {self.value(2)}\n  }}\n}}',
            lambda: f'data "aws_vpc" "v" {{\n  tags = {self.value(2)}\n}}',
            self._document,
            lambda: f"{self.pick(['output', 'resource', 'locals', 'x', 'provider'])} {{\n}}",
        ]
        return self.pick(writers)()

    def _settings(self) -> str:
        backend = f'{self.pick(["backend", "cloud"])} "s3" {{\n    bucket = {self.value(1)}\n  }}'
        return f"terraform {{\n  {backend}\n  required_version = {self.leaf(4)}\n}}"

    def _state(self) -> str:
        backend = f'backend = "{self.pick(["s3", "local", "remote"])}"'
        inside = f"config = {{ path = {self.leaf(4)}, bucket = {self.value(1)} }}"
        return f'data "terraform_remote_state" "s" {{\n  {backend}\n  {inside}\n}}'

    def _document(self) -> str:
        inner = self.body(Part, "", 0)
        kind = self.pick(["AWS", "*", "Service"])
        principals = f'principals {{\n  type = "{kind}"\n  identifiers = {self.value(1)}\n}}'
        values = f"variable = {self.leaf(4)}\n  values = {self.value(1)}"
        condition = f"condition {{\n  test = {self.leaf(4)}\n  {values}\n}}"
        actions = f"actions = {json.dumps(self.pick(['*', 'ec2:*', 'iam:PassRole']))}"
        some = "\n".join(self.chance.sample([principals, condition, inner, actions], 3))
        return f'data "aws_iam_policy_document" "d" {{\n  statement {{\n{some}\n  }}\n}}'

    def value(self, depth: int) -> str:
        """An expression."""
        kind = self.chance.randrange(16 if depth > 0 else 5)
        if kind < 5:
            return self.leaf(kind)
        if kind < 8:
            return self._call(depth)
        inner = [self.value(depth - 1) for _ in range(3)]
        if kind == 8:
            return f"({inner[0]} ? {inner[1]} : {inner[2]})"
        if kind == 9:
            many = f"range({self.pick(['0', '3', '3', '30', '1024'])})"
            each = self.pick(["x", "x, y", "x"])
            when = self.pick(["", f" if {inner[2]}"])
            return f"[for {each} in {self.pick([inner[0], many])} : {inner[1]}{when}]"
        if kind == 10:
            return f"{{ for k, v in {inner[0]} : k => {inner[1]}{self.pick(['', '...'])} }}"
        if kind == 11:
            operator = self.pick(["+", "-", "*", "/", "%", "==", "!=", "<", ">=", "&&", "||"])
            return f"({self.pick(['', '!', '-'])}{inner[0]} {operator} {inner[1]})"
        if kind == 12:
            if any(mark in "".join(inner) for mark in ('"', "\n")) and self.maybe(0.5):
                return f"<<EOT\na${{{inner[0]}}}%{{ if {inner[1]} ~}}\nb%{{ endif }}\nEOT\n"
            return f'"${{{inner[0]}}}a%{{ for x in {inner[1]} }}${{x}}%{{ endfor }}"'
        if kind == 13:
            after = self.pick(
                ["", "[0]", "[*]", ".*.id", "[-1]", "[*][0]", ".0", "[*].a.b", '["a"]']
            )
            return f"[{', '.join(inner)}]{after}"
        if kind == 14:
            level = self.pick([3, 30, 30, 300, 3000])
            opens, closes = self.pick([("[", "]"), ("(", ")"), ("{a=", "}"), ("-", ""), ("!", "")])
            return f"{opens * level}{inner[0]}{closes * level}" if self.maybe(0.1) else inner[0]
        return f"{{ a = {inner[0]}, (tostring({inner[1]})) = 1 }}{self.pick(['', '.a', '.b'])}"

    def _call(self, depth: int) -> str:
        if self.maybe(0.03):
            name = self.pick(["provider::aws::arn_parse", "provider::x::y", "nothing", "core::max"])
            return f"{name}({self.value(depth - 1)})"
        function = self.pick(_functions())
        some = [self.typed(kind, depth - 1) for kind in function.parameters]
        if function.variadic is not None:
            count = self.chance.randint(0, 3)
            some += [self.typed(function.variadic, depth - 1) for _ in range(count)]
        if some and self.maybe(0.1):
            some.pop()
        last = "..." if some and self.maybe(0.05) else ""
        return f"{function.name}({', '.join(some)}{last})"

    def typed(self, kind: Type, depth: int) -> str:
        """An expression that is of a type, if it is not of another."""
        if self.maybe(0.25):
            return self.value(depth)
        if isinstance(kind, Collection) and depth > 0:
            inner = [self.value(depth - 1) for _ in range(self.chance.randint(0, 3))]
            if "map" in str(kind):
                return (
                    f"{{ {', '.join(f'{n} = {v}' for n, v in zip('abc', inner, strict=False))} }}"
                )
            return f"[{', '.join(inner)}]"
        if isinstance(kind, Primitive) and str(kind) == "number":
            return self.leaf(0)
        if self.maybe(0.4):
            return self.quoted(self.pick(_ARGUMENTS))
        return self.leaf(self.pick([2, 4, 4, 4]))

    def leaf(self, kind: int) -> str:
        """An expression without parts."""
        if kind == 0:
            return self.pick(NUMBERS)
        if kind == 1:
            return self.pick(["true", "false", "null", "[]", "{}", "set"])
        if kind == 2:
            return self.pick(_NAMES)
        if kind == 3:
            whole = self.pick([*_WHOLES, *self._declared])
            return whole + self.pick(["", ".id", "[0]", "[0].id", "[*].arn", ".x.y", '["a"].id'])
        return self.quoted(self.text())

    def quoted(self, text: str) -> str:
        """Text as a literal, now and then with its marks of templates left in it."""
        written = json.dumps(text, ensure_ascii=self.maybe(0.5))
        if self.maybe(0.02):
            return written
        return written.replace("${", "$${").replace("%{", "%%{")

    def comment(self) -> str:
        """Nothing, or something like a suppression, of another code than is looked for."""
        if self.maybe(0.85):
            return ""
        words = self.suppression().replace("\n", " ")
        if self.maybe(0.2):
            return f" /* {words.replace('*/', '')} */"
        return f" {self.pick(['#', '//'])} {words}"

    def _json(self) -> str:
        """A root module in JSON."""
        kind = self.pick(types(cloudformation=False))
        inside: dict[str, Data] = {}
        for steps, _ in self._some(kind):
            name = steps[0]
            inside[name] = json.dumps(self.policy()) if "policy" in name else self._json_value(2)
        top: dict[str, Data] = {
            "resource": {kind: {"g": self.pick([inside, [inside], self.data(1)])}},
            "locals": self.pick([{"a": self._json_value(3)}, [{"b": self._json_value(2)}]]),
            "//": self.suppression(),
            "variable": self.pick([{"v": {"default": self.data(2)}}, self.data(2)]),
        }
        if self.maybe(0.2):
            top[self.pick(["module", "data", "output", "moved", "terraform", ""])] = self.data(3)
        return json.dumps(top)

    def _some(self, kind: str) -> list[tuple[tuple[str, ...], object]]:
        known = fields(classes()[kind], kind)
        return [self.pick(known) for _ in range(self.chance.randint(0, 4))] if known else []

    def _json_value(self, depth: int) -> Data:
        if self.maybe(0.4):
            return f"${{{self.value(depth)}}}"
        return self.data(depth)
