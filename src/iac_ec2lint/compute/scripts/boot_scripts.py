"""The scripts that instances run at launch, decoded, wherever they are written.

Sources: EC2 User Guide, "Run commands when you launch an EC2 instance with user data input";
CloudFormation User Guide, "AWS::CloudFormation::Init"; Systems Manager User Guide, "Documents".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iac_ec2lint.compute.launch.launches import HOST_TYPES, launches
from iac_ec2lint.compute.scripts.boot_script import BootScript, script_of
from iac_ec2lint.graph.memo import remembered
from iac_ec2lint.resources.cloudinit import CloudinitConfigDataSource
from iac_ec2lint.resources.image_builder import Component, ImageRecipe
from iac_ec2lint.resources.maintenance_window import MaintenanceWindowTask
from iac_ec2lint.resources.ssm_association import SsmAssociation
from iac_ec2lint.resources.ssm_document import SsmDocument
from iac_ec2lint.values import Val

if TYPE_CHECKING:
    from iac_ec2lint.graph.graph import Graph


SCRIPT_TYPES = (
    *HOST_TYPES,
    CloudinitConfigDataSource,
    Component,
    ImageRecipe,
    MaintenanceWindowTask,
    SsmAssociation,
    SsmDocument,
)
"""The classes of what has scripts."""


@remembered
def boot_scripts(graph: Graph) -> tuple[BootScript, ...]:
    """Every script of the unit once, wherever it is used, by resource and place.

    The documents of Image Builder's components are scripts too, of the build's instances, and so
    are those of Systems Manager, and the commands that it is told to run.
    """
    found: dict[object, BootScript] = {}

    def add(script: BootScript) -> None:
        # What it may be as well is a script of its own.
        key = (script.resource.address, script.place.span.key, script.path, script.doubt is None)
        found.setdefault(key, script)

    for component in graph.all(Component):
        if component.data is not None:
            place = component.place("data")
            add(script_of(component, place, component.data)._replace(kind="component"))
    for recipe in graph.all(ImageRecipe):
        if recipe.user_data_base64 is not None:
            place = recipe.place("user_data_base64")
            add(script_of(recipe, place, recipe.user_data_base64))
    for launch in launches(graph):
        settings = launch.settings
        for name in ("user_data", "user_data_base64"):
            value: Val | None = getattr(settings, name)
            if value is not None and settings.decides(name) is not None:
                add(script_of(*launch.place(name), value))
    for resource in (*graph.all(*HOST_TYPES), *graph.all(SsmDocument)):
        if isinstance(resource, SsmDocument) or resource.declared.metadata is not None:
            # Few units have any, and what reads them is not loaded for the others.
            from iac_ec2lint.compute.scripts.structured_scripts import structured_scripts

            for script in structured_scripts(resource):
                add(script)
    if next(iter(graph.all(SsmAssociation, MaintenanceWindowTask)), None) is not None:
        from iac_ec2lint.compute.scripts.structured_scripts import command_scripts

        for script in command_scripts(graph):
            add(script)
    used = {span.key for script in found.values() for span in script.read_from}
    for config in graph.all(CloudinitConfigDataSource):
        for part in config.parts:
            content = part.content
            # What a host is launched with is its own; this one goes where nobody looks.
            if content is not None and not used & _places_of(content):
                add(script_of(config, part.place("content"), content))
    return tuple(found[key] for key in sorted(found, key=repr))


def _places_of(value: Val) -> set[tuple[str, int, int]]:
    return {value.span.key, *(step.span.key for step in value.via)}
