"""Security groups and their rules, in all the spellings that there are."""

from typing import ClassVar

from iac_ec2lint.resources.field import boolean, number, parts, reference, references, text, texts
from iac_ec2lint.resources.part import Part, Resource

_RULE = "aws_security_group_rule"
_INGRESS = "aws_vpc_security_group_ingress_rule"
_EGRESS = "aws_vpc_security_group_egress_rule"


def _single(name: str, others: str) -> dict[str, str | None]:
    # The younger rule resources have one source each, and names of their own for it.
    return {_INGRESS: name, _EGRESS: name, "": others}


class SecurityGroupRule(Part):
    """A rule of a security group (EC2 User Guide, "Security group rules").

    Attributes:
        cidr_blocks: IPv4 ranges: sources of an ingress rule, destinations of an egress rule.
        ipv6_cidr_blocks: IPv6 ranges.
        direction: ``ingress`` or ``egress``.
        groups: Security groups that are sources or destinations, by id or by name.
        prefix_lists: Prefix lists that are sources or destinations.
        protocol: A name, a number as text, or ``-1`` for all.
        self_: Whether the group itself is a source or destination.
    """

    cidr_blocks = texts(_single("cidr_ipv4", "cidr_blocks"), "CidrIp")
    description = text("description", "Description")
    direction = text(
        {_RULE: "type", "": None},
        None,
        implied={
            _INGRESS: "ingress",
            _EGRESS: "egress",
            "AWS::EC2::SecurityGroupIngress": "ingress",
            "AWS::EC2::SecurityGroupEgress": "egress",
        },
    )
    from_port = number("from_port", "FromPort")
    groups = references(
        {
            _INGRESS: "referenced_security_group_id",
            _EGRESS: "referenced_security_group_id",
            _RULE: "source_security_group_id",
            "": "security_groups",
        },
        ("SourceSecurityGroupId", "SourceSecurityGroupName", "DestinationSecurityGroupId"),
        to=("SecurityGroup",),
    )
    ipv6_cidr_blocks = texts(_single("cidr_ipv6", "ipv6_cidr_blocks"), "CidrIpv6")
    prefix_lists = references(
        _single("prefix_list_id", "prefix_list_ids"),
        ("SourcePrefixListId", "DestinationPrefixListId"),
        to=("PrefixList",),
    )
    protocol = text(_single("ip_protocol", "protocol"), "IpProtocol")
    self_ = boolean({_INGRESS: None, _EGRESS: None, "": "self"}, None, implied=False)
    to_port = number("to_port", "ToPort")


class InlineIngressRule(SecurityGroupRule):
    """A rule in a group's ``ingress``."""

    direction = text(None, None, implied="ingress")


class InlineEgressRule(SecurityGroupRule):
    """A rule in a group's ``egress``."""

    direction = text(None, None, implied="egress")


class SeparateSecurityGroupRule(Resource, SecurityGroupRule):
    """A rule of a security group, declared on its own."""

    terraform = (_RULE, _INGRESS, _EGRESS)
    cloudformation = ("AWS::EC2::SecurityGroupIngress", "AWS::EC2::SecurityGroupEgress")

    security_group = reference(
        "security_group_id",
        {"AWS::EC2::SecurityGroupEgress": "GroupId", "": ("GroupId", "GroupName")},
        to=("SecurityGroup",),
    )


class SecurityGroup(Resource):
    """A security group; a VPC's default one where Terraform adopts it.

    Where no egress rule is written, Terraform removes the one that AWS makes, so nothing goes out;
    CloudFormation leaves it, so everything does (semantics.md, B6).
    """

    terraform = ("aws_security_group", "aws_default_security_group")
    cloudformation = ("AWS::EC2::SecurityGroup",)
    names = ("name",)
    adopts: ClassVar = {
        "aws_default_security_group": ("vpc", "default security group", "default VPC")
    }

    description = text(
        {"aws_default_security_group": None, "": "description"},
        "GroupDescription",
    )
    egress = parts(InlineEgressRule, "egress", "SecurityGroupEgress")
    ingress = parts(InlineIngressRule, "ingress", "SecurityGroupIngress")
    name = text({"aws_default_security_group": None, "": "name"}, "GroupName")
    name_prefix = text({"aws_default_security_group": None, "": "name_prefix"}, None)
    vpc = reference("vpc_id", "VpcId", to=("Vpc",))

    @property
    def is_default(self) -> bool:
        """Whether it is a VPC's default security group, adopted."""
        return self.type == "aws_default_security_group"

    @property
    def keeps_default_egress(self) -> bool:
        """Whether AWS's rule that lets everything out stays where no egress rule is written.

        CloudFormation leaves it; Terraform removes it (AWS::EC2::SecurityGroup; the provider's
        aws_security_group, "NOTE on Egress rules").
        """
        return "::" in self.type


class SecurityGroupVpcAssociation(Resource):
    """A security group for use in one more VPC."""

    terraform = ("aws_vpc_security_group_vpc_association",)
    cloudformation = ("AWS::EC2::SecurityGroupVpcAssociation",)

    security_group = reference("security_group_id", "GroupId", to=("SecurityGroup",))
    vpc = reference("vpc_id", "VpcId", to=("Vpc",))


class SecurityGroupRulesExclusive(Resource):
    """The whole list of a group's rules: Terraform takes away those that are not on it.

    It adds none: those that it lists are declared apart, here or elsewhere.
    """

    terraform = ("aws_vpc_security_group_rules_exclusive",)

    egress_rules = references("egress_rule_ids", None, to=("SeparateSecurityGroupRule",))
    ingress_rules = references("ingress_rule_ids", None, to=("SeparateSecurityGroupRule",))
    listed_for = reference("security_group_id", None, to=("SecurityGroup",))
