"""Begin a check: ``python scripts/new_check.py CODE NAME``.

Writes ``checks/FAMILY/NAME.py`` and its fixtures, one in each language. They fail until they are
filled in, and so does the check. Nothing is overwritten.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

import iac_ec2lint
from iac_ec2lint.engine.check import TOPICS

ROOT = Path(__file__).parents[1]
UNWRITTEN = "(to be written)"
"""What stands where an author has to say something; a test finds what is left of it."""

_CHECK = '''from collections.abc import Iterator

from iac_ec2lint.api import Check, Graph, Severity, Verdict
from iac_ec2lint.api.resources import Instance


class {class_name}(Check):
    """{unwritten}.

    ## Why it matters
    {unwritten}

    ## Fails
    ```hcl
    resource "aws_instance" "fails" {{
    }}
    ```
    ```yaml
    Resources:
      Fails:
        Type: AWS::EC2::Instance
    ```

    ## Passes
    ```hcl
    resource "aws_instance" "passes" {{
    }}
    ```
    ```yaml
    Resources:
      Passes:
        Type: AWS::EC2::Instance
    ```

    ## How to mend it
    {unwritten}

    ## References
    - [EC2 User Guide, security](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-security.html)
    """

    code = "{code}"
    name = "{name}"
    severity = Severity.MEDIUM
    since = "{version}"
    types = (Instance,)

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        """A verdict for each place that {unwritten}."""
        for resource in graph.all(*self.types):
            raise NotImplementedError(f"{code} does not judge {{resource.address}} yet")
        yield from ()
'''
_HCL = """\
# {unwritten}
resource "aws_instance" "fails" {{ # expect: {code}
}}

resource "aws_instance" "undecided" {{ # expect-undecided: {code}
}}

resource "aws_instance" "passes" {{
}}
"""
_YAML = """\
# {unwritten}
Resources:
  Fails: # expect: {code}
    Type: AWS::EC2::Instance
  Undecided: # expect-undecided: {code}
    Type: AWS::EC2::Instance
  Passes:
    Type: AWS::EC2::Instance
"""


class Refused(Exception):  # noqa: N818 - it is shown as a sentence
    """Why nothing is written."""


def begin(code: str, name: str, root: Path = ROOT) -> list[Path]:
    """Write a check's files.

    Args:
        code: Its code.
        name: Its name.
        root: The repository.

    Returns:
        The files, the check's first.

    Raises:
        Refused: There is such a check, or the code or the name is none.
    """
    family = code.rstrip("0123456789")
    if not re.fullmatch(r"[A-Z]{2,8}\d{3}", code):
        raise Refused("a code is a family's prefix and three digits, such as SG001")
    if family not in TOPICS:
        raise Refused(f"the families are {', '.join(TOPICS)} (engine/check.py)")
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name):
        raise Refused("a name is lower case with hyphens, such as ssh-open-to-internet")
    for file in (root / "checks").rglob("*.py"):
        if f'    code = "{code}"\n' in file.read_text("utf-8"):
            raise Refused(f"{code} is in {file.relative_to(root)}")
    stem = name.replace("-", "_")
    fixtures = root / "tests" / "fixtures" / code
    texts = {
        root / "checks" / family.lower() / f"{stem}.py": _CHECK,
        fixtures / f"{stem}.tf": _HCL,
        fixtures / f"{stem}.yaml": _YAML,
    }
    for taken in (fixtures, *texts):
        if taken.exists():
            raise Refused(f"there is {taken.relative_to(root)}")
    for file, text in texts.items():
        file.parent.mkdir(parents=True, exist_ok=True)
        filled = text.format(
            code=code,
            name=name,
            class_name="".join(word.title() for word in name.split("-")),
            version=iac_ec2lint.__version__,
            unwritten=UNWRITTEN,
        )
        file.write_text(filled, "utf-8")
    return list(texts)


def main() -> None:
    """Write the files and say what to do next."""
    if len(sys.argv) != 3:
        sys.exit("usage: python scripts/new_check.py CODE NAME")
    code, name = sys.argv[1].upper(), sys.argv[2]
    try:
        files = begin(code, name)
    except Refused as refused:
        sys.exit(f"nothing is written: {refused}")
    for file in files:
        print(f"written  {file.relative_to(ROOT)}")
    print(f"""
Next: say what is "{UNWRITTEN}" in these files. Then
  pytest -q -n 0 tests/checks -k {code}
  python scripts/write_docs.py
docs/writing-checks.md says how.""")


if __name__ == "__main__":
    main()
