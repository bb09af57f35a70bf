"""Cases of the classes in ``resources/prefix_list.py``."""

from __future__ import annotations

from tests.graph.declarations import ref
from tests.resources.case import Case, Pair, Single

CASES: list[Case] = [
    Pair(
        "aws_ec2_managed_prefix_list",
        {"name": "p", "max_entries": 2, "entry": [{"cidr": "10.0.0.0/8", "description": "d"}]},
        "AWS::EC2::PrefixList",
        {
            "PrefixListName": "p",
            "MaxEntries": 2,
            "Entries": [{"Cidr": "10.0.0.0/8", "Description": "d"}],
        },
    ),
    Single(
        "aws_ec2_managed_prefix_list_entry",
        {"prefix_list_id": ref("pl"), "cidr": "10.0.0.0/8", "description": "d"},
        {"prefix_list": ("->", "pl"), "cidr": "10.0.0.0/8", "description": "d"},
    ),
]
