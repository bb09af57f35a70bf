"""Two fuzzers: input of strangers must neither crash nor hang a scan, nor hide what is beside it.

``grown`` writes Terraform, templates, plans and suppressions from a grammar of odd and extreme
parts, so that evaluation is reached; ``changed`` edits good files as bytes and as tokens, so that
reading is. Each input is a unit of its own beside a file with an open rule, and must:

- raise nothing, and end within ``PATIENCE`` seconds;
- leave the finding of the file beside it, or say why it is not there: an error, an omission or a
  suppression that names the folder.

Neither is guided by coverage: what is written is, by its grammar, what the rooms read.

    python benchmarks/fuzz.py --inputs 100000 --seed 1

It prints each failing input's folder, which is kept, and how many inputs were tried.
"""

from __future__ import annotations

import argparse
import random
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import chdir
from pathlib import Path
from types import FrameType

from iac_ec2lint.answers.scan import ScanOptions, scan
from iac_ec2lint.engine.finding import Report, Status

PATIENCE = 10
"""Seconds of processor time that one input may take, and so each batch that has it."""

BATCH = 40
"""Inputs that are scanned at once, each a unit: most of a small scan is not evaluation."""

BUDGET = 50_000
CHECKS = ("SG001", "DATA001", "IMDS002", "KEY002")
"""Few: reading and evaluating is what strangers' input reaches first."""

REPOSITORY = Path(__file__).resolve().parents[1]
_LARGEST = 6_000
_ENDINGS = (".tf", ".yaml", ".json")

BESIDE = {
    "beside.tf": """\
resource "aws_security_group" "beside" {
  ingress {
    from_port   = 22
    to_port     = 22
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
}
""",
    "beside.yaml": """\
Resources:
  Beside:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: beside
      SecurityGroupIngress:
        - {IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: 0.0.0.0/0}
""",
}
"""Files that have one finding of SG001 each; that of the input's language lies beside it."""

Input = dict[str, bytes]
"""The files of one unit, by name."""


class Hang(BaseException):
    """An input takes longer than it may; no ``except Exception`` swallows it."""


# Grown input.

_NUMBERS = ["0", "1", "-1", "22", "65535", "65536", "1e9", "1e999999999", "1e-999999999", "0.5"]
_TEXTS = [
    *("", "a", "10.0.0.0/8", "0.0.0.0/0", "::/0", "tcp", "-1", "sg-0123456789abcdef0", "*"),
    *("${", "%{", "\\n", "é", "\\u0000", "{{resolve:ssm:/a}}", "arn:aws:iam::123456789012:role/a"),
]
_CALLS = [
    *("jsonencode", "length", "flatten", "toset", "keys", "merge", "join", "split", "range"),
    *("format", "replace", "regex", "regexall", "concat", "lookup", "element", "slice", "try"),
    *("can", "setproduct", "zipmap", "cidrsubnet", "cidrhost", "tonumber", "tostring", "upper"),
    *("base64encode", "base64decode", "jsondecode", "yamldecode", "templatestring", "formatlist"),
    *("distinct", "sort", "coalesce", "compact", "file", "fileset", "sensitive", "parseint"),
    *("pow", "floor", "ceil", "max", "substr", "title", "indent", "chunklist", "one", "nothing"),
]
_NAMES = ["local.a", "local.b", "local.c", "var.v", "var.w", "each.key", "count.index", "self.id"]
_WHOLES = ["aws_security_group.g", "aws_instance.i", "module.m", "data.aws_ami.a", "path.module"]
_ARGUMENTS = [
    *("description", "cidr_blocks", "from_port", "ami", "user_data", "tags", "count", "for_each"),
    *("vpc_security_group_ids", "subnet_id", "encrypted", "provider", "depends_on", "name"),
]
_BLOCKS = ["ingress", "egress", "metadata_options", "root_block_device", "lifecycle", "timeouts"]
_TYPES = [
    *("aws_security_group", "aws_instance", "aws_ebs_volume", "aws_launch_template", "aws_vpc"),
    *("aws_security_group_rule", "aws_subnet", "aws_route_table", "aws_iam_role", "aws_x"),
]


class Grammar:
    """Writes input.

    Args:
        chance: Where all that is random comes from.
    """

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.pick = chance.choice

    def input(self) -> Input:
        """The files of one unit."""
        made = self.pick([self.terraform, self.terraform, self.template, self.plan])
        return made()

    def terraform(self) -> Input:
        """A root module, perhaps one that calls another."""
        blocks = [self.block() for _ in range(self.chance.randint(1, 5))]
        files = {"main.tf": "\n".join([*blocks, self.comment()]).encode()}
        if self.chance.random() < 0.2:
            files["m/main.tf"] = f'variable "v" {{}}\n{self.block()}'.encode()
        return files

    def block(self) -> str:
        """A block at the top of a file."""
        chance = self.chance.random()
        if chance < 0.25:
            return "".join(f"locals {{\n  {n} = {self.value(4)}\n}}\n" for n in "abc")
        if chance < 0.4:
            return f'variable "{self.pick("vw")}" {{\n  default = {self.value(2)}\n}}'
        if chance < 0.5:
            source = self.pick(["./m", ".", "..", "a/b/aws", "${var.v}"])
            return f'module "m" {{\n  source = "{source}"\n  v = {self.value(3)}\n}}'
        if chance < 0.6:
            return f'output "o" {{\n  value = {self.value(4)}\n}}'
        kind, name = self.pick(_TYPES), self.pick("gi")
        return f'resource "{kind}" "{name}" {{{self.comment()}\n{self.body(3)}}}'

    def body(self, depth: int) -> str:
        """What is in a block."""
        lines: list[str] = []
        for _ in range(self.chance.randint(0, 4)):
            if depth and self.chance.random() < 0.3:
                kind = self.pick(_BLOCKS)
                if self.chance.random() < 0.4:
                    inner = f"content {{\n{self.body(0)}}}"
                    each = f"for_each = {self.value(2)}"
                    lines.append(f'dynamic "{kind}" {{\n{each}\n{inner}\n}}')
                else:
                    lines.append(f"{kind} {{\n{self.body(depth - 1)}}}")
            else:
                lines.append(f"{self.pick(_ARGUMENTS)} = {self.value(depth)}{self.comment()}")
        return "\n".join([*lines, ""])

    def value(self, depth: int) -> str:
        """An expression."""
        kind = self.chance.randrange(13 if depth > 0 else 5)
        if kind < 5:
            return self.leaf(kind)
        inner = [self.value(depth - 1) for _ in range(3)]
        if kind == 5:
            return f"{self.pick(_CALLS)}({', '.join(inner[: self.chance.randint(0, 3)])})"
        if kind == 6:
            return f"({inner[0]} ? {inner[1]} : {inner[2]})"
        if kind == 7:
            many = f"range({self.pick(['0', '3', '300', '1024'])})"
            return f"[for x in {self.pick([inner[0], many])} : {inner[1]}]"
        if kind == 8:
            return f"{{ for k, v in {inner[0]} : k => {inner[1]} }}"
        if kind == 9:
            operator = self.pick(["+", "-", "*", "/", "%", "==", "!=", "<", "&&", "||"])
            return f"({inner[0]} {operator} {inner[1]})"
        if kind == 10:
            return f'"${{{inner[0]}}}a%{{ for x in {inner[1]} }}${{x}}%{{ endfor }}"'
        if kind == 11:
            return f"[{', '.join(inner)}]{self.pick(['', '[0]', '[*]', '.*.id', '[-1]'])}"
        return f"{{ a = {inner[0]}, (tostring({inner[1]})) = 1 }}{self.pick(['', '.a', '.b'])}"

    def leaf(self, kind: int) -> str:
        """An expression without parts."""
        if kind == 0:
            return self.pick(_NUMBERS)
        if kind == 1:
            return self.pick(["true", "false", "null", "[]", "{}"])
        if kind == 2:
            return self.pick(_NAMES)
        if kind == 3:
            return self.pick(_WHOLES) + self.pick(["", ".id", "[0]", "[0].id", "[*].arn", ".x.y"])
        return f'"{self.pick(_TEXTS)}"'.replace("${", "$${").replace("%{", "%%{")

    def comment(self) -> str:
        """Nothing, or something like a suppression, of another code than is looked for."""
        if self.chance.random() < 0.8:
            return ""
        word = self.pick(["ec2lint:ignore", "ec2lint: ignore", "ec2lint:disable", "checkov:skip"])
        code = self.pick(["DATA001", "SG", "SG999", "DATA001,IMDS002", "*", "", "é", "=" * 50])
        rest = self.pick(["", " reason", " until=2020-01-01 x", " until= x", " until=9999-99-99"])
        return f" {self.pick(['#', '//'])} {word}{self.pick(['=', ' ', ':', ''])}{code}{rest}"

    def template(self) -> Input:
        """A template."""
        kind = self.pick(["SecurityGroup", "Instance", "Volume", "LaunchTemplate", "X"])
        lines = [
            self.pick(["", "Transform: AWS::LanguageExtensions\n", "Transform: [X, 1]\n"]),
            "Parameters:\n  P: {Type: String, Default: ",
            self.pick(["a", "''", "0.0.0.0/0", "[1]", "{a: b}"]),
            "}\nConditions:\n  C: ",
            self.node(3),
            "\nResources:\n  R:\n    Type: AWS::EC2::",
            f"{kind}{self.comment()}\n    Condition: {self.pick(['C', 'D', '[C]', '{a: b}'])}\n",
            f"    Properties: {self.node(4)}\n  Fn::ForEach::L: {self.node(3)}\n",
            f"Outputs:\n  O: {self.node(3)}\n",
        ]
        return {"template.yaml": "".join(lines).encode()}

    def node(self, depth: int) -> str:
        """A YAML node in flow style."""
        kind = self.chance.randrange(9 if depth > 0 else 3)
        if kind == 0:
            return self.pick(_NUMBERS)
        if kind < 3:
            return self.pick(["P", "C", "R", "a", "''", "AWS::NoValue", "0.0.0.0/0", "~", "yes"])
        inner = [self.node(depth - 1) for _ in range(3)]
        if kind == 3:
            return f"[{', '.join(inner[: self.chance.randint(0, 3)])}]"
        if kind == 4:
            keys = self.chance.sample(["Ingress", "Tags", "CidrIp", "FromPort", "Value", "a"], 2)
            return f"{{{keys[0]}: {inner[0]}, {keys[1]}: {inner[1]}}}"
        name = self.pick(
            [
                *("Ref", "Fn::If", "Fn::Join", "Fn::Sub", "Fn::Select", "Fn::GetAtt", "Fn::Equals"),
                *("Fn::Split", "Fn::FindInMap", "Fn::ImportValue", "Fn::Base64", "Fn::Cidr"),
                *("Fn::Not", "Fn::And", "Fn::Or", "Fn::Length", "Fn::Transform", "Fn::Nothing"),
            ]
        )
        argument = self.pick([inner[0], f"[{', '.join(inner)}]", f"[C, {inner[0]}, {inner[1]}]"])
        return f"{{'{name}': {argument}}}"

    def plan(self) -> Input:
        """A plan in JSON."""
        resources = [
            f'{{"address": "{kind}.r[{at}]", "mode": "managed", "type": "{kind}", "name": "r",'
            f' "index": {self.pick(["0", "1", "null", "[]", chr(34) + "a" + chr(34)])},'
            f' "change": {{"actions": {self.pick(["[" + chr(34) + "create" + chr(34) + "]", "1"])},'
            f' "before": null, "after": {self.json(4)}, "after_unknown": {self.json(2)}}}}}'
            for at, kind in enumerate(self.chance.choices(_TYPES, k=self.chance.randint(0, 3)))
        ]
        changes = ", ".join(resources)
        text = (
            f'{{"format_version": "1.{self.pick(["0", "2", "x"])}",'
            f' "planned_values": {self.json(3)}, "resource_changes": [{changes}],'
            f' "configuration": {self.json(3)}, "variables": {self.json(2)}}}'
        )
        return {"plan.json": text.encode()}

    def json(self, depth: int) -> str:
        """A JSON value."""
        kind = self.chance.randrange(6 if depth > 0 else 4)
        if kind == 0:
            return self.pick(_NUMBERS)
        if kind == 1:
            return self.pick(["true", "false", "null"])
        if kind < 4:
            return f'"{self.pick(["", "a", "0.0.0.0/0", "tcp", "sg-1", "aws_vpc.r"])}"'
        inner = [self.json(depth - 1) for _ in range(2)]
        if kind == 4:
            return f"[{', '.join(inner)}]"
        keys = self.chance.sample(["root_module", "resources", "ingress", "size", "tags", "id"], 2)
        return f'{{"{keys[0]}": {inner[0]}, "{keys[1]}": {inner[1]}}}'


# Changed input.

_TOKENS = [
    *(b"{", b"}", b"[", b"]", b"(", b")", b'"', b"\n", b"=", b":", b"- ", b"${", b"%{", b"<<EOT\n"),
    *(b"/*", b"*/", b"#", b"&a ", b"*a", b"!Ref ", b"!If ", b"\x00", b"\xff", b"\xef\xbb\xbf"),
    *(b"null", b"each.value", b"count = 1e9\n", b"for_each = {}\n", b'dynamic "x" {\n', b"[*]"),
    *(b"Fn::If", b"---\n", b"<<: *a\n", b"? ", b"1e999999999", b"\\u12", b"# ec2lint:ignore=DATA"),
    *("\u2028".encode(), "\u202e".encode(), b"\r", b"\t", b"..", b"Type: []\n"),
]


def corpus() -> list[tuple[str, bytes]]:
    """Good files: the name that each has in its unit, and its text."""
    found: list[tuple[str, bytes]] = []
    for folder in ("examples", "tests/fixtures", "tests/plans"):
        for path in sorted((REPOSITORY / folder).rglob("*")):
            if path.suffix in _ENDINGS and path.stat().st_size < _LARGEST:
                found.append((f"changed{path.suffix}", path.read_bytes()))  # noqa: PERF401 - plain
    return found


def changed(chance: random.Random, files: Sequence[tuple[str, bytes]]) -> Input:
    """One of some good files, edited."""
    name, text = chance.choice(files)
    for _ in range(chance.choice((1, 1, 2, 4, 12))):
        at = chance.randrange(len(text) + 1)
        end = min(len(text), at + chance.choice((0, 0, 1, 1, 4, 30)))
        other = chance.choice(files)[1]
        start = chance.randrange(len(other) + 1)
        piece = chance.choice(
            (b"", chance.choice(_TOKENS), other[start : start + 40], text[at:end])
        )
        text = text[:at] + piece + text[end:]
    return {name: text}


# Trying them.


def _silenced(report: Report, folder: str, beside: str) -> bool:
    """Whether the finding of the file beside an input is gone and nothing says why."""
    if any(
        found.span.path == f"{folder}/{beside}"
        and found.check.code == "SG001"
        and found.status is not Status.UNDECIDED
        for found in report.findings
    ):
        return False
    return not any(
        path == folder or path.startswith(f"{folder}/")
        for path in (
            *(error.path for error in report.errors),
            *(skipped.path for skipped in report.summary.skipped),
        )
    )


def beside_of(files: Input) -> str:
    """The file that lies beside an input."""
    return "beside.yaml" if any(name.endswith(".yaml") for name in files) else "beside.tf"


def _stop(signum: int, frame: FrameType | None) -> None:  # noqa: ARG001 - a handler's signature
    raise Hang


def try_inputs(inputs: Sequence[Input], top: Path) -> list[str]:
    """Scan some inputs, each a unit of its own; what is wrong with them, in words."""
    shutil.rmtree(top, ignore_errors=True)
    for number, files in enumerate(inputs):
        beside = beside_of(files)
        for name, content in {beside: BESIDE[beside].encode(), **files}.items():
            path = top / f"u{number}" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    options = ScanOptions(
        paths=(top,), working=top, boundary=top, jobs=1, budget=BUDGET, select=CHECKS
    )
    signal.signal(signal.SIGVTALRM, _stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, PATIENCE)
    try:
        report = scan(options)
    except Hang:
        return ["it hangs"]
    except Exception as error:  # noqa: BLE001 - this is what is looked for
        return [f"it raises {type(error).__name__}: {error}"]
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    wrong = [
        f"u{number}/{beside} is silenced"
        for number, beside in enumerate(map(beside_of, inputs))
        if _silenced(report, f"u{number}", beside)
    ]
    bugs = [error for error in report.errors if error.path.endswith(".py")]
    return [*wrong, *(f"a check fails: {bug.path}: {bug.message}" for bug in bugs)]


def failing(inputs: Sequence[Input], top: Path) -> Iterable[tuple[Input, list[str]]]:
    """Those of some inputs that fail, alone."""
    if not (wrong := try_inputs(inputs, top)):
        return
    if len(inputs) == 1:
        yield inputs[0], wrong
        return
    half = len(inputs) // 2
    yield from failing(inputs[:half], top)
    yield from failing(inputs[half:], top)


def fuzz(makes: Callable[[], Input], number: int, top: Path) -> Iterable[tuple[Input, list[str]]]:
    """Try so many inputs, and give those that fail."""
    left = number
    while left > 0:
        yield from failing([makes() for _ in range(min(BATCH, left))], top)
        left -= BATCH


def makers(seed: int) -> dict[str, Callable[[], Input]]:
    """The two fuzzers."""
    files = corpus()
    chance = random.Random(seed)  # noqa: S311 - no secrets are made of it
    grammar = Grammar(random.Random(seed))  # noqa: S311 - as above
    return {"grown": grammar.input, "changed": lambda: changed(chance, files)}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run both; the exit status is 1 where an input fails."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--inputs", type=int, default=2_000, help="of each fuzzer")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, default=Path(tempfile.gettempdir()) / "fuzz-failing")
    given = parser.parse_args(arguments)
    status = 0
    with tempfile.TemporaryDirectory() as folder, chdir(folder):
        for name, makes in makers(given.seed).items():
            started = time.monotonic()
            for number, (files, wrong) in enumerate(
                fuzz(makes, given.inputs, Path(folder, "units"))
            ):
                status = 1
                kept = given.keep / f"{name}-{given.seed}-{number}"
                for file, content in files.items():
                    (kept / file).parent.mkdir(parents=True, exist_ok=True)
                    (kept / file).write_bytes(content)
                print(f"{name}: {'; '.join(wrong)}: {kept}", flush=True)
            taken = time.monotonic() - started
            print(
                f"{name}: {given.inputs:,} inputs of seed {given.seed} in {taken:.0f} s", flush=True
            )
    return status


if __name__ == "__main__":
    sys.exit(main())
