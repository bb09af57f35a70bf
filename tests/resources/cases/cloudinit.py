"""Cases of the classes in ``resources/cloudinit.py``."""

from __future__ import annotations

from tests.resources.case import Case, Single

CASES: list[Case] = [
    Single(
        "data.cloudinit_config",
        {"part": [{"content": "#!/bin/sh", "content_type": "text/x-shellscript"}]},
        {"parts": [{"content": "#!/bin/sh", "content_type": "text/x-shellscript"}]},
    ),
]
