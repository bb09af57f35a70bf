"""Commands of scripts that look up images whoever owns them.

Sources: AWS CLI Command Reference, ``ec2 describe-images``; AWS Tools for PowerShell,
``Get-EC2Image``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iac_ec2lint.compute.scripts.boot_script import script_of
from iac_ec2lint.compute.scripts.boot_scripts import boot_scripts
from iac_ec2lint.compute.scripts.script_actions import ScriptAction, script_actions
from iac_ec2lint.resources.instance import Instance
from iac_ec2lint.resources.part import Place
from iac_ec2lint.resources.provisioner import NullResource, provisioners
from iac_ec2lint.source.regular_expression import regular_expression

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iac_ec2lint.compute.scripts.boot_script import BootScript
    from iac_ec2lint.graph.graph import Graph

_BOUND: Final = regular_expression(
    r"(?i)--owners?\b|--image-ids?\b|owner-(?:id|alias)|image-id|--cli-input|-Owner|-ImageId|product-code"
)
_WORTH_READING: Final = regular_expression(r"(?i)describe-images|Get-EC2Image")


def image_lookups(graph: Graph) -> Iterator[ScriptAction]:
    """The lookups in boot scripts and provisioners that no owner bounds, by resource.

    Of a boot script of which a part is not known also that part: an action of kind ``unknown``.
    """
    for script in (*boot_scripts(graph), *_of_provisioners(graph)):
        for action in script_actions(script, _WORTH_READING):
            runs = action.kind in ("command", "powershell") and _is_open(action.words)
            if runs or (action.kind == "unknown" and not script.path):
                yield action


def _is_open(words: tuple[str, ...]) -> bool:
    aws = words[0].rpartition("/")[2] == "aws" and "describe-images" in words
    return (aws or words[0].lower() == "get-ec2image") and not _BOUND.search(" ".join(words))


def _of_provisioners(graph: Graph) -> Iterator[BootScript]:
    for resource in graph.all(Instance, NullResource):
        for provisioner in provisioners(resource):
            for name in ("command", "inline"):
                found = getattr(provisioner, name)
                for value in found if isinstance(found, tuple) else (found,):
                    if value is not None:
                        place = Place(
                            value.span, provisioner.spelling(name), value, provisioner.presence
                        )
                        yield script_of(resource, place, value)
