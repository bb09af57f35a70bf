"""The fuzzer that coverage guides: bytes that reach new lines of the readers are kept and changed.

It needs atheris (``pip install atheris``), which nothing else does, and stops at the first input
that raises, takes 10 s, or loses the resource of the file beside it without an error.

    python benchmarks/fuzzing/guided.py --inputs 500000 --seed 1
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_GUIDING = [
    *("hcl", "document", "terraform.language", "terraform.functions", "terraform.plan"),
    *("cloudformation.functions", "source.suppression", "source.json_text"),
]
"""The rooms of which lines count as new; each costs time."""

_PATIENCE = 10
_LONGEST = 250
_STEPS = 20_000
_REPOSITORY = Path(__file__).resolve().parents[2]

SHAPES = [
    ("main.tf", b"%s"),
    ("main.tf", b'locals {\n  a = %s\n}\nresource "aws_instance" "i" {\n  ami = local.a\n}\n'),
    ("main.tf", b'resource "aws_security_group" "g" {\n  description = "${%s}"\n}\n'),
    ("main.tf", b'resource "aws_vpc" "v" { # ec2lint:ignore%s\n}\n'),
    ("main.tf.json", b"%s"),
    ("template.yaml", b"%s"),
    ("template.yaml", b"Resources:\n  R:\n    Type: AWS::EC2::VPC\n    Properties: %s\n"),
    ("template.json", b'{"Resources": {"R": {"Type": "AWS::EC2::VPC", "Properties": %s}}}'),
    ("plan.json", b'{"format_version": "1.2", "planned_values": {"root_module": %s}}'),
]
"""What an input is put into; its first byte says which."""

_BESIDE = 'resource "aws_ec2_transit_gateway" "beside" {}\n'


def _seeds() -> list[bytes]:
    found = [bytes([at]) + b"1" for at in range(len(SHAPES))]
    for path in sorted((_REPOSITORY / "tests/fixtures").rglob("*")):
        if path.suffix in (".tf", ".yaml", ".json"):
            shape = {".tf": 0, ".yaml": 5, ".json": 4}[path.suffix]
            found.append(bytes([shape]) + path.read_bytes()[:_LONGEST])
    return found


def target(top: Path) -> Callable[[bytes], None]:
    """What tries an input: it is read, and each field of what it declares is evaluated."""
    from iac_ec2lint.answers.inputs import Inputs  # instrumented, so imported when it is asked for
    from iac_ec2lint.answers.units import UnitWalk
    from iac_ec2lint.resources.spelling import Field

    (top / "beside.tf").write_text(_BESIDE, encoding="utf-8")

    known: dict[type, list[str]] = {}

    def fields_of(kind: type) -> list[str]:
        if kind not in known:
            known[kind] = [name for name in dir(kind) if isinstance(getattr(kind, name), Field)]
        return known[kind]

    def try_input(data: bytes) -> None:
        if not data:
            return
        name, shape = SHAPES[data[0] % len(SHAPES)]
        path = top / name
        content = shape.replace(b"%s", data[1:])
        walk = UnitWalk(
            Inputs(paths=(path,), working=top, boundary=top, stdin=(path, content), budget=_STEPS)
        )
        found = set()
        for one in walk.graphs():
            for resource in one.graph.declared():
                found.add(resource.address)
                for field in fields_of(type(resource)):
                    getattr(resource, field)
        if path.name == "main.tf" and "aws_ec2_transit_gateway.beside" not in found:
            assert walk.errors, "what is beside it is lost"  # noqa: S101 - what it tries

    return try_input


def main(arguments: Sequence[str] | None = None) -> None:
    """Run it; it ends the process."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--inputs", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, default=Path(tempfile.gettempdir()) / "fuzz-failing")
    given = parser.parse_args(arguments)
    given.keep.mkdir(parents=True, exist_ok=True)
    atheris = import_module("atheris")
    with tempfile.TemporaryDirectory() as folder:
        top = Path(folder, "units")
        top.mkdir()
        seeds = Path(folder, "seeds")
        seeds.mkdir()
        for number, seed in enumerate(_seeds()):
            (seeds / str(number)).write_bytes(seed)
        with atheris.instrument_imports(include=[f"iac_ec2lint.{room}" for room in _GUIDING]):
            import_module("iac_ec2lint.answers.units")
            try_input = target(top)
        options = {
            "runs": given.inputs,
            "seed": given.seed,
            "timeout": _PATIENCE,
            "max_len": _LONGEST,
            "artifact_prefix": f"{given.keep}/guided-{given.seed}-",
        }
        words = [f"-{name}={value}" for name, value in options.items()]
        atheris.Setup([sys.argv[0], *words, str(seeds)], try_input)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
