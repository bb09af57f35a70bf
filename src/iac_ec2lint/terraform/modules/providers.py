"""Which provider configuration a resource uses, and its Region.

Source: "Provider Configuration" and "Providers Within ModulesOfScan" of the Terraform language.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iac_ec2lint.declaration import CERTAIN
from iac_ec2lint.hcl import tree
from iac_ec2lint.terraform.body import BlockSection
from iac_ec2lint.terraform.cloud_control import CREDENTIALS, OBJECTS
from iac_ec2lint.terraform.evaluated import ProviderConfigurations
from iac_ec2lint.terraform.folders.syntax import reference_text
from iac_ec2lint.terraform.instance_keys import key_text
from iac_ec2lint.terraform.language.scope import Scope
from iac_ec2lint.terraform.repetition import repetition
from iac_ec2lint.values import Unknown, Val, Value

if TYPE_CHECKING:
    from iac_ec2lint.declaration import Section
    from iac_ec2lint.terraform.evaluated import Instance, Module

_AWS: Final = "aws"
_CLOUD_CONTROL: Final = "awscc"
"""The provider whose resources Cloud Control makes, in whatever account and Region it is for."""


class Providers(ProviderConfigurations):
    """Resolves provider configurations of one root module, and of the modules that it calls.

    Args:
        region: The Region of the default configuration where it sets none.
    """

    __slots__ = ("_by_region", "_first", "_read", "_region", "_regions")

    def __init__(self, region: str | None) -> None:
        self._region = region
        self._regions: dict[str, Val | None] = {}
        self._read: set[str] = set()
        self._first: dict[str, str] = {}
        self._by_region: dict[str, dict[str, str]] = {}

    def scope_of(self, instance: Instance) -> str:
        """The configuration that a resource uses: equal text, equal configuration."""
        resource = instance.resource
        module = resource.module
        local, alias = self._wanted(instance)
        scope = self.resolve(module, local, alias)
        own = self._own_region(instance)
        if own is None:
            return scope
        if own.text is None:
            return f"{scope}@{instance.address}"  # of whatever Region it is: nobody else's
        default = self._region_of(module, local, alias)
        if default is not None and default.text == own.text:
            return scope
        return self._by_region.get(scope, {}).get(own.text) or f"{scope}@{own.text}"

    def region_of(self, instance: Instance) -> str:
        """The Region that a resource is deployed to; empty where that is unknown."""
        resource = instance.resource
        own = self._own_region(instance)
        value = self.region(resource.module, instance) if own is None else own
        return "" if value is None else value.text or ""

    def region_at(self, module: Module, local: str, alias: str) -> str:
        """The Region of a configuration by its name in a module; empty where that is unknown."""
        value = self._region_of(module, local, alias)
        return "" if value is None else value.text or ""

    def _own_region(self, instance: Instance) -> Val | None:
        """The Region that a resource sets itself, as it can since version 6 of the provider."""
        written = "region" in instance.resource.block.body.attributes
        return instance.section.get("region") if written else None

    def _wanted(self, instance: Instance) -> tuple[str, str]:
        attribute = instance.resource.block.body.attributes.get("provider")
        if attribute is None:
            return instance.resource.type.partition("_")[0], ""
        return _split(_named(attribute.expression, instance.scope, instance.address))

    def resolve(self, module: Module, local: str, alias: str) -> str:
        """A configuration by its name in a module, as the root module knows it."""
        key = (local, alias)
        known = module.providers.get(key)
        if known is None:
            known = module.providers[key] = self._resolve(module, local, alias)
        return known

    def _resolve(self, module: Module, local: str, alias: str) -> str:
        name = f"{local}.{alias}" if alias else local
        if module.call is None:
            return self._of_aws(module, local, alias) or self._first_alike(module, local, name)
        if (local, _base(alias)) in module.syntax.providers:
            return f"{module.prefix}{name}"
        passed = self._passed(module, name)
        caller = module.call.module
        if passed is not None:
            return self.resolve(caller, *_split(passed))
        # Only the default configuration is inherited without being passed.
        return f"{module.prefix}{name}" if alias else self.resolve(caller, local, "")

    def _first_alike(self, root: Module, local: str, name: str) -> str:
        """The first configuration that says what another does, save its alias."""
        if local not in self._read:
            self._read.add(local)  # a configuration may refer to itself
            self._compare(root, local)
        return self._first.get(name, name)

    def _compare(self, root: Module, local: str) -> None:
        by_settings: dict[tuple[str, ...], dict[str, str]] = {}
        for (other, alias), block in root.syntax.providers.items():
            if other != local or "for_each" in block.body.attributes:
                continue
            name = f"{local}.{alias}" if alias else local
            region = self._read_region(root, local, alias)
            if region is not None and region.text is not None:
                by_region = by_settings.setdefault(_settings(block), {})
                self._first[name] = by_region.setdefault(region.text, name)
                self._by_region[name] = by_region

    def _of_aws(self, root: Module, local: str, alias: str) -> str:
        """The account and the Region of a configuration of Cloud Control's provider.

        The two providers read the same environment, so that what both leave out is the same.

        Returns:
            As the configuration of the AWS provider that is of this account is named, with the
            Region where that is another one; empty where none is known to be of this account.
        """
        if local != _CLOUD_CONTROL:
            return ""
        own, _ = self._written(root, local, alias)
        region = self._text_of_region(root, local, alias)
        aliases = ["", *(one for name, one in root.syntax.providers if name == _AWS)]
        near = ""
        for other in dict.fromkeys(aliases):
            block, _ = self._written(root, _AWS, other)
            if "[" in alias + other or _account(block) != _account(own):
                continue
            scope = self.resolve(root, _AWS, other)
            there = self._text_of_region(root, _AWS, other)
            if region == there and (region or _said(own, "region") == _said(block, "region")):
                return scope
            if region and there and not near:
                near = self._by_region.get(scope, {}).get(region) or f"{scope}@{region}"
        return near

    def _text_of_region(self, module: Module, local: str, alias: str) -> str:
        region = self._read_region(module, local, alias)
        return "" if region is None else region.text or ""

    def _passed(self, module: Module, name: str) -> str | None:
        assert module.call is not None  # noqa: S101 - the root module is passed none
        attribute = module.call.block.body.attributes.get("providers")
        if attribute is None:
            return None
        items = getattr(attribute.expression, "items", ())
        for item in items:
            if _key(item.key) == name:
                return _named(item.value, module.call.scope, module.address)
        return None

    def region(self, module: Module, instance: Instance) -> Val | None:
        """The Region of the configuration that a resource uses, where it is known."""
        local, alias = self._wanted(instance)
        return self._region_of(module, local, alias)

    def configuration(self, module: Module, instance: Instance) -> BlockSection | None:
        """The configuration that a resource uses; ``None`` where none is written."""
        local, alias = self._wanted(instance)
        return self._written(module, local, alias)[0]

    def _region_of(self, module: Module, local: str, alias: str) -> Val | None:
        name = self.resolve(module, local, alias)
        if name not in self._regions:
            # A configuration may refer to its own Region, which is then unknown.
            self._regions[name] = None
            self._regions[name] = self._read_region(module, local, alias)
        return self._regions[name]

    def _read_region(self, module: Module, local: str, alias: str) -> Val | None:
        written, alias = self._written(module, local, alias)
        value = written.get("region") if written is not None else None
        if value is None:
            return self._given(alias)
        return value if value.text is not None else None

    def _written(self, module: Module, local: str, alias: str) -> tuple[BlockSection | None, str]:
        """A configuration by its name in a module, and its alias where it is written."""
        current: Module | None = module
        while current is not None:
            block = current.syntax.providers.get((local, _base(alias)))
            if block is not None:
                label = f"{current.prefix}provider.{local}"
                scope = Scope(
                    current.unit.evaluation, current.scope.module, _each(block, current, alias)
                )
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


def _named(node: tree.Expression, scope: Scope, user: str) -> str:
    """The configuration that an expression names, of several of OpenTofu's by its key.

    Of a key that is not known, the user makes it one that is nobody else's.
    """
    text = reference_text(node)
    if not isinstance(node, tree.Index):
        return text
    key = scope.evaluate(node.key).text
    return f"{reference_text(node.operand)}{key_text(user if key is None else key)}"


def _base(alias: str) -> str:
    """An alias without the key of one of several configurations."""
    return alias.partition("[")[0]


def _each(block: tree.Block, module: Module, alias: str) -> dict[str, Val]:
    """``each`` in a configuration that ``for_each`` makes, for the one that an alias names."""
    if "for_each" not in block.body.attributes:
        return {}
    made = repetition(block, module.scope)
    for position, key in enumerate(made.keys):
        if key is not None and alias.endswith(key_text(key)):
            return made.bindings(position, block.header)
    gap: Val = Unknown(
        "which of several configurations is meant is not known", "expression", block.header
    )
    return {"each": Value({"key": gap, "value": gap}, block.header)}


def _settings(block: tree.Block) -> tuple[str, ...]:
    """What a configuration says, save its alias and its Region."""
    attributes = block.body.attributes
    own = [a.span.text for name, a in attributes.items() if name not in {"alias", "region"}]
    return (*sorted(own), *sorted(one.span.text for one in block.body.blocks))


def _account(section: BlockSection | None) -> dict[str, str]:
    """What a configuration says of whose credentials it has.

    Of a role that is assumed its ARN counts, which a block has in the AWS provider, and an object
    in Cloud Control's.
    """
    if section is None:
        return {}
    found = {name: _said(section, name) for name in CREDENTIALS}
    for name in OBJECTS:
        inner = section.sections(name)
        found[name] = " ".join(_said(one, "role_arn") or one.span.text for one in inner)
    return {name: said for name, said in found.items() if said}


def _said(section: Section | None, name: str) -> str:
    """What an argument comes to, or how it is written; empty where it is not set."""
    value = None if section is None else section.get(name)
    if section is None or value is None:
        return ""
    written = section.expression(name)
    return value.text or (value.span if written is None else written).text


def _split(name: str) -> tuple[str, str]:
    local, _, alias = name.partition(".")
    return local, alias


def _key(node: tree.Expression) -> str:
    text = reference_text(node)
    return text.strip('"')
