"""What configuration files change of a scan, and what a policy does not let them change."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from iac_ec2lint.answers.configuration.entries import (
    WIDEST,
    Effective,
    assigned,
    display,
    flaw_of_range,
    hashable,
    list_of,
    named_of,
    nowhere,
    stated_of,
    texts,
    where_of,
)
from iac_ec2lint.answers.configuration.reading import ConfigurationFile, find, read
from iac_ec2lint.answers.configuration.schema import schema
from iac_ec2lint.answers.inputs import UnitInputs
from iac_ec2lint.engine.finding import Severity
from iac_ec2lint.engine.selection import named_by
from iac_ec2lint.engine.suppressions.acceptance import AcceptedError
from iac_ec2lint.source import limits
from iac_ec2lint.source.boundary import work_tree
from iac_ec2lint.source.diagnostic import Diagnostic
from iac_ec2lint.source.patterns import BasedPatterns
from iac_ec2lint.source.suppression import EVERYTHING, Suppression, flaw_of_until
from iac_ec2lint.source.tree import leads_out
from iac_ec2lint.values.known import CLOSED_GROUPS, Known, KnownFacts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import Any

    from iac_ec2lint.answers.configuration.reading import Steps
    from iac_ec2lint.answers.scan import ScanOptions
    from iac_ec2lint.declaration import UnitKind
    from iac_ec2lint.engine.finding import CheckInfo
    from iac_ec2lint.source.span import Span
    from iac_ec2lint.source.tree import Tree

_PLAIN = (
    *("strict", "branches", "region", "require-modules", "external-modules"),
    *("fail-on", "fail-on-undecided"),
)
"""Keys that are options of the command line with one value."""


_GIVES_VALUES = frozenset(
    {"inputs", "variables", "variable-files", "parameters", "parameter-files", "workspace"}
)
"""Keys of what inputs are given."""


def apply(
    options: ScanOptions,
    given: frozenset[str],
    load: Callable[[], Sequence[CheckInfo]],
    *,
    named: Path | None = None,
    policy: Path | None = None,
    search: bool = True,
    earlier: Tree | None = None,
) -> Effective:
    """The options of a scan with what configuration files add.

    What the command line gives wins over files; lists that leave something out add up.

    Args:
        options: What the command line gives.
        given: The names of the options that it gives.
        load: Gives all checks that there are; called where there is a file.
        named: The configuration file; sought where it is not given.
        policy: The file of what the configuration may not do.
        search: Whether a configuration file is sought.
        earlier: Where it and its baseline are, where that is not the tree that is scanned.
    """
    path = named or (_nearest(options) if search else None)
    if path is None and policy is None:
        return Effective(options, (), {})
    infos = load()
    files = []
    own = None
    if path is not None:
        tree = earlier if earlier is not None else options.tree if named is None else None
        own = read(path, display(path, options.working), schema(infos), tree)
        files.append(own)
    forbidden: dict[str, Any] = {}
    law = None
    if policy is not None:
        law = read(policy, display(policy, options.working), schema(infos))
        forbidden = dict(law.data.get("forbid", {}))  # type: ignore[call-overload]  # by the schema
    change = _Change(options, given, infos, earlier=earlier, law=law)
    if own is not None:
        change.take(own, forbidden)
    if law is not None:
        change.take(law, {}, binding=True)
        change.forbid(law, forbidden)
        files.append(law)
    return Effective(change.options, tuple(files), change.origins, frozenset(change.refused))


def _nearest(options: ScanOptions) -> Path | None:
    """The configuration file of what is scanned: of the working folder, if that holds it."""
    outside = [path for path in options.paths if not path.is_relative_to(options.working)]
    start = options.working
    if outside:
        start = outside[0] if options.tree.is_folder(outside[0]) else outside[0].parent
    return find(start, work_tree(start) or start, options.tree)


class _Change:
    """Options on their way to what files make of them."""

    def __init__(
        self,
        options: ScanOptions,
        given: frozenset[str],
        infos: Sequence[CheckInfo],
        *,
        earlier: Tree | None,
        law: ConfigurationFile | None = None,
    ) -> None:
        self.options = options
        self.origins: dict[str, str] = {}
        self.refused: set[Span] = set()
        self._given = given
        self._earlier = earlier
        self._law = law
        self._infos = infos

    def take(
        self, file: ConfigurationFile, forbidden: dict[str, Any], *, binding: bool = False
    ) -> None:
        """Take what a file says; ``binding``: over what the command line gives."""
        errors = [*file.errors]
        if "forbid" in file.data and not binding:
            place = file.place("forbid")
            errors.append(Diagnostic.at(place, "forbid is for --policy-config alone"))
        new: dict[str, Any] = {}
        data = file.data
        for key in _PLAIN:
            name = key.replace("-", "_")
            if key in data and (binding or name not in self._given):
                value: Any = data[key]
                new[name] = Severity(value) if key.startswith("fail-on") else value
                self._origin(file, key)
        old = self.options
        for key, name in (("select", "select"), ("compliance", "compliance")):
            if key in data and name not in self._given:
                new[name] = tuple(data[key])  # type: ignore[arg-type]  # by the schema
                self._origin(file, key)
        if "ignore" in data:
            new["ignore"] = (*old.ignore, *data["ignore"])  # type: ignore[misc]  # by the schema
            self._origin(file, "ignore")
        if "exclude" in data:
            if forbidden.get("exclude"):
                errors.append(self._refused(file, ("exclude",), "leave out paths"))
            else:
                written: Any = data["exclude"]  # texts, by the schema
                patterns = BasedPatterns.of(written, file.path.parent, old.working)
                new["excluded"] = (*old.excluded, patterns)
                self._origin(file, "exclude")
        new["severities"] = (*old.severities, *self._severities(file, forbidden, errors))
        new["settings"] = (*self._settings(file, forbidden, errors), *old.settings)
        if (said := self._reasons(file)) is not None:
            new["reasons"] = said[1]
            self._origin(said[0], "suppressions")
        new["accepted"] = (*old.accepted, *self._suppressions(file, errors))
        new["accepted_errors"] = (*old.accepted_errors, *self._accepted(file, forbidden, errors))
        data = self._without_inputs(file, forbidden, errors)
        new["stated"] = (*old.stated, *stated_of(file, data, (), errors))
        new["known"] = self._known(file, forbidden, errors)
        new["variables"] = (*texts(data.get("variables", {})), *old.variables)
        new["parameters"] = (*assigned(data.get("parameters", {})), *old.parameters)
        files = tuple(self._files(file, data, (), "variable-files", errors))
        new["var_files"] = (*files, *old.var_files)
        parameter_files = self._files(file, data, (), "parameter-files", errors)
        new["parameters"] = (*map(str, parameter_files), *new["parameters"])
        new["unit_inputs"] = (*old.unit_inputs, *self._units(file, data, errors))
        if "baseline" in data and "baseline" not in self._given:
            named = {"baseline": [data["baseline"]]}
            for path in self._files(file, named, (), "baseline", errors, self._earlier):
                with (self._earlier or old.tree).open(path) as opened:
                    text = opened.read(limits.BASELINE_BYTES).decode("utf-8", "replace")
                new["baseline"] = (display(path, old.working), text)
                self._origin(file, "baseline")
        new["configuration_errors"] = (*old.configuration_errors, *errors)
        for key in ("severity", "suppress", "paths", "accept-incomplete", "variables", "roots"):
            if key in data:
                self._origin(file, key)
        self.options = replace(old, **new)

    def forbid(self, file: ConfigurationFile, forbidden: dict[str, Any]) -> None:
        """Hold what a policy forbids against what is chosen and suppressed."""
        firm = self._codes(file, forbidden, "suppress")
        always = self._codes(file, forbidden, "ignore")
        self.options = replace(
            self.options,
            unsuppressable=self.options.unsuppressable | firm,
            always=self.options.always | always,
        )

    def _codes(
        self, file: ConfigurationFile, forbidden: dict[str, Any], key: str
    ) -> frozenset[str]:
        if not forbidden.get(key):
            return frozenset()
        try:
            return frozenset(named_by(self._infos, forbidden[key]))
        except ValueError as error:
            wrong = Diagnostic.at(file.place("forbid", key), str(error))
            errors = (*self.options.configuration_errors, wrong)
            self.options = replace(self.options, configuration_errors=errors)
            return frozenset()

    def _refused(self, file: ConfigurationFile, steps: Steps, what: str) -> Diagnostic:
        place = file.place(*steps)
        self.refused.add(place)
        return Diagnostic.at(place, f"the policy does not let this configuration {what}")

    def _origin(self, file: ConfigurationFile, key: str) -> None:
        span = file.place(key)
        self.origins[key] = f"{span.path}:{span.line}"

    def _severities(
        self, file: ConfigurationFile, forbidden: dict[str, Any], errors: list[Diagnostic]
    ) -> Iterator[tuple[str, Severity]]:
        given: Any = file.data.get("severity", {})
        firm = self._codes(file, forbidden, "lower")
        worst = {info.code: info.severity for info in self._infos}
        for code, word in given.items():
            severity = Severity(word)
            if code in firm and severity.rank > worst[code].rank:
                errors.append(
                    self._refused(file, ("severity", code), f"lower the severity of {code}")
                )
                continue
            yield code, severity

    def _settings(
        self, file: ConfigurationFile, forbidden: dict[str, Any], errors: list[Diagnostic]
    ) -> Iterator[tuple[str, object]]:
        shared = {one.name for info in self._infos for one in info.parameters if one.shared}
        for name in sorted(shared):
            key = name.replace("_", "-")
            if key in file.data:
                if forbidden.get("set"):
                    errors.append(self._refused(file, (key,), f"set {key}"))
                else:
                    yield name, hashable(file.data[key])
                    self._origin(file, key)
        checks: Any = file.data.get("checks", {})
        for code, values in checks.items():
            for name, value in values.items():
                if forbidden.get("set"):
                    errors.append(self._refused(file, ("checks", code, name), f"set {code}.{name}"))
                else:
                    yield f"{code}.{name}", hashable(value)
                    self.origins[f"{code}.{name}"] = where_of(file, ("checks", code, name))

    def _suppressions(
        self, file: ConfigurationFile, errors: list[Diagnostic]
    ) -> Iterator[Suppression]:
        entries: Any = file.data.get("suppress", [])
        for at, entry in enumerate(entries):
            yield from self._suppression(file, ("suppress", at), entry, "check", errors)
        entries = file.data.get("paths", [])
        for at, entry in enumerate(entries):
            yield from self._suppression(file, ("paths", at), entry, "ignore", errors)

    def _reasons(self, file: ConfigurationFile) -> tuple[ConfigurationFile, bool] | None:
        """Whether suppressions must have reasons, and the file that says so: first the policy."""
        for one in (self._law, file):
            said: Any = {} if one is None else one.data.get("suppressions", {})
            if "require-reason" in said:
                return one, bool(said["require-reason"])  # type: ignore[return-value]  # as above
        return None

    def _suppression(
        self,
        file: ConfigurationFile,
        steps: Steps,
        entry: dict[str, Any],
        key: str,
        errors: list[Diagnostic],
    ) -> Iterator[Suppression]:
        place = file.place(*steps)
        until = entry.get("until")
        if until is not None and (flaw := flaw_of_until(until)):
            errors.append(Diagnostic.at(file.place(*steps, "until"), flaw))
            return
        if "reason" not in entry and ((self._reasons(file) or (file, True))[1]):
            named = ".".join(map(str, steps))
            errors.append(Diagnostic.at(place, f"{named} lacks reason"))
            return
        words = list_of(entry[key])
        if key == "ignore":
            try:
                words = sorted(named_by(self._infos, words))
            except ValueError as error:
                errors.append(Diagnostic.at(file.place(*steps, key), str(error)))
                return
        base = file.path.parent
        paths = list_of(entry["path"]) if "path" in entry else []
        where = BasedPatterns.of(paths, base, self.options.working) if paths else None
        addresses = tuple(list_of(entry["address"])) if "address" in entry else EVERYTHING
        yield Suppression(
            tuple(words),
            entry.get("reason", ""),
            until,
            place,
            place,
            addresses=addresses,
            paths=where,
        )

    def _accepted(
        self, file: ConfigurationFile, forbidden: dict[str, Any], errors: list[Diagnostic]
    ) -> Iterator[AcceptedError]:
        entries: Any = file.data.get("accept-incomplete", [])
        for at, entry in enumerate(entries):
            if forbidden.get("accept-incomplete"):
                steps = ("accept-incomplete", at)
                errors.append(self._refused(file, steps, "accept that a scan is incomplete"))
                continue
            base, working = file.path.parent, self.options.working
            where = BasedPatterns.of(list_of(entry["path"]), base, working)
            yield AcceptedError(where, entry.get("message", ""), entry["reason"])

    def _known(
        self, file: ConfigurationFile, forbidden: dict[str, Any], errors: list[Diagnostic]
    ) -> KnownFacts:
        """What is known already, and what a file says besides."""
        old = self.options.known
        said: Any = file.data.get("known", {})
        if said and forbidden.get("known"):
            errors.append(self._refused(file, ("known",), "say what is known"))
            return old
        ranges = [*old.ranges]
        left = {4: 1 << 32 - WIDEST[4], 6: 1 << 128 - WIDEST[6]}
        for at, text in enumerate(said.get("ranges", [])):
            place = file.place("known", "ranges", at)
            flaw = flaw_of_range(text, left)
            if flaw:
                errors.append(Diagnostic.at(place, flaw))
            else:
                ranges.append(Known(text, place))
        return KnownFacts(
            tuple(ranges),
            (*old.private_subnets, *named_of(file, "private-subnets")),
            (
                *old.account,
                *(
                    Known(name, file.place("known", "account", at, name), tuple(regions))
                    for at, entry in enumerate(said.get("account", []))
                    for regions in [entry.get("regions", [])]
                    for name, so in entry.items()
                    if so and name != "regions"
                ),
            ),
            (
                *old.images,
                *(
                    Known(image, file.place("known", "images", image), name=name)
                    for image, name in said.get("images", {}).items()
                    if name
                ),
            ),
            (*old.closed_groups, *named_of(file, CLOSED_GROUPS)),
        )

    def _without_inputs(
        self, file: ConfigurationFile, forbidden: dict[str, Any], errors: list[Diagnostic]
    ) -> dict[str, Any]:
        """What a file says, without the values of inputs where it may not give any."""
        data: dict[str, Any] = {**file.data}
        if not forbidden.get("inputs"):
            return data

        def left(holder: dict[str, Any], steps: Steps) -> dict[str, Any]:
            given = sorted(_GIVES_VALUES & holder.keys())
            errors.extend(self._refused(file, (*steps, key), "give inputs values") for key in given)
            return {key: value for key, value in holder.items() if key not in _GIVES_VALUES}

        for key in ("roots", "templates"):
            entries = enumerate(data.get(key, []))
            data[key] = [left(entry, (key, at)) for at, entry in entries]
        return left(data, ())

    def _units(
        self, file: ConfigurationFile, data: dict[str, Any], errors: list[Diagnostic]
    ) -> Iterator[UnitInputs]:
        kinds: tuple[tuple[UnitKind, str], ...] = (("root-module", "roots"), ("stack", "templates"))
        for kind, key in kinds:
            for at, entry in enumerate(data.get(key, [])):
                steps = (key, at)
                paths = list_of(entry["path"])
                where = BasedPatterns.of(paths, file.path.parent, self.options.working)
                if self._earlier is None:
                    errors.extend(nowhere(file, steps, paths, self.options.tree))
                parameter_files = self._files(file, entry, steps, "parameter-files", errors)
                yield UnitInputs(
                    kind,
                    where,
                    variables=tuple(texts(entry.get("variables", {}))),
                    var_files=tuple(self._files(file, entry, steps, "variable-files", errors)),
                    workspace=entry.get("workspace"),
                    parameters=(
                        *map(str, parameter_files),
                        *assigned(entry.get("parameters", {})),
                    ),
                    stated=tuple(stated_of(file, entry, steps, errors)),
                )

    def _files(
        self,
        file: ConfigurationFile,
        holder: dict[str, Any],
        steps: Steps,
        key: str,
        errors: list[Diagnostic],
        tree: Tree | None = None,
    ) -> Iterator[Path]:
        """The files that an entry names: below the work tree, or the configuration's folder."""
        tree = tree or self.options.tree
        folder = file.path.parent
        top = work_tree(folder) or folder
        for at, name in enumerate(holder.get(key, [])):
            path = Path(os.path.normpath(folder / name))
            place = file.place(*steps, key, at)
            if leads_out(tree, path, top):
                errors.append(
                    Diagnostic.at(
                        place, f"{name!r} leads out of {display(top, self.options.working)}"
                    )
                )
            elif not tree.is_file(path):
                errors.append(Diagnostic.at(place, f"there is no file {name!r}"))
            else:
                yield path
