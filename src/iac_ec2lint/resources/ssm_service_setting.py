"""Settings of Systems Manager for a whole account and Region."""

from iac_ec2lint.resources.field import text
from iac_ec2lint.resources.part import Resource
from iac_ec2lint.values import NO, YES, Answer, Unknown


class SsmServiceSetting(Resource):
    """A setting (Systems Manager API Reference, ``UpdateServiceSetting``)."""

    terraform = ("aws_ssm_service_setting",)

    setting_id = text("setting_id", None)
    value = text("setting_value", None)

    def is_setting(self, path: str) -> Answer:
        """Whether it is the setting of a path: an ARN that ends in it is that too."""
        value = self.setting_id
        if value is None:
            return NO
        if isinstance(value, Unknown) and value.parts and isinstance(value.parts[-1], str):
            end = value.parts[-1]  # of an ARN with a Region or an account that is not known
            if end.endswith(path):
                return YES
            return Answer(None, (value,)) if path.endswith(end) else NO
        return value.test(lambda data: isinstance(data, str) and data.endswith(path))
