"""What the grammars have in common: odd texts, fields of resources, policies, scripts, comments."""

from __future__ import annotations

import base64
import gzip
import random
from functools import cache
from typing import Any

from iac_ec2lint.resources.part import Part
from iac_ec2lint.resources.registry import classes
from iac_ec2lint.resources.spelling import Field

Fields = tuple[tuple[tuple[str, ...], Field[Any]], ...]
Input = dict[str, bytes]
"""The files of one unit, by name."""

Data = Any
"""What JSON can say: the grammars put it together of odd pieces, which no type tells apart."""

_FIELDS: dict[tuple[type[Part], str], Fields] = {}

NUMBERS = [
    *("0", "1", "-1", "22", "65535", "65536", "1e9", "0.5", "-0", "0x1F", "1_0", "010", ".5"),
    *("1e999999999", "1e-999999999", "9" * 400, "1e400", "9223372036854775808"),
]
TEXTS = [
    *("", "a", "10.0.0.0/8", "0.0.0.0/0", "::/0", "tcp", "-1", "sg-0123456789abcdef0", "*", "22"),
    *("${", "%{", "é", "\u2028", "\u202e", "\ufeff", "{{resolve:ssm:/a}}", "{{resolve:ssm:/a:1"),
    *("{{resolve:secretsmanager:a:SecretString:b}}", "arn:aws:iam::123456789012:role/a", "arn:"),
    *("arn:aws:s3:::${aws:username}", "::ffff:1.2.3.4/96", "1.2.3.4/33", "999.1.1.1/0", "1.2.3/8"),
    *("required", "optional", "enable", "true", "FALSE", "all", "icmp", "58", "ami-0", "i-1", "./"),
    *("../../../etc/passwd", "/dev/stdin", "x" * 300, "a.b.c", "${a}", "${AWS::Region}", "${!a}"),
    *("{% if a %}", "<%= a %>", "{{ a }}", "::error::a", "\x1b[31m", "t3.micro", "us-east-1a"),
]
ACTIONS = ["*", "ec2:*", "iam:PassRole", "sts:AssumeRole", "s3:Get?bject", "EC2:run*", "", "a", ":"]


def fields(owner: type[Part], kind: str) -> Fields:
    """The fields that a class of resources or parts has in a type: their paths of plain names."""
    if (owner, kind) in _FIELDS:
        return _FIELDS[owner, kind]
    found: dict[tuple[str, ...], Field[object]] = {}
    for base in owner.__mro__:
        for field in vars(base).values():
            if isinstance(field, Field):
                for steps in field.paths(kind):
                    if all(isinstance(step, str) for step in steps):
                        found.setdefault(tuple(map(str, steps)), field)
    known = _FIELDS[owner, kind] = tuple(sorted(found.items(), key=lambda one: one[0]))
    return known


@cache
def types(*, cloudformation: bool) -> tuple[str, ...]:
    """The types of resources that have a class; those of security groups and hosts come often."""
    every = sorted(kind for kind in classes() if ("::" in kind) == cloudformation)
    words = (
        "security_group",
        "instance",
        "launch_",
        "iam_",
        "SecurityGroup",
        "::EC2::I",
        "::IAM::",
    )
    often = [kind for kind in every if any(word in kind for word in words)]
    return (*every, *often, *often, *often)


class Parts:
    """Writes what has no language.

    Args:
        chance: Where all that is random comes from.
    """

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.pick = chance.choice

    def maybe(self, probability: float) -> bool:
        """Whether to do something."""
        return self.chance.random() < probability

    def text(self) -> str:
        """A text."""
        if self.maybe(0.03):
            return self.script()
        return self.pick(TEXTS) + (self.pick(TEXTS) if self.maybe(0.1) else "")

    def suppression(self) -> str:
        """Words of a comment that suppress something, or look as if they did.

        None is of the check that is looked for beside an input.
        """
        word = self.pick(
            [
                *("ec2lint:ignore", "ec2lint: ignore", "ec2lint:disable", "EC2LINT:IGNORE"),
                *("checkov:skip", "trivy:ignore", "tfsec:ignore", "tflint-ignore", "nosemgrep"),
                *("ts:skip", "cfn_nag", "ec2lint:ignore ec2lint:ignore", "#ec2lint:ignore"),
            ]
        )
        code = self.pick(
            [
                *("DATA001", "SG", "SG999", "DATA001,IMDS002", "SG001, IMDS001", "*", "", "é"),
                *(
                    "=" * 50,
                    "CKV_AWS_8",
                    "AVD-AWS-0107",
                    "data001",
                    "\x00",
                    "SG001,",
                    "," * 9,
                    "\t",
                ),
            ]
        )
        rest = self.pick(
            [
                *("", " reason", " until=2020-01-01 x", " until= x", " until=9999-99-99", ":a"),
                *(" Until=2030-01-01", " until=2030-01-01 until=2031-01-01", " until=0000-00-00"),
                *(" until=٢٠٣٠-01-01", " \u202e\x1b[2J", " */ x", " until=2030-02-30", " " * 2000),
            ]
        )
        return f"{word}{self.pick(['=', '=', ' ', ':', ''])}{code}{rest}"

    def script(self) -> str:
        """A boot script, perhaps packed as cloud-init takes it."""
        lines = [
            self.pick(
                [
                    *(
                        "curl http://169.254.169.254/latest",
                        "export AWS_SECRET_ACCESS_KEY=a",
                        "EOF",
                    ),
                    *("cat <<'EOF' > /a", "$(curl -k http://a | sh)", "'", '"', "\\", "if x; then"),
                    *(
                        "echo 'PermitRootLogin yes' >> /etc/ssh/sshd_config",
                        "users:",
                        "  - name: a",
                    ),
                    *("write_files:", "- path: /etc/a\n  content: |", "runcmd: [[curl, http://a]]"),
                    *("passwd: {{ a }}", "password='aB3$kd9Lm2!'", "\x00", "chpasswd: {list: a:b}"),
                ]
            )
            for _ in range(self.chance.randint(0, 4))
        ]
        first = ["#!/bin/bash", "#cloud-config", "#include", "<powershell>", "## template: jinja"]
        text = "\n".join([self.pick([*first, "#cloud-boothook", "#part-handler", ""]), *lines])
        if self.maybe(0.2):
            mark = self.pick(["==B==", "", "-"])
            kind = self.pick(["text/cloud-config", "text/x-shellscript", "multipart/mixed", "/"])
            text = (
                f'Content-Type: multipart/mixed; boundary="{mark}"\nMIME-Version: 1.0\n\n--{mark}\n'
                f"Content-Type: {kind}\nContent-Transfer-Encoding: base64\n\n{text}\n--{mark}--\n"
            )
        raw = text.encode("utf-8", "surrogatepass")
        if self.maybe(0.2):
            raw = gzip.compress(raw, 1, mtime=0)[: self.pick([None, None, 30])]
            return base64.b64encode(raw).decode()
        return base64.b64encode(raw).decode() if self.maybe(0.2) else text

    def data(self, depth: int) -> Data:
        """Any data."""
        kind = self.chance.randrange(7 if depth > 0 else 5)
        if kind == 0:
            return self.pick([0, 1, -1, 22, 65536, 0.5, 10**30, 1e308])
        if kind == 1:
            return self.pick([True, False, None])
        if kind < 5:
            return self.text()
        inner = [self.data(depth - 1) for _ in range(self.chance.randint(0, 3))]
        if kind == 5:
            return inner
        return {self.pick(["a", "b", "Ref", "Fn::If", "", "Key", "Value"]): one for one in inner}

    def policy(self) -> Data:
        """An IAM policy of an odd shape."""
        if self.maybe(0.1):
            return self.data(3)
        statements: list[Data] = [self._statement() for _ in range(self.chance.randint(0, 3))]
        written: Data = statements
        if len(statements) == 1 and self.maybe(0.5):
            written = statements[0]
        found: dict[str, Data] = {"Statement": written}
        if self.maybe(0.8):
            found["Version"] = self.pick(["2012-10-17", "2008-10-17", "1", 2012, None])
        return found

    def _statement(self) -> Data:
        if self.maybe(0.05):
            return self.data(2)
        account = self.pick(["*", "arn:aws:iam::123456789012:root", "123456789012", "", "a"])
        keys: dict[str, Data] = {
            "Effect": self.pick(["Allow", "Allow", "Deny", "allow", None]),
            self.pick(["Action", "Action", "NotAction"]): self._few(ACTIONS),
            self.pick(["Resource", "Resource", "NotResource"]): self._few(TEXTS),
            self.pick(["Principal", "NotPrincipal", "X"]): self.pick(
                [
                    *(
                        "*",
                        {"AWS": self._few([account])},
                        {"Service": self._few(["ec2.amazonaws.com"])},
                    ),
                    *({"Federated": "a"}, {}, [], self.data(1)),
                ]
            ),
            "Condition": {
                self.pick(
                    [
                        *(
                            "StringEquals",
                            "StringLike",
                            "IpAddress",
                            "NotIpAddress",
                            "Bool",
                            "Null",
                        ),
                        *(
                            "ForAnyValue:StringLikeIfExists",
                            "ForAllValues:",
                            "NumericLessThan",
                            "a",
                        ),
                        *("DateGreaterThan", "ArnLike", "BinaryEquals", "StringNotEqualsIfExists"),
                    ]
                ): self.pick(
                    [
                        {self.pick(["aws:SourceIp", "aws:PrincipalOrgID", "ec2:Region", ""]): v}
                        for v in (self._few(TEXTS), self.data(1))
                    ]
                    + [self.data(1)]
                )
            },
        }
        for key in list(keys):
            if self.maybe(0.1) or (key in ("Condition", "X", "NotPrincipal") and self.maybe(0.6)):
                del keys[key]
        return keys

    def _few(self, texts: list[str]) -> Data:
        one = self.pick(texts)
        some: list[Data] = [self.pick(texts) for _ in range(self.chance.randint(0, 3))]
        return self.pick([one, some, self.data(1)] if self.maybe(0.2) else [one, some])
