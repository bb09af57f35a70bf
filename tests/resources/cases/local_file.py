"""Cases of the classes in ``resources/local_file.py``."""

from __future__ import annotations

from tests.resources.case import Case, Single

CASES: list[Case] = [
    Single(
        "local_file",
        {"filename": "a", "content": "x"},
        {"filename": "a", "content": "x"},
    ),
    Single(
        "local_file",
        {"filename": "a", "sensitive_content": "x"},
        {"filename": "a", "content": "x"},
    ),
    Single(
        "local_sensitive_file",
        {"filename": "a", "content_base64": "eA=="},
        {"filename": "a", "content_base64": "eA=="},
    ),
]
