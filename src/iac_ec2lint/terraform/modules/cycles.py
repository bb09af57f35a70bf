"""Cycles of references that no evaluation reaches: Terraform rejects them all the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

from iac_ec2lint.source.regular_expression import regular_expression

if TYPE_CHECKING:
    from iac_ec2lint.terraform.evaluated import Module
    from iac_ec2lint.terraform.folders.syntax import ModuleSyntax

_LOCAL: Final = regular_expression(r"\blocal\s*\.\s*([\w-]+)")
_CIRCLING: Final = "local values that may refer to themselves"


def check_cycles(root: Module) -> None:
    """Report the cycles among local values, and among the arguments of module calls.

    Only locals that may be in one, and calls that refer to other calls, are evaluated for it.
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


def _check_locals(module: Module) -> None:
    calculated = module.syntax.calculated
    if _CIRCLING not in calculated:
        calculated[_CIRCLING] = _circling(module.syntax)
    for name in calculated[_CIRCLING]:
        module.local(name)


def _circling(syntax: ModuleSyntax) -> tuple[str, ...]:
    """The local values that may refer to themselves, by what is written: most modules have none."""
    named = {
        name: frozenset(_LOCAL.findall(one.source.text, one.start, one.end)) & syntax.locals.keys()
        for name, one in syntax.locals.items()
    }
    left = _without_ends(named)
    used = _without_ends(_turned(left))
    return tuple(name for name in left if name in used)


_Names: TypeAlias = "dict[str, frozenset[str]]"
"""What each name refers to, or what refers to it."""


def _without_ends(named: _Names) -> _Names:
    """Names less those from which every way ends."""
    users = _turned(named)
    number = {name: len(others) for name, others in named.items()}
    ends = [name for name, others in number.items() if not others]
    while ends:
        end = ends.pop()
        del number[end]
        for user in users[end]:
            number[user] -= 1
            if not number[user]:
                ends.append(user)
    return {name: named[name] & number.keys() for name in number}


def _turned(named: _Names) -> _Names:
    users: dict[str, set[str]] = {name: set() for name in named}
    for name, others in named.items():
        for other in others:
            users[other].add(name)
    return {name: frozenset(found) for name, found in users.items()}
