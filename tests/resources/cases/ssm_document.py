"""Cases of the class in ``resources/ssm_document.py``."""

from __future__ import annotations

from tests.resources.case import Case, Pair, Single

CASES: list[Case] = [
    Pair(
        "aws_ssm_document",
        {
            "name": "n",
            "document_type": "Command",
            "document_format": "YAML",
            "content": "schemaVersion: '2.2'",
        },
        "AWS::SSM::Document",
        {
            "Name": "n",
            "DocumentType": "Command",
            "DocumentFormat": "YAML",
            "Content": "schemaVersion: '2.2'",
        },
    ),
    Single(
        "aws_ssm_document",
        {"permissions": {"type": "Share", "account_ids": "All"}},
        {"shared_with": "All"},
    ),
]
