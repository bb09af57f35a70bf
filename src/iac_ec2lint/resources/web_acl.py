"""What associates web ACLs of AWS WAF with load balancers."""

from iac_ec2lint.resources.field import reference, text
from iac_ec2lint.resources.part import Resource
from iac_ec2lint.values import NO, Answer, Unknown


class WebAclAssociation(Resource):
    """A web ACL in front of a resource, of AWS WAF or of AWS WAF Classic."""

    terraform = ("aws_wafv2_web_acl_association", "aws_wafregional_web_acl_association")
    cloudformation = ("AWS::WAFv2::WebACLAssociation", "AWS::WAFRegional::WebACLAssociation")

    resource = reference("resource_arn", "ResourceArn", to=("LoadBalancer",))
    web_acl = reference(
        {"aws_wafregional_web_acl_association": "web_acl_id", "": "web_acl_arn"},
        {"AWS::WAFRegional::WebACLAssociation": "WebACLId", "": "WebACLArn"},
    )


class FirewallManagerPolicy(Resource):
    """A policy of AWS Firewall Manager: what protects resources of whole accounts."""

    terraform = ("aws_fms_policy",)
    cloudformation = ("AWS::FMS::Policy",)

    kind = text("security_service_policy_data.type", "SecurityServicePolicyData.Type")

    @property
    def may_attach_web_acls(self) -> Answer:
        """False where it is of another service; else undecided: accounts and tags choose whom."""
        if self.kind is None or self.equals("kind", "WAF", "WAFV2").truth is False:
            return NO
        words = f"{self.address} may attach a web ACL to what is in its scope"
        return Answer(None, (Unknown(words, "external-id", self.span),))
