"""Cases of the classes in ``resources/ssm_parameter.py``."""

from __future__ import annotations

from tests.graph.declarations import ref
from tests.resources.case import Case, Pair, Single

CASES: list[Case] = [
    Pair(
        "aws_ssm_parameter",
        {"name": "n", "type": "String", "value": "x"},
        "AWS::SSM::Parameter",
        {"Name": "n", "Type": "String", "Value": "x"},
    ),
    Single(
        "aws_ssm_parameter",
        {"name": "n", "type": "SecureString", "insecure_value": "x"},
        {"name": "n", "kind": "SecureString", "value": "x"},
    ),
    Single("aws_ssm_parameter", {"key_id": ref("k")}, {"key": ("->", "k")}),
]
