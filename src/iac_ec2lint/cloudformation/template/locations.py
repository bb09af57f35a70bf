"""The location of a nested stack's template: a literal path, or a file that CDK uploads."""

from __future__ import annotations

import re
from os.path import commonpath
from pathlib import Path
from typing import TYPE_CHECKING

from iac_ec2lint.cloudformation.syntax import text_of
from iac_ec2lint.cloudformation.template.resource import NESTED
from iac_ec2lint.document.tree import Mapping
from iac_ec2lint.source.files import place_named
from iac_ec2lint.source.manifests import read_manifest_data
from iac_ec2lint.values import Value

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from iac_ec2lint.cloudformation.template.resource import TemplateResource
    from iac_ec2lint.source.files import Files
    from iac_ec2lint.values import Val

# The name of an uploaded template is the hash of its content.
_HASH = re.compile(r"\b([0-9a-f]{64})\.json\b")
_MANIFEST = ".assets.json"
_PLACEHOLDER = re.compile(r"(?:__\w+__|\{\{[^{}]+\}\}|<[\w-]+>|%%?\w+%%?|@@?\w+@@?)/")


def is_local(location: str) -> bool:
    """Whether the location of a template is a path on the disk.

    What begins with a placeholder (``__BUCKET__/vpc.yaml``), for which a build puts the URL of a
    bucket, is none.
    """
    url = "://" in location.removeprefix("file://") or location.startswith("s3:")
    return not url and _PLACEHOLDER.match(location) is None


def literal_location(resource: TemplateResource) -> str | None:
    """The path of a nested stack's template, where it is a literal."""
    name = NESTED.get(resource.type)
    properties = resource.properties
    if name is None or not isinstance(properties, Mapping):
        return None
    text = text_of(properties.get(name))
    return text.removeprefix("file://") if text and is_local(text) else None


class NamedFiles:
    """The templates of a scan by the ends of their paths, for URLs that name one of them.

    Args:
        files: Names the files.
        every: All templates of the scan; asked for at the first question.
    """

    def __init__(self, files: Files, every: Callable[[], Iterable[Path]]) -> None:
        self._files = files
        self._every = every
        self._by_name: dict[str, list[Path]] | None = None

    def find(self, location: Val, user: Path, nesting: Path) -> list[Path]:
        """The files whose paths have most of their end in common with the end of a location.

        Of several the ones are meant that are nearest to the template that names them: copies of
        one tree, such as one a version, each hold together.

        Args:
            location: What ``TemplateURL`` came to; of a bucket or a prefix that is not known only
                what is behind it counts.
            user: The template of the root stack; see ``Files.inside``.
            nesting: The template that has the location.

        Returns:
            None where not even a name is the same; several where nothing tells them apart.
        """
        end = _known_end(location).partition("?")[0]
        parts = [part for part in end.split("/") if part]
        if not parts or end.endswith("/"):
            return []
        if self._by_name is None:
            self._by_name = {}
            for path in sorted(self._every()):
                self._by_name.setdefault(path.name, []).append(path)
        longest: list[Path] = []
        most = 0
        for path in self._by_name.get(parts[-1], ()):
            if not self._files.inside(path, user):
                continue
            own = self._files.display(path).split("/")
            pairs = zip(reversed(own), reversed(parts), strict=False)
            shared = next(
                (at for at, (a, b) in enumerate(pairs) if a != b), min(len(own), len(parts))
            )
            if shared > most:
                longest, most = [], shared
            if shared == most:
                longest.append(path)
        near = [len(commonpath((path, nesting))) for path in longest]
        return [path for path, length in zip(longest, near, strict=True) if length == max(near)]


def _known_end(location: Val) -> str:
    """The text that a location surely ends with; empty where there is none."""
    if isinstance(location, Value):
        return location.text or ""
    last = location.parts[-1] if location.parts else ""
    return last if isinstance(last, str) else ""


class Assets:
    """The files of cloud assemblies (``cdk.out``) that CDK uploads.

    Args:
        files: The files that may be read.
    """

    def __init__(self, files: Files) -> None:
        self._files = files
        self._known: dict[Path, dict[str, str]] = {}

    def file(self, resource: TemplateResource, path: Path) -> str | None:
        """The file that becomes the template of a nested stack, relative to its own template.

        The resource's Metadata names it (``aws:asset:path`` for the property
        ``aws:asset:property``); where that is turned off, the assembly's asset manifests map the
        hash at the end of the URL to a file.

        Args:
            resource: The resource that creates the nested stack.
            path: The file that it is declared in.

        Returns:
            The file; ``None`` where it does not exist.
        """
        name = NESTED[resource.type]
        found = self._named(resource, name)
        properties = resource.properties
        written = properties.get(name) if isinstance(properties, Mapping) else None
        if found is None and written is not None:
            hashed = _HASH.search(written.span.text)
            if hashed is not None:
                found = self._manifests(path.parent).get(hashed[1])
        place = place_named(path.parent, found) if found is not None else None
        return found if place is not None and self._files.is_file(place, path) else None

    def _named(self, resource: TemplateResource, name: str) -> str | None:
        metadata = resource.node.get("Metadata")
        if not isinstance(metadata, Mapping):
            return None
        if text_of(metadata.get("aws:asset:property")) != name:
            return None
        return text_of(metadata.get("aws:asset:path"))

    def _manifests(self, folder: Path) -> dict[str, str]:
        if folder not in self._known:
            found: dict[str, str] = {}
            for name in self._files.names(folder):
                if name.endswith(_MANIFEST):
                    found.update(self._manifest(folder / name))
            self._known[folder] = found
        return self._known[folder]

    def _manifest(self, path: Path) -> dict[str, str]:
        files = read_manifest_data(self._files, path).get("files")
        found: dict[str, str] = {}
        for asset, entry in files.items() if isinstance(files, dict) else ():
            origin = entry.get("source") if isinstance(entry, dict) else None
            place = origin.get("path") if isinstance(origin, dict) else None
            if isinstance(place, str):
                found[asset] = place
        return found
