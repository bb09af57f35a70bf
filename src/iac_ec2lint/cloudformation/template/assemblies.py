"""What ``cdk deploy`` deploys the templates of a cloud assembly (``cdk.out``) with.

The manifest of an assembly says of each stack its account and Region, its name, and the values of
its parameters. An account or a Region that the app leaves to whoever deploys is written as unknown.

Source: AWS CDK, "Cloud Assembly Schema", ``ArtifactManifest`` (``environment``) and
``AwsCloudFormationStackProperties`` (``templateFile``, ``stackName``, ``parameters``).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from iac_ec2lint.document.tree import Mapping, Scalar
from iac_ec2lint.source.diagnostic import Diagnostic
from iac_ec2lint.source.manifests import read_manifest_data
from iac_ec2lint.values import Step, Val, Value

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from iac_ec2lint.document.reading import Document
    from iac_ec2lint.source.files import Files

MANIFEST = "manifest.json"
_STACK = "aws:cloudformation:stack"
_ACCOUNT = re.compile(r"aws://([0-9]{12})/")
_REGION = re.compile(r"aws://[^/]*/([a-z]{2}(?:-[a-z]+)+-[0-9]+)")


class Assemblies:
    """The manifests of cloud assemblies, each read once.

    Args:
        files: The files that may be read.
        document: Reads the tree of a file with its places.
    """

    def __init__(self, files: Files, document: Callable[[Path], Document | Diagnostic]) -> None:
        self._files = files
        self._document = document
        self._known: dict[Path, dict[str, Any]] = {}

    def inputs(self, template: Path) -> dict[str, str | Val]:
        """The parameters and pseudo parameters that a template of an assembly is deployed with.

        Args:
            template: The file of a root stack's template.

        Returns:
            None of a template that no manifest beside it names, or two artifacts name.
        """
        stacks = self._stacks(template.parent)
        named = [
            (name, stack)
            for name, stack in stacks.items()
            if _properties(stack).get("templateFile") == template.name
        ]
        if len(named) != 1:
            return {}
        [(name, stack)] = named
        found: dict[str, str | Val] = {}
        environment = stack.get("environment")
        if isinstance(environment, str):
            if account := _ACCOUNT.match(environment):
                found["AWS::AccountId"] = account[1]
            if region := _REGION.fullmatch(environment):
                found["AWS::Region"] = region[1]
        own = _properties(stack)
        called = own.get("stackName", name)
        if isinstance(called, str):
            found["AWS::StackName"] = called
        if own.get("parameters"):
            found.update(self._parameters(template.parent / MANIFEST, name))
        return found

    def _stacks(self, folder: Path) -> dict[str, Any]:
        if folder not in self._known:
            artifacts = None
            if MANIFEST in self._files.names(folder):
                artifacts = read_manifest_data(self._files, folder / MANIFEST).get("artifacts")
            found = artifacts.items() if isinstance(artifacts, dict) else ()
            self._known[folder] = {
                name: one
                for name, one in found
                if isinstance(one, dict) and one.get("type") == _STACK
            }
        return self._known[folder]

    def _parameters(self, path: Path, artifact: str) -> Iterator[tuple[str, Val]]:
        """The values of parameters in a manifest, with their places."""
        document = self._document(path)
        roots = [] if isinstance(document, Diagnostic) else document.roots
        node = next(iter(roots), None)
        for step in ("artifacts", artifact, "properties", "parameters"):
            node = node.get(step) if isinstance(node, Mapping) else None
        for name, (_, value) in node.entries.items() if isinstance(node, Mapping) else ():
            if isinstance(value, Scalar):
                words = f'value that the cloud assembly gives parameter "{name}"'
                yield name, Value(value.text, value.span, (Step(value.span, words, assumed=True),))


def _properties(stack: dict[str, Any]) -> dict[str, Any]:
    found = stack.get("properties")
    return found if isinstance(found, dict) else {}
