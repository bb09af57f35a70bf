"""Keys of KMS, and what lets principals use them beside their own policies."""

from iac_ec2lint.resources.field import anything, boolean, parts, reference, text, texts
from iac_ec2lint.resources.part import Part, Resource
from iac_ec2lint.values import NO, Answer

KEY_NAMES = ("KmsKey", "KmsAlias")
"""What the id, the ARN or the alias of a key may mean; an alias is also written as its name."""


class KmsKey(Resource):
    """A key; without a policy it leaves all to the policies of the account's principals.

    Source: KMS Developer Guide, "Default key policy".

    Attributes:
        rotation: Whether KMS makes new key material each year; a replica has its primary key's.
    """

    terraform = ("aws_kms_key", "aws_kms_external_key", "aws_kms_replica_key")
    cloudformation = ("AWS::KMS::Key", "AWS::KMS::ReplicaKey")

    custom_store = text({"aws_kms_key": "custom_key_store_id", "": None}, None)
    key_spec = text(
        {
            "aws_kms_key": "customer_master_key_spec",
            "aws_kms_external_key": "key_spec",
            "": None,
        },
        {"AWS::KMS::Key": "KeySpec", "": None},
        implied="SYMMETRIC_DEFAULT",
    )
    origin = text(None, {"AWS::KMS::Key": "Origin", "": None}, implied="AWS_KMS")
    policy = anything("policy", "KeyPolicy")
    rotation = boolean(
        {"aws_kms_key": "enable_key_rotation", "": None},
        {"AWS::KMS::Key": "EnableKeyRotation", "": None},
        implied=False,
    )

    @property
    def rotates_itself(self) -> Answer:
        """Whether KMS could rotate it: it is symmetric, and KMS made its material (or may have).

        Source: KMS Developer Guide, "Rotate AWS KMS keys".
        """
        if self.type not in ("aws_kms_key", "AWS::KMS::Key"):
            return NO
        stored = NO if self.custom_store is None else self.is_set("custom_store")
        symmetric = self.key_spec.equals("SYMMETRIC_DEFAULT")
        return symmetric & self.origin.equals("AWS_KMS") & ~stored


class KmsAlias(Resource):
    """Another name of a key."""

    terraform = ("aws_kms_alias",)
    cloudformation = ("AWS::KMS::Alias",)
    names = ("name",)

    key = reference("target_key_id", "TargetKeyId", to=("KmsKey",))
    name = text("name", "AliasName")


class KmsKeyPolicy(Resource):
    """The policy of a key, in place of its own."""

    terraform = ("aws_kms_key_policy",)

    key = reference("key_id", None, to=("KmsKey",))
    policy = anything("policy", None)


class GrantConstraint(Part):
    """The encryption context that what a grant is about must have."""


class KmsGrant(Resource):
    """What a principal may do with a key without any policy (KMS Developer Guide, "Grants")."""

    terraform = ("aws_kms_grant",)

    constraints = parts(GrantConstraint, "constraints", None)
    grantee = reference("grantee_principal", None, to=("Role", "IamUser"))
    key = reference("key_id", None, to=("KmsKey",))
    operations = texts("operations", None)
