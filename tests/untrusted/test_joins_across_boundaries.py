"""What lies in one work tree says nothing of another one that is scanned along with it."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.cli.program import scan, write
from tests.cloudformation.test_exports import APP
from tests.cloudformation.test_exports import NETWORK as EXPORTING
from tests.cloudformation.test_named_templates import CHILD, parent
from tests.terraform.test_lookups import LOOKUP
from tests.terraform.test_lookups import NETWORK as TAGGED
from tests.terraform.test_lookups import app as looking_up
from tests.terraform.test_remote_states import BUCKET, app
from tests.terraform.test_remote_states import NETWORK as STATE

CASES = {
    "state": ({"main.tf": BUCKET + STATE}, {"main.tf": app("world")}, "SG001"),
    "lookup": ({"main.tf": TAGGED}, {"main.tf": looking_up(LOOKUP)}, "NET001"),
    "template": ({"templates/child.yaml": CHILD}, {"main.yaml": parent("0.0.0.0/0")}, "SG001"),
    "export": (
        {"net.yaml": EXPORTING.replace("!GetAtt Vpc.CidrBlock", "0.0.0.0/0")},
        {"app.yaml": APP.replace("443, ToPort: 443", "22, ToPort: 22")},
        "SG001",
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_joins_stay_inside_a_boundary(
    tmp_path: Path, case: tuple[dict[str, str], dict[str, str], str]
) -> None:
    told, asking, select = case
    for name, files in (("theirs", told), ("ours", asking)):
        write(tmp_path / name, files)
        write(tmp_path / name, {".git/HEAD": ""})
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    arguments = ("--select", select, "--show-undecided")
    both = scan("../ours", "../theirs", *arguments, cwd=elsewhere).report["findings"]
    alone = scan("../ours", *arguments, cwd=elsewhere).report["findings"]
    own = [found for found in both if found["path"].startswith("../ours")]
    assert own == alone
    # In one boundary they are joined, so that the test can fail.
    joined = scan("../ours", "../theirs", *arguments, "--boundary", "..", cwd=elsewhere)
    assert joined.report["findings"] != both
