"""The units of evaluation that are found in what a command is given."""

from iac_ec2lint.answers.units.job import Condition, Job
from iac_ec2lint.answers.units.survey import Survey
from iac_ec2lint.answers.units.unit_graph import UnitGraph
from iac_ec2lint.answers.units.walk import UnitWalk

__all__ = ["Condition", "Job", "Survey", "UnitGraph", "UnitWalk"]
