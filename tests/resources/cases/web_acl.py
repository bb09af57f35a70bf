"""Cases of the classes in ``resources/web_acl.py``."""

from __future__ import annotations

from tests.graph.declarations import ref
from tests.resources.case import Case, Pair

CASES: list[Case] = [
    Pair(
        "aws_wafv2_web_acl_association",
        {"resource_arn": ref("lb", "arn"), "web_acl_arn": ref("acl", "arn")},
        "AWS::WAFv2::WebACLAssociation",
        {"ResourceArn": ref("lb", "Ref"), "WebACLArn": ref("acl", "Arn")},
    ),
    Pair(
        "aws_wafregional_web_acl_association",
        {"resource_arn": ref("lb", "arn"), "web_acl_id": ref("acl")},
        "AWS::WAFRegional::WebACLAssociation",
        {"ResourceArn": ref("lb", "Ref"), "WebACLId": ref("acl", "Ref")},
    ),
    Pair(
        "aws_fms_policy",
        {"security_service_policy_data": [{"type": "WAFV2"}]},
        "AWS::FMS::Policy",
        {"SecurityServicePolicyData": {"Type": "WAFV2"}},
    ),
]
