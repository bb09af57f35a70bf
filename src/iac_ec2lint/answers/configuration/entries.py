"""What single entries of a configuration say, and what is wrong with them."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from iac_ec2lint.answers.configuration.reading import ConfigurationFile
from iac_ec2lint.source.diagnostic import Diagnostic
from iac_ec2lint.values.known import Known
from iac_ec2lint.values.stated import StatedInput

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from iac_ec2lint.answers.configuration.reading import Steps
    from iac_ec2lint.answers.scan import ScanOptions
    from iac_ec2lint.source.span import Span
    from iac_ec2lint.source.tree import Tree


WIDEST = {4: 8, 6: 20}
"""The shortest prefixes of ranges that are one's own; all together are no larger either."""


def nowhere(
    file: ConfigurationFile, steps: Steps, paths: list[str], tree: Tree
) -> Iterator[Diagnostic]:
    """An error for each path that is misspelled, so that a unit would keep its defaults."""
    folder = Path(tree.real(file.path.parent))
    for path in paths:
        plain = path.strip("/")
        if "/" in plain and not set("*?[\\") & set(plain) and not plain.startswith("!"):
            there = Path(tree.real(folder / plain))  # what is elsewhere is not asked for
            if there.is_relative_to(folder) and not (tree.is_folder(there) or tree.is_file(there)):
                yield Diagnostic.at(file.place(*steps, "path"), f"there is no {path!r}")


def where_of(file: ConfigurationFile, steps: Steps) -> str:
    """Where an entry is written, in words."""
    span = file.place(*steps)
    return f"{span.path}:{span.line}"


def named_of(file: ConfigurationFile, key: str) -> Iterator[Known]:
    """What is called something, as far as it is said to be as a mapping of ``known`` has it."""
    said: Any = file.data.get("known", {})
    for name, so in said.get(key, {}).items():
        if so:
            yield Known(name, file.place("known", key, name))


def list_of(value: object) -> list[str]:
    """A list as it is; a text as the only element of one."""
    return [value] if isinstance(value, str) else [*value]  # type: ignore[misc]  # by the schema


def hashable(value: object) -> object:
    """A value that has a hash: of a list, a tuple."""
    return tuple(value) if isinstance(value, list) else value


def texts(values: Any) -> Iterator[tuple[str, str]]:
    """Terraform input variables, as --var takes them: what is no text is JSON, which HCL reads."""
    import json  # only where there are some

    for name, value in values.items():
        yield name, value if isinstance(value, str) else json.dumps(value)


def flaw_of_range(text: str, left: dict[int, int]) -> str:
    """What is wrong with a range of one's own; empty where nothing is.

    Args:
        text: The range.
        left: How many addresses of each version may still be one's own; what it has is taken off.
    """
    from ipaddress import ip_network  # only where there are some

    try:
        network = ip_network(text)
    except ValueError as error:
        return f"{text!r} is no range: {error}"
    least = WIDEST[network.version]
    if network.prefixlen < least:
        return f"{text!r} is wider than a /{least}: nobody has as much"
    if network.num_addresses > left[network.version]:
        return f"with {text!r} the ranges hold more than a /{least}: nobody has as much"
    left[network.version] -= network.num_addresses
    return ""


def stated_of(
    file: ConfigurationFile, holder: dict[str, Any], steps: Steps, errors: list[Diagnostic]
) -> Iterator[StatedInput]:
    """What an entry says of inputs; null says nothing."""
    import json  # only where there are some

    for key, value in holder.get("inputs", {}).items():
        place = file.place(*steps, "inputs", key)
        try:
            text = json.dumps(value, allow_nan=False)
        except ValueError:
            errors.append(Diagnostic.at(place, f"{key}: what is no number is no value"))
            continue
        if value is not None:
            yield StatedInput(key, text, place)


def assigned(values: Any) -> Iterator[str]:
    """Parameters as ``--parameter`` takes them."""
    for name, value in values.items():
        text = str(value).lower() if isinstance(value, bool) else str(value)
        yield f"{name}={text}"


class Effective(NamedTuple):
    """What a scan is told, and by whom.

    Attributes:
        options: All of it.
        files: The configuration files that were read, the policy last.
        origins: Of each option that a file sets, where.
        refused: The places of what the policy does not let it say.
    """

    options: ScanOptions
    files: tuple[ConfigurationFile, ...]
    origins: dict[str, str]
    refused: frozenset[Span] = frozenset()


def display(path: Path, working: Path) -> str:
    """A path as messages name it."""
    return os.path.relpath(path, working).replace(os.sep, "/")
