"""Terragrunt's own functions, beside those of Terraform.

What depends on the machine, on AWS or on a program that would have to be run is unknown. Source:
Terragrunt's reference, "HCL", "Functions".
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

from iac_ec2lint.terraform.functions import find
from iac_ec2lint.terraform.functions.files import place_of
from iac_ec2lint.terraform.functions.registry import Function, FunctionCall
from iac_ec2lint.terraform.language.types import ANY, STRING, Type
from iac_ec2lint.terraform.places import absolute
from iac_ec2lint.terraform.terragrunt.configuration import Configuration
from iac_ec2lint.values import Step, Unknown, Val, Value

if TYPE_CHECKING:
    from collections.abc import Callable

FUNCTIONS: Final[dict[str, Function]] = {}
"""Terragrunt's functions by their names."""


def _function(
    name: str, *parameters: Type, optional: int = 0, variadic: Type | None = None
) -> Callable[[Callable[..., Val]], Callable[..., Val]]:
    def declare(compute: Callable[..., Val]) -> Callable[..., Val]:
        FUNCTIONS[name] = Function(
            name,
            compute,
            parameters,
            variadic=variadic,
            result=ANY,
            nulls=True,
            needs="none",
            optional=optional,
            marks="deep",
        )
        return compute

    return declare


def _config(call: FunctionCall) -> Configuration:
    config = call.scope.module
    assert isinstance(config, Configuration)  # noqa: S101 - no other names have these functions
    return config


def _absolute(call: FunctionCall, place: Path) -> Val:
    config = _config(call)
    return absolute(config.files.tree.real(place), config.boundary, call.span)


def _relative(call: FunctionCall, place: Path, start: Path) -> Val:
    return call.value(os.path.relpath(place, start).replace(os.sep, "/"))


@_function("get_terragrunt_dir")
def _terragrunt_dir(call: FunctionCall) -> Val:
    return _absolute(call, _config(call).folder)


@_function("get_original_terragrunt_dir")
def _original_dir(call: FunctionCall) -> Val:
    return _absolute(call, _config(call).origin.folder)


@_function("get_parent_terragrunt_dir", STRING, optional=1)
def _parent_dir(call: FunctionCall, label: Val | None = None) -> Val:
    place = _included_folder(call, label)
    return _absolute(call, place) if place is not None else call.error("nothing is included")


@_function("get_repo_root")
def _repository(call: FunctionCall) -> Val:
    return _absolute(call, _config(call).boundary)


@_function("get_path_from_repo_root")
def _from_repository(call: FunctionCall) -> Val:
    config = _config(call)
    return _relative(call, config.folder, config.boundary)


@_function("get_path_to_repo_root")
def _to_repository(call: FunctionCall) -> Val:
    config = _config(call)
    return _relative(call, config.boundary, config.folder)


@_function("path_relative_to_include", STRING, optional=1)
def _to_include(call: FunctionCall, label: Val | None = None) -> Val:
    folder = _config(call).folder
    return _relative(call, folder, _included_folder(call, label) or folder)


@_function("path_relative_from_include", STRING, optional=1)
def _from_include(call: FunctionCall, label: Val | None = None) -> Val:
    folder = _config(call).folder
    return _relative(call, _included_folder(call, label) or folder, folder)


def _included_folder(call: FunctionCall, label: Val | None) -> Path | None:
    found = _config(call).included("" if label is None else label.text or "")
    return None if found is None else found.path.parent


@_function("find_in_parent_folders", STRING, ANY, optional=2)
def _in_parent_folders(
    call: FunctionCall, name: Val | None = None, fallback: Val | None = None
) -> Val:
    wanted = "terragrunt.hcl" if name is None else name.text
    if wanted is None:
        return call.unknown(*(one for one in (name, fallback) if one is not None))
    config = _config(call)
    files = config.files
    for folder in config.folder.parents:
        if not files.inside(folder, config.path):
            break
        place = folder / wanted
        if files.is_file(place) or files.is_folder(place):
            return _absolute(call, place)
    if fallback is not None:
        return fallback
    return call.error(f"there is no {wanted} in a folder above")


@_function("get_env", STRING, STRING, optional=1)
def _environment(call: FunctionCall, name: Val, default: Val | None = None) -> Val:
    """The default, as nobody says what the environment of who deploys is."""
    words = f"the environment variable {name.text or ''} is not known"
    if default is None:
        return Unknown(words, "expression", call.span, type=STRING)
    step = Step(call.span, f"the environment variable {name.text or ''} is not set", assumed=True)
    return default.after(step)


@_function("read_terragrunt_config", STRING, ANY, optional=1)
def _read_configuration(call: FunctionCall, path: Val, default: Val | None = None) -> Val:
    place = place_of(call, path)
    if not isinstance(place, Path):
        return call.unknown(path) if place is None else place
    found = _config(call).nested(place, included=False)
    if found is not None:
        return found.whole(call.span)
    return call.error("it cannot be read") if default is None else default


@_function("read_tfvars_file", STRING)
def _read_values(call: FunctionCall, path: Val) -> Val:
    """What a file of values sets, as JSON."""
    place = place_of(call, path)
    if not isinstance(place, Path):
        return call.unknown(path) if place is None else place
    file = _config(call).shared.file(place)
    encode = find("jsonencode")
    if file is None or encode is None:
        return call.error("it cannot be read")
    written = file.body.attributes
    set_ = {name: call.scope.evaluate(one.expression) for name, one in written.items()}
    return encode(call, [Value(set_, call.span)])


@_function("mark_as_read", STRING)
def _mark_as_read(call: FunctionCall, path: Val) -> Val:
    del call
    return path


def _unknown(call: FunctionCall, *arguments: Val) -> Val:
    del arguments
    return Unknown(f"{call.name}() depends on who deploys", "expression", call.span)


for _name in (
    "constraint_check",
    "get_aws_account_alias",
    "get_aws_account_id",
    "get_aws_caller_identity_arn",
    "get_aws_caller_identity_user_id",
    "get_default_retryable_errors",
    "get_platform",
    "get_terraform_cli_args",
    "get_terraform_command",
    "get_terraform_commands_that_need_input",
    "get_terraform_commands_that_need_locking",
    "get_terraform_commands_that_need_parallelism",
    "get_terraform_commands_that_need_vars",
    "get_terragrunt_source_cli_flag",
    "get_tfvars_file",
    "get_working_dir",
    "run_cmd",
    "sops_decrypt_file",
):
    _function(_name, variadic=ANY)(_unknown)
