"""Cases of the classes in ``resources/unread_module.py``."""

from __future__ import annotations

from tests.resources.case import Case, Single

CASES: list[Case] = [
    Single("module", {"source": "example/web/aws"}, {"source": "example/web/aws"}),
]
