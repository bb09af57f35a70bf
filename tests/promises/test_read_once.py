"""Each file is read and parsed once in a scan, whoever asks for it."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from tests.cli.program import PLAIN_VOLUME_TEMPLATE, write

from iac_ec2lint.answers.scan import ScanOptions, scan
from iac_ec2lint.source.span import SourceText
from iac_ec2lint.source.tree import Disk, OpenFile
from iac_ec2lint.terraform.folders import syntax
from iac_ec2lint.terraform.functions import rendering

ROOT = """\
module "host" {
  source = "../module"
  script = templatefile("${path.module}/../host.sh.tftpl", { name = "%s" })
  motd   = file("${path.module}/../motd.txt")
}
"""
TREE = {
    **{f"{name}/main.tf": ROOT % name for name in ("a", "b", "c")},
    "module/main.tf": """\
variable "script" {}
variable "motd" {}
resource "aws_instance" "web" {
  count         = 3
  ami           = "ami-0123456789abcdef0"
  instance_type = "t3.micro"
  user_data     = "${var.script}${var.motd}${count.index}"
}
""",
    "host.sh.tftpl": "#!/bin/sh\necho ${name}\n",
    "motd.txt": "hello\n",
    "stacks/template.yaml": PLAIN_VOLUME_TEMPLATE,
    "stacks/template.json": '{"Resources": {"V": {"Type": "AWS::EC2::Volume"}}}',
    "stacks/parameters.json": '[{"ParameterKey": "A", "ParameterValue": "1"}]',
    "stacks/other.json": '{"a": 1}',
    "stacks/plan.json": '{"format_version": "1.2", "planned_values": {}}',
}


def test_each_file_is_opened_and_parsed_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, TREE)
    opened, parsed = Counter[str](), Counter[str]()
    open_file = Disk.open

    def counted_open(self: Disk, path: Path | str) -> OpenFile:
        opened[str(path)] += 1
        return open_file(self, path)

    monkeypatch.setattr(Disk, "open", counted_open)
    for module, name in ((syntax, "parse"), (rendering, "parse_template")):
        function = getattr(module, name)

        def counted(source: SourceText, *more: Any, of: Any = function) -> Any:
            parsed[source.path] += 1
            return of(source, *more)

        monkeypatch.setattr(module, name, counted)
    report = scan(ScanOptions(paths=(tmp_path,), working=tmp_path))
    assert report.summary.units > 3
    read = {path.removeprefix(f"{tmp_path}/"): times for path, times in opened.items()}
    # Of what has no name of ours the beginning is looked at for marks before anybody reads it; what
    # gives values may be anywhere, and is read within a boundary of its own.
    twice = {"host.sh.tftpl", "motd.txt", "stacks/parameters.json"}
    assert read == {path: 2 if path in twice else 1 for path in TREE}
    assert parsed == {f"{n}/main.tf": 1 for n in ("a", "b", "c", "module")} | {"host.sh.tftpl": 1}
