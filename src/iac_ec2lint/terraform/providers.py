"""Which provider configuration a resource uses, and its Region.

Source: "Provider Configuration" and "Providers Within Modules" of the Terraform language.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iac_ec2lint.declaration import CERTAIN
from iac_ec2lint.terraform.body import BlockSection
from iac_ec2lint.terraform.folders.syntax import reference_text
from iac_ec2lint.terraform.language.scope import Scope
from iac_ec2lint.values import Val, Value

if TYPE_CHECKING:
    from iac_ec2lint.hcl import tree
    from iac_ec2lint.terraform.module import ModuleInstance
    from iac_ec2lint.terraform.resources import ResourceInstance


class Providers:
    """Resolves provider configurations of one root module, and of the modules that it calls.

    Args:
        region: The Region of the default configuration where it sets none.
    """

    __slots__ = ("_region", "_regions")

    def __init__(self, region: str | None) -> None:
        self._region = region
        self._regions: dict[str, Val | None] = {}

    def scope_of(self, instance: ResourceInstance) -> str:
        """The configuration that a resource uses: equal text, equal configuration."""
        resource = instance.resource
        module = resource.module
        local, alias = self._wanted(resource.block, resource.type)
        scope = self.resolve(module, local, alias)
        own = self._own_region(instance)
        if own is None or own.text is None:
            return scope
        default = self._region_of(module, local, alias)
        if default is not None and default.text == own.text:
            return scope
        return f"{scope}@{own.text}"

    def region_of(self, instance: ResourceInstance) -> str:
        """The Region that a resource is deployed to; empty where that is unknown."""
        resource = instance.resource
        own = self._own_region(instance)
        value = self.region(resource.module, instance) if own is None else own
        return "" if value is None else value.text or ""

    def region_at(self, module: ModuleInstance, local: str, alias: str) -> str:
        """The Region of a configuration by its name in a module; empty where that is unknown."""
        value = self._region_of(module, local, alias)
        return "" if value is None else value.text or ""

    def _own_region(self, instance: ResourceInstance) -> Val | None:
        """The Region that a resource sets itself, as it can since version 6 of the provider."""
        block = instance.resource.block
        if "region" not in block.source.text[block.start : block.end]:
            return None
        return instance.section.get("region")

    def _wanted(self, block: tree.Block, kind: str) -> tuple[str, str]:
        attribute = block.body.attributes.get("provider") if _mentions_provider(block) else None
        if attribute is None:
            return kind.partition("_")[0], ""
        return _split(reference_text(attribute.expression))

    def resolve(self, module: ModuleInstance, local: str, alias: str) -> str:
        """A configuration by its name in a module, as the root module knows it."""
        key = (local, alias)
        known = module.providers.get(key)
        if known is None:
            known = module.providers[key] = self._resolve(module, local, alias)
        return known

    def _resolve(self, module: ModuleInstance, local: str, alias: str) -> str:
        name = f"{local}.{alias}" if alias else local
        if module.call is None:
            return name
        if (local, alias) in module.syntax.providers:
            return f"{module.prefix}{name}"
        passed = self._passed(module, name)
        caller = module.call.module
        if passed is not None:
            return self.resolve(caller, *_split(passed))
        # Only the default configuration is inherited without being passed.
        return f"{module.prefix}{name}" if alias else self.resolve(caller, local, "")

    def _passed(self, module: ModuleInstance, name: str) -> str | None:
        assert module.call is not None  # noqa: S101 - the root module is passed none
        attribute = module.call.block.body.attributes.get("providers")
        if attribute is None:
            return None
        items = getattr(attribute.expression, "items", ())
        for item in items:
            if _key(item.key) == name:
                return reference_text(item.value)
        return None

    def region(self, module: ModuleInstance, instance: ResourceInstance) -> Val | None:
        """The Region of the configuration that a resource uses, where it is known."""
        local, alias = self._wanted(instance.resource.block, instance.resource.type)
        return self._region_of(module, local, alias)

    def configuration(
        self, module: ModuleInstance, instance: ResourceInstance
    ) -> BlockSection | None:
        """The configuration that a resource uses; ``None`` where none is written."""
        local, alias = self._wanted(instance.resource.block, instance.resource.type)
        return self._written(module, local, alias)[0]

    def _region_of(self, module: ModuleInstance, local: str, alias: str) -> Val | None:
        name = self.resolve(module, local, alias)
        if name not in self._regions:
            # A configuration may refer to its own Region, which is then unknown.
            self._regions[name] = None
            self._regions[name] = self._read_region(module, local, alias)
        return self._regions[name]

    def _read_region(self, module: ModuleInstance, local: str, alias: str) -> Val | None:
        written, alias = self._written(module, local, alias)
        value = written.get("region") if written is not None else None
        if value is None:
            return self._given(alias)
        return value if value.text is not None else None

    def _written(
        self, module: ModuleInstance, local: str, alias: str
    ) -> tuple[BlockSection | None, str]:
        """A configuration by its name in a module, and its alias where it is written."""
        current: ModuleInstance | None = module
        while current is not None:
            block = current.syntax.providers.get((local, alias))
            if block is not None:
                label = f"{current.prefix}provider.{local}"
                scope = Scope(current.unit.evaluation, current, {})
                section = BlockSection(block, scope, block.header, "", CERTAIN, label)
                return section, alias
            if current.call is None:
                break
            passed = self._passed(current, f"{local}.{alias}" if alias else local)
            if passed is not None:
                local, alias = _split(passed)
            current = current.call.module
        return None, alias

    def _given(self, alias: str) -> Val | None:
        if self._region is None or alias:
            return None
        from iac_ec2lint.source.span import SourceText

        source = SourceText("--region", self._region)
        return Value(self._region, source.span(0, len(self._region)))


def _mentions_provider(block: tree.Block) -> bool:
    return "provider" in block.source.text[block.start : block.end]


def _split(name: str) -> tuple[str, str]:
    local, _, alias = name.partition(".")
    return local, alias


def _key(node: tree.Expression) -> str:
    text = reference_text(node)
    return text.strip('"')
