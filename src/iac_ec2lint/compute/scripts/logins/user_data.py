"""What user data, or a document, says about logins, whatever its parts are.

Source: cloud-init's documentation, "User-data formats".
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from iac_ec2lint.compute.scripts.action_reading import shell_steps, unknown_steps
from iac_ec2lint.compute.scripts.logins.cloud_config import of_config
from iac_ec2lint.compute.scripts.logins.setting import Setting
from iac_ec2lint.compute.scripts.logins.shell import ShellLogins
from iac_ec2lint.compute.scripts.script_parts import script_parts
from iac_ec2lint.compute.scripts.shell.words import Line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


def login_settings(script: str, path: str = "") -> Iterator[Setting]:
    """What user data says that opens logins, in order.

    Args:
        script: The user data, with a character of ``piece_of`` for what is not known of it.
        path: The file that it is written to, where it is not run but written.
    """
    if path:
        written = [Line(text, number) for number, text in enumerate(script.split("\n"), 1)]
        yield from ShellLogins().write(path, written, appends=False, depth=0)
        return
    steps = list(shell_steps(script))
    unknown = [Setting("anything", "", one.number, one.doubt) for one in unknown_steps(script)]
    if steps or unknown:
        shell = ShellLogins()
        for text, number in steps:
            yield from shell.read(text, number)
        yield from unknown
        return
    for part in script_parts(script):
        whole = part.whole
        number = part.number
        if part.kind == "shell":
            found: Iterable[Setting] = ShellLogins().read(part.text, number if whole else 1)
        elif part.kind in ("cloud-config", "archive"):
            found = of_config(
                part.text,
                number if whole else 1,
                login_settings if part.kind == "archive" else None,
            )
        elif part.kind == "other":
            found = _of_other(part.text, number)
        else:
            continue
        for setting in found:
            told = setting._replace(doubt=(*part.doubt, *setting.doubt))
            yield told if whole else told._replace(number=number)


def _of_other(text: str, number: int) -> Iterator[Setting]:
    """What a script in another language may do: it is not read, and its words are looked at."""
    for offset, line in enumerate(text.split("\n")):
        if line.lstrip().startswith("#"):
            continue
        for found in re.finditer(r"\b(PasswordAuthentication|PermitRootLogin)\s+yes\b", line):
            reason = "what a script in a language other than a shell's does is not worked out"
            yield Setting("setting", f"{found[1]} yes", number + offset, (), reason)
