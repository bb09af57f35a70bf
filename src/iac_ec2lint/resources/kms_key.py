"""Keys of KMS, and what lets principals use them beside their own policies."""

from iac_ec2lint.resources.field import anything, reference, texts
from iac_ec2lint.resources.part import Resource


class KmsKey(Resource):
    """A key; without a policy it leaves all to the policies of the account's principals.

    Source: KMS Developer Guide, "Default key policy".
    """

    terraform = ("aws_kms_key", "aws_kms_external_key", "aws_kms_replica_key")
    cloudformation = ("AWS::KMS::Key", "AWS::KMS::ReplicaKey")

    policy = anything("policy", "KeyPolicy")


class KmsKeyPolicy(Resource):
    """The policy of a key, in place of its own."""

    terraform = ("aws_kms_key_policy",)

    key = reference("key_id", None, to=("KmsKey",))
    policy = anything("policy", None)


class KmsGrant(Resource):
    """What a principal may do with a key without any policy (KMS Developer Guide, "Grants")."""

    terraform = ("aws_kms_grant",)

    grantee = reference("grantee_principal", None, to=("Role", "IamUser"))
    key = reference("key_id", None, to=("KmsKey",))
    operations = texts("operations", None)
