"""Plans as JSON: ``terraform show -json PLAN`` and ``tofu show -json PLAN``, read from a file.

Source: "JSON Output Format" of Terraform (format version 1.2) and of OpenTofu, which is the same.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from iac_ec2lint.document import json_text
from iac_ec2lint.document.wording import shorten
from iac_ec2lint.source import limits
from iac_ec2lint.source.collection import collection_paused
from iac_ec2lint.source.diagnostic import Diagnostic
from iac_ec2lint.source.files import decode, no_text
from iac_ec2lint.source.limits import few_frames
from iac_ec2lint.source.marks import SAVED_PLAN, plain
from iac_ec2lint.source.span import SourceText
from iac_ec2lint.terraform.instance_keys import key_text
from iac_ec2lint.values import json_number

if TYPE_CHECKING:
    from pathlib import Path

    from iac_ec2lint.source.files import Files

Json = Any
"""What ``json`` makes of a plan: nothing in it is certain to exist, or to have the right type."""

Malformed = Callable[[str, str], None]
"""Told a part of a plan that is not as Terraform writes it, and what is wrong with it."""

Key = str | int | None
"""An instance key: of ``for_each``, of ``count``, or none."""

HEAD_BYTES = 4096
"""The bytes that suffice to recognize a plan as Terraform writes it: the version comes first."""

_FAULTS = 20
_MAJORS = ("0", "1")
_STEP = re.compile(r'module\.([^.\[\]"]+)(?:\["((?:[^"\\]|\\.)*)"\]|\[(\d+)\])?(?:\.|$)', re.DOTALL)
_FIRST_KEY = re.compile(rb'\s*\{\s*"format_version"\s*:')
_HALF = re.compile(r"\\u[dD][89a-fA-F]")
_GONE = frozenset({"delete", "forget"})


class PlannedInstance(NamedTuple):
    """A resource instance as it will be once the plan is applied.

    Attributes:
        address: Its full address.
        module: The address of the module instance that it is in; empty for the root module.
        mode: ``resource`` or ``data``.
        type: Its type, without ``data.``.
        name: Its name.
        key: Its instance key.
        values: The known values of its attributes and nested blocks.
        unknown: The same shape, with ``True`` for what is known after apply.
        sensitive: The same shape, with ``True`` for what must not be shown.
        exists: Whether it exists already, so that attributes that are not written are known from
            AWS.
        deferred: Whether the plan defers it to a later one, so that the number of instances is
            unknown.
    """

    address: str
    module: str
    mode: str
    type: str
    name: str
    key: Key
    values: dict[str, Json]
    unknown: Json
    sensitive: Json
    exists: bool
    deferred: bool

    @property
    def kind(self) -> str:
        """Its type as in declarations: ``data.aws_ami`` for a data source."""
        return f"data.{self.type}" if self.mode == "data" else self.type

    @property
    def block(self) -> str:
        """The address of its block: without its own instance key."""
        prefix = f"{self.module}." if self.module else ""
        return f"{prefix}{self.kind}.{self.name}"


class PlanFile:
    """The content of a plan, as far as it is used.

    Attributes:
        path: The file, as messages name it.
        text: Its text.
        instances: The resource instances that will exist, by address.
        configuration: The configuration that it was made from.
        variables: The values of the root module's variables.
        outputs: The values of its outputs, as far as they are known.
        diagnostics: Its errors.
    """

    __slots__ = (
        "configuration",
        "diagnostics",
        "instances",
        "outputs",
        "path",
        "text",
        "variables",
    )

    def __init__(self, path: str, text: str, plan: dict[str, Json]) -> None:
        self.path = path
        self.text = text
        self.configuration = mapping(plan.get("configuration"))
        self.variables: dict[str, Json] = {
            name: mapping(variable).get("value")
            for name, variable in mapping(plan.get("variables")).items()
        }
        planned = mapping(plan.get("planned_values"))
        self.outputs: dict[str, Json] = {
            name: mapping(output).get("value")
            for name, output in mapping(planned.get("outputs")).items()
        }
        self.diagnostics: list[Diagnostic] = []
        if plan.get("errored") is True:
            message = "it is the plan of a run that failed, so resources may be missing from it"
            self.diagnostics.append(Diagnostic.of_file(path, message))
        self.instances = _instances(plan, self._malformed)

    def _malformed(self, where: str, what: str) -> None:
        """Report a part of the plan that is not as Terraform writes it, so that it is not read."""
        if len(self.diagnostics) < _FAULTS:
            message = f"{where} {what}, so it is not read; make the plan's JSON anew"
            self.diagnostics.append(Diagnostic(self.path, 1, 1, message))


def mapping(value: Json) -> dict[str, Json]:
    """A JSON object; an empty one in place of anything else."""
    return value if isinstance(value, dict) else {}


def sequence(value: Json) -> list[Json]:
    """A JSON array; an empty one in place of anything else."""
    return value if isinstance(value, list) else []


def string(value: Json) -> str:
    """A JSON string; an empty one in place of anything else."""
    return value if isinstance(value, str) else ""


def looks_like_plan(head: bytes) -> bool:
    """Whether a file that begins with ``head`` is a plan, or a similar output of Terraform."""
    return _FIRST_KEY.match(plain(head)) is not None


def near_miss(head: bytes) -> str | None:
    """What a file that begins with ``head`` is, if it is nearly a plan, in words; else ``None``."""
    text = plain(head).lstrip()
    if head.startswith(b"PK\x03\x04"):
        return SAVED_PLAN
    if text.startswith(b'{"@level"'):
        return (
            "it is the log of `terraform plan -json`; scan what `terraform show -json PLAN` gives"
        )
    return None


def read_plan(path: Path, files: Files) -> PlanFile | Diagnostic:
    """Read a plan.

    Args:
        path: The file.
        files: The files that may be read.

    Returns:
        The plan, or a diagnostic that says why it cannot be read: it is too large, not JSON,
        truncated, of an unsupported format version, or not a plan.
    """
    raw = files.read_bytes(path, limits.PLAN_BYTES)
    if isinstance(raw, Diagnostic):
        return raw
    name = files.display(path)
    if len(raw) > limits.PLAN_BYTES:  # the size of standard input is unknown until it is read
        message = f"it has {len(raw)} bytes; at most {limits.PLAN_BYTES} are read"
        return Diagnostic.of_file(name, message)
    if raw.count(b"[") + raw.count(b"{") > limits.PLAN_BRACKETS:
        message = f"more than {limits.PLAN_BRACKETS} lists and objects are not read"
        return Diagnostic.of_file(name, message)
    text = decode(raw)
    if text is None:
        return no_text(name, raw)
    del raw
    plan = _parse(name, text)
    if isinstance(plan, Diagnostic):
        return plan
    problem = _problem(plan)
    return Diagnostic.of_file(name, problem) if problem else PlanFile(name, text, plan)


def _parse(name: str, text: str) -> Json:
    try:
        with few_frames(), collection_paused():
            plan = json.loads(text, parse_float=json_number, object_pairs_hook=_object)
            return _without_halves(plan) if _HALF.search(text) else plan
    except _RepeatedError as error:
        message = f'the key "{shorten(error.args[0])}" is written twice, which Terraform never does'
        return Diagnostic.of_file(name, message)
    except RecursionError:
        message = f"more than {limits.NESTING} levels of nesting are not read"
        return Diagnostic.of_file(name, message)
    except OverflowError as error:
        return Diagnostic.of_file(name, str(error))
    except ValueError:
        # The place of an error is searched for only where there is one.
        fault = json_text.check(SourceText(name, text))
        return fault or Diagnostic.of_file(name, "it is not JSON")


class _RepeatedError(Exception):
    """A key is written twice in one object."""


def _object(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    found = dict(pairs)
    if len(found) != len(pairs):
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                raise _RepeatedError(key)
            seen.add(key)
    return found


def _without_halves(value: Json) -> Json:
    """The same without halves of surrogate pairs, which cannot be written out again."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, list):
        return [_without_halves(element) for element in value]
    if isinstance(value, dict):
        return {_without_halves(k): _without_halves(member) for k, member in value.items()}
    return value


NO_PLAN = "it is not a plan"
"""What the message begins with where JSON is something else."""


def _problem(plan: Json) -> str:
    """Why JSON is not a plan that can be read; empty where it is one."""
    if not isinstance(plan, dict):
        return f"{NO_PLAN}: it is no JSON object"
    version = plan.get("format_version")
    if not isinstance(version, str):
        return f'{NO_PLAN}: it has no "format_version"'
    if version.partition(".")[0] not in _MAJORS:
        return f'plans of format version "{version[:20]}" are not read; 1.x is'
    if "planned_values" not in plan and "resource_changes" not in plan:
        if "values" in plan or plan.keys() == {"format_version"}:
            return f"{NO_PLAN}: it is Terraform's state"
        if "provider_schemas" in plan:
            return f"{NO_PLAN}: it is the schemas of providers"
        if "configuration" not in plan:
            return f'{NO_PLAN}: it has neither "planned_values" nor "resource_changes"'
    return ""


def _instances(plan: dict[str, Json], malformed: Malformed) -> dict[str, PlannedInstance]:
    """The resource instances that will exist: those that change, and those that stay."""
    found: dict[str, PlannedInstance] = {}
    gone: set[str] = set()
    for key, deferred in (("resource_changes", False), ("deferred_changes", True)):
        entries = plan.get(key)
        if not isinstance(entries, list | None):
            malformed(key, "is no list")
        for at, entry in enumerate(sequence(entries)):
            change = mapping(entry).get("resource_change") if deferred else entry
            where = f"{key}[{at}]"
            if (fault := _fault(change, found)) is not None:
                malformed(where, fault)
            else:
                _add_change(mapping(change), found, gone, deferred=deferred)
    planned = plan.get("planned_values")
    if not isinstance(planned, dict | None) or not isinstance(
        mapping(planned).get("root_module"), dict | None
    ):
        malformed("planned_values", "has no module as its root")
    for resource, module in _state(mapping(planned).get("root_module"), malformed):
        address = string(resource.get("address"))
        if address and address not in found and address not in gone:
            found[address] = _of_state(resource, address, module)
    # Data sources that were read while planning are only in the prior state.
    prior = mapping(mapping(plan.get("prior_state")).get("values"))
    for resource, module in _state(prior.get("root_module")):
        address = string(resource.get("address"))
        if resource.get("mode") == "data" and address and address not in found:
            found[address] = _of_state(resource, address, module)
    return found


def _fault(entry: Json, found: dict[str, PlannedInstance]) -> str | None:
    """What is not as Terraform writes it in an entry for a change; ``None`` where all is."""
    if not isinstance(entry, dict):
        return "is no object"
    missing = [key for key in ("address", "type", "name") if not string(entry.get(key))]
    change = entry.get("change")
    if missing:
        return f"has no {missing[0]}"
    if not isinstance(change, dict) or not isinstance(change.get("actions"), list):
        return "has no change with its actions"
    if "deposed" in entry:
        return None
    if entry["address"] in found:
        return f"is the second for {shorten(entry['address'])}"
    actions = {string(action) for action in change["actions"]}
    if not (actions and actions <= _GONE) and not isinstance(change.get("after"), dict):
        return "has no object after the change"
    return None


def _add_change(
    entry: dict[str, Json], found: dict[str, PlannedInstance], gone: set[str], *, deferred: bool
) -> None:
    change = mapping(entry.get("change"))
    address = string(entry.get("address"))
    if not address or "deposed" in entry:
        return
    actions = {string(action) for action in sequence(change.get("actions"))}
    if actions and actions <= _GONE:
        gone.add(address)
        return
    found.setdefault(
        address,
        PlannedInstance(
            address,
            string(entry.get("module_address")),
            "data" if entry.get("mode") == "data" else "resource",
            string(entry.get("type")),
            string(entry.get("name")),
            _key(entry.get("index")),
            mapping(change.get("after")),
            change.get("after_unknown"),
            change.get("after_sensitive"),
            isinstance(change.get("before"), dict),
            deferred,
        ),
    )


def _of_state(resource: dict[str, Json], address: str, module: str) -> PlannedInstance:
    return PlannedInstance(
        address,
        module,
        "data" if resource.get("mode") == "data" else "resource",
        string(resource.get("type")),
        string(resource.get("name")),
        _key(resource.get("index")),
        mapping(resource.get("values")),
        None,
        resource.get("sensitive_values"),
        exists=True,
        deferred=False,
    )


def _key(index: Json) -> Key:
    return index if isinstance(index, str | int) and not isinstance(index, bool) else None


def _state(root: Json, malformed: Malformed | None = None) -> Iterator[tuple[dict[str, Json], str]]:
    """Each resource of a module and those below, with the address of the module it is in."""
    pending = [mapping(root)]
    while pending:
        module = pending.pop()
        address = string(module.get("address"))
        for key in ("resources", "child_modules"):
            members = module.get(key)
            well = isinstance(members, list | None) and all(
                isinstance(member, dict) for member in members or ()
            )
            if malformed is not None and not well:
                malformed(
                    f"planned_values: {key} of {address or 'the root module'}", "are no objects"
                )
        for resource in sequence(module.get("resources")):
            if malformed is not None and not _is_whole(mapping(resource)):
                named = shorten(string(mapping(resource).get("address")) or "one")
                malformed(f"planned_values: {named}", "has no address, type or values")
            yield mapping(resource), address
        pending.extend(mapping(child) for child in reversed(sequence(module.get("child_modules"))))


def _is_whole(resource: dict[str, Json]) -> bool:
    named = all(string(resource.get(key)) for key in ("address", "type", "name"))
    return named and isinstance(resource.get("values"), dict | None)


def module_steps(address: str) -> tuple[tuple[str, Key], ...] | None:
    """The calls that a module instance's address names, each with its key; ``None`` if none."""
    steps: list[tuple[str, Key]] = []
    at = 0
    while at < len(address):
        found = _STEP.match(address, at)
        if found is None:
            return None
        key: Key = None
        if found[2] is not None:
            key = unescape(found[2])
        elif found[3] is not None:
            key = int(found[3]) if len(found[3]) < 20 else None
        steps.append((found[1], key))
        at = found.end()
    return tuple(steps)


def module_address(steps: tuple[tuple[str, Key], ...]) -> str:
    """The address of a module instance."""
    return ".".join(f"module.{name}{key_text(key)}" for name, key in steps)


def unescape(text: str) -> str:
    """The text of a string literal in an address."""
    if "\\" not in text:
        return text
    try:
        read = json.loads(f'"{text}"')
    except ValueError:
        return text
    return read if isinstance(read, str) else text
