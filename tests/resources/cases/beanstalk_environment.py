"""Cases of the classes in ``resources/beanstalk_environment.py``."""

from __future__ import annotations

from tests.graph.declarations import Plain, ref
from tests.resources.case import Case, Pair, Single
from tests.resources.settings import GROUP

_OPTIONS = (
    ("aws:autoscaling:launchconfiguration", "SecurityGroups", GROUP),
    ("aws:ec2:vpc", "ELBSubnets", ref("subnet")),
    ("aws:elbv2:loadbalancer", "SecurityGroups", GROUP),
)
_SETTINGS: list[Plain] = [
    {"namespace": namespace, "name": name, "value": value} for namespace, name, value in _OPTIONS
]
_STACK_SETTINGS: list[Plain] = [
    {"Namespace": namespace, "OptionName": name, "Value": value}
    for namespace, name, value in _OPTIONS
]

CASES: list[Case] = [
    Pair(
        "aws_elastic_beanstalk_environment",
        {"template_name": ref("saved", "name"), "tier": "Worker", "setting": _SETTINGS},
        "AWS::ElasticBeanstalk::Environment",
        {
            "TemplateName": ref("saved", "Ref"),
            "Tier": {"Name": "Worker"},
            "OptionSettings": _STACK_SETTINGS,
        },
    ),
    Pair(
        "aws_elastic_beanstalk_configuration_template",
        {"setting": _SETTINGS},
        "AWS::ElasticBeanstalk::ConfigurationTemplate",
        {"OptionSettings": _STACK_SETTINGS},
    ),
    Single(
        "data.aws_elastic_beanstalk_solution_stack",
        {"name_regex": "^64bit Amazon Linux 2023 (.*) running Docker$"},
        {"name_regex": "^64bit Amazon Linux 2023 (.*) running Docker$"},
    ),
]
