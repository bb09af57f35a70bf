"""Cycles of references that no evaluation reaches: Terraform rejects them all the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from iac_ec2lint.terraform.module import ModuleInstance


def check_cycles(root: ModuleInstance) -> None:
    """Report the cycles among local values, and among the arguments of module calls.

    Only locals and calls that refer to others of their kind are evaluated for it.
    """
    stack = [root]
    while stack:
        module = stack.pop()
        _check_locals(module)
        for name, block in module.syntax.calls.items():
            call = module.module_call(name)
            if call is None:
                continue
            stack.extend(call.instances)
            if "module." in block.source.text[block.start : block.end]:
                for instance in call.instances[:1]:
                    for argument in block.body.attributes:
                        if argument in instance.syntax.variables:
                            instance.variable(argument)


def _check_locals(module: ModuleInstance) -> None:
    for name, attribute in module.syntax.locals.items():
        if "local." in attribute.source.text[attribute.start : attribute.end]:
            module.local(name)
