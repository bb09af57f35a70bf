"""What a module declares beside resources: provider configurations, its backend, its outputs.

Source: "Provider Configuration", "Backend block configuration overview" and "Output Values" of the
Terraform language.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iac_ec2lint.declaration import Declaration
from iac_ec2lint.terraform.body import BlockSection
from iac_ec2lint.terraform.folders.syntax import static_text
from iac_ec2lint.terraform.instance_keys import key_text
from iac_ec2lint.terraform.repetition import repetition

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iac_ec2lint.hcl import tree
    from iac_ec2lint.terraform.evaluated import Call, Module, RootModule
    from iac_ec2lint.terraform.folders.syntax import ModuleSyntax
    from iac_ec2lint.values import Val

REQUIRED = "terraform.required_providers"
LOCKED = "terraform.provider_lock"
OUTPUT = "output"
"""The type of an output; other types here are ``provider.NAME``, ``terraform.backend.TYPE``."""


UNJUDGED = (
    "aws_serverlessapplicationrepository_cloudformation_stack",
    "aws_servicecatalog_provisioned_product",
)
"""What the types begin with that make any resource: by Cloud Control, or a template elsewhere."""

MODULE = "module"
"""The type of a module call whose module is not on the disk."""


def unread(context: RootModule, call: Call) -> Iterator[Declaration]:
    """The instances of a call of a module that is not on the disk, each with its arguments."""
    module, block, made = call.module, call.block, call.repetition
    for position, key in enumerate(made.keys):
        names = made.bindings(position, block.header)
        scope = module.scope.bind(names) if names else module.scope
        address = call.address + key_text(key)
        presence = made.presence_of(key).within(module.presence)
        yield Declaration(
            language="terraform",
            type=MODULE,
            address=address,
            span=block.header,
            extent=block.span,
            body=BlockSection(block, scope, block.header, "", presence, address, top=True),
            presence=presence,
            callers=module.callers,
            unit=context.unit.path,
        )


def declared_in(
    context: RootModule, module: Module, wanted: frozenset[str]
) -> Iterator[Declaration]:
    """The declarations of one module that are of the wanted types.

    Args:
        context: Evaluates them, on demand.
        module: The module.
        wanted: The types.
    """
    syntax = module.syntax
    for (local, alias), block in syntax.providers.items():
        kind = f"provider.{provider_name(syntax, local)}"
        if kind in wanted:
            name = f"{local}.{alias}" if alias else local
            made = repetition(block, module.scope)  # in OpenTofu there may be several
            for position, key in enumerate(made.keys):
                own = key_text(key)
                yield _declaration(
                    context,
                    module,
                    block,
                    kind,
                    f"provider.{name}{own}",
                    names=made.bindings(position, block.header),
                    scope=context.providers.resolve(module, local, alias + own),
                    region=context.providers.region_at(module, local, alias + own),
                )
    for position, block in enumerate(syntax.required if REQUIRED in wanted else ()):
        yield _declaration(context, module, block, REQUIRED, REQUIRED + (str(position or "")))
    for block in context.locked() if LOCKED in wanted and module.call is None else ():
        name = block.labels[0].rpartition("/")[2]
        yield _declaration(context, module, block, LOCKED, f"{LOCKED}.{name}")
    # Terraform ignores the backend of a module that is called.
    if module.call is None and (backend := syntax.backend) is not None:
        kind = backend_type(backend)
        if kind in wanted:
            yield _declaration(context, module, backend, kind, kind)
    if OUTPUT in wanted:
        for name, block in syntax.outputs.items():
            yield _declaration(context, module, block, OUTPUT, f"output.{name}", output=name)


def declared_below(
    context: RootModule, module: Module, wanted: frozenset[str]
) -> Iterator[Declaration]:
    """As ``declared_in``, for a module and those that it calls."""
    yield from declared_in(context, module, wanted)
    for name in module.syntax.calls:
        call = module.module_call(name)
        for instance in call.instances if call is not None else ():
            yield from declared_below(context, instance, wanted)


def provider_name(syntax: ModuleSyntax, local: str) -> str:
    """The type of a provider, whatever its local name: ``aws``."""
    required = syntax.requirements.get(local)
    for item in getattr(required.expression, "items", ()) if required is not None else ():
        if item.key.span.text.strip('"') == "source":
            source = static_text(item.value)
            if source:
                return source.rpartition("/")[2]
    return local


def backend_type(block: tree.Block) -> str:
    """The type of a backend: ``terraform.backend.s3``, ``terraform.cloud``."""
    return "terraform.cloud" if block.type == "cloud" else f"terraform.backend.{block.labels[0]}"


def _declaration(
    context: RootModule,
    module: Module,
    block: tree.Block,
    kind: str,
    address: str,
    *,
    output: str = "",
    names: dict[str, Val] | None = None,
    scope: str = "",
    region: str = "",
) -> Declaration:
    full = module.prefix + address
    body: BlockSection
    if output:
        body = _OutputSection(module, output, block, full)
    else:
        inside = module.scope.bind(names) if names else module.scope
        body = BlockSection(block, inside, block.header, "", module.presence, full)
    return Declaration(
        language="terraform",
        type=kind,
        address=full,
        span=block.header,
        extent=block.span,
        body=body,
        presence=module.presence,
        callers=module.callers,
        scope=scope,
        unit=context.unit.path,
        region=region,
    )


class _OutputSection(BlockSection):
    """The body of an output, whose ``value`` is the one that the module's callers get."""

    __slots__ = ("_module", "_name")

    def __init__(self, module: Module, name: str, block: tree.Block, label: str) -> None:
        super().__init__(block, module.scope, block.header, "", module.presence, label)
        self._module = module
        self._name = name

    def evaluate(self, name: str) -> Val | None:
        """See ``BlockSection``."""
        if name == "value" and self.attribute_span(name) is not None:
            return self._module.output(self._name)
        return super().evaluate(name)
