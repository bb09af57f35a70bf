"""What the configurations of one evaluation share, with the functions that Terragrunt has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iac_ec2lint.source.budget import Budget
from iac_ec2lint.terraform.terragrunt.files import ConfigurationFiles

if TYPE_CHECKING:
    from iac_ec2lint.source.span import Span
    from iac_ec2lint.terraform.folders.modules import ModuleFolders
    from iac_ec2lint.terraform.language.scope import Callee
    from iac_ec2lint.terraform.terragrunt.configuration import Configuration
    from iac_ec2lint.terraform.terragrunt.files import Dependency
    from iac_ec2lint.values import Val


def _function(name: str) -> Callee | None:
    from iac_ec2lint.terraform.terragrunt.functions import FUNCTIONS  # many call none of them

    return FUNCTIONS.get(name)


def _unknown(_config: Configuration, _name: str, _span: Span) -> Val | None:
    return None


def open_files(
    modules: ModuleFolders, budget: Budget | None = None, dependency: Dependency = _unknown
) -> ConfigurationFiles:
    """See ``ConfigurationFiles``; without a budget it has one of its own."""
    return ConfigurationFiles(modules, budget or Budget(), _function, dependency)
