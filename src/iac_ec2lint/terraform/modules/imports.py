"""Under which ids the state takes over what is there already: the ``import`` blocks.

What they name keeps what the configuration does not say, such as its name.

Source: "Import" of the Terraform language; only a root module has such blocks.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final

from iac_ec2lint.hcl import tree
from iac_ec2lint.hcl.parser import parse_expression
from iac_ec2lint.source.regular_expression import regular_expression
from iac_ec2lint.source.span import SourceText
from iac_ec2lint.terraform.folders.syntax import static_text
from iac_ec2lint.terraform.instance_keys import key_text
from iac_ec2lint.terraform.language.containers import Set, is_open
from iac_ec2lint.terraform.repetition import repetition
from iac_ec2lint.values import Unknown, Value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iac_ec2lint.terraform.evaluated import Module
    from iac_ec2lint.terraform.language.scope import Scope
    from iac_ec2lint.values import Val

_KEY: Final = regular_expression(r"\[[^\]]*\]")


def imports_of(root: Module) -> dict[str, Val]:
    """The ids of what is imported, by the address of the instance.

    Where the instance's key is not known the address has none, and the id is unknown.
    """
    found: dict[str, Val] = {}
    for file in root.syntax.files:
        for block in file.body.blocks:
            if block.type == "import" and "to" in block.body.attributes:
                _read(block, root.scope, found)
    return found


def id_of(imports: dict[str, Val], address: str) -> Val | None:
    """The id under which an instance is imported; ``None`` where none is known to be."""
    found = imports.get(address)
    return imports.get(_KEY.sub("", address)) if found is None else found


def _read(block: tree.Block, scope: Scope, found: dict[str, Val]) -> None:
    attributes = block.body.attributes
    for names in _each(block, scope):
        within = scope.bind(names) if names else scope
        address = _address(_named(attributes["to"].expression), within)
        if address is None:
            text = _KEY.sub("", attributes["to"].expression.span.text)
            words = f"which instance of {text} is imported is not known"
            found[text] = Unknown(words, "expression", attributes["to"].span)
        else:
            found[address] = _id(block, within)


def _each(block: tree.Block, scope: Scope) -> Iterator[dict[str, Val]]:
    """The names inside each of the imports that a block makes."""
    each = block.body.attributes.get("for_each")
    if each is None:
        yield {}
        return
    value, _ = scope.trap(each.expression)
    data = value.data if isinstance(value, Value) else None
    if isinstance(data, tuple) and not isinstance(data, Set) and not is_open(data):
        # Any collection will do here (Terraform's source, forEachEvaluator.ImportValues).
        for position, element in enumerate(value.elements()):
            members: dict[str, Val] = {"key": Value(position, element.span), "value": element}
            yield {"each": Value(members, block.header)}
        return
    made = repetition(block, scope)
    for position, _ in enumerate(made.keys):
        yield made.bindings(position, block.header)


def _id(block: tree.Block, scope: Scope) -> Val:
    attributes = block.body.attributes
    if "id" in attributes:
        value, _ = scope.trap(attributes["id"].expression)
        return value
    if "identity" in attributes:
        value, _ = scope.trap(attributes["identity"].expression)
        name = value.items().get("name") if isinstance(value, Value) else value
        if name is not None:
            return name
    return Unknown("it is imported by what is not its name", "expression", block.header)


def _named(node: tree.Expression) -> tree.Expression:
    """What an address is written as; in JSON it is a text (Terraform, "JSON Configuration")."""
    text = static_text(node)
    if text is None:
        return node
    expression, problems = parse_expression(SourceText(node.span.path, text), 0, len(text))
    return node if problems else expression


def _address(node: tree.Expression, scope: Scope) -> str | None:
    """The address that a traversal is; ``None`` where one of its keys is not known."""
    if isinstance(node, tree.Variable):
        return node.name
    if isinstance(node, tree.GetAttribute):
        operand = _address(node.operand, scope)
        return None if operand is None else f"{operand}.{node.name}"
    if isinstance(node, tree.Index):
        operand = _address(node.operand, scope)
        key, _ = scope.trap(node.key)
        known = (
            None if not isinstance(key, Value) else key.text if key.number is None else key.number
        )
        return None if operand is None or known is None else operand + key_text(_plain(known))
    return None


def _plain(key: str | int | Decimal) -> str | int:
    return key if isinstance(key, str) else int(key)
