"""Finding and loading checks: built-in ones, a user's and those of installed packages alike."""

from __future__ import annotations

import importlib.util
import inspect
import os
import sys
from collections.abc import Callable, Mapping
from functools import cache
from importlib.machinery import PathFinder
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zlib import crc32

import iac_ec2lint
from iac_ec2lint.engine.check import TOPICS, Check, did_you_mean, parameters_of
from iac_ec2lint.engine.finding import CheckInfo, Severity
from iac_ec2lint.source.diagnostic import Diagnostic
from iac_ec2lint.source.regular_expression import regular_expression

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from types import ModuleType

    from iac_ec2lint.declaration import Language
    from iac_ec2lint.graph.graph import Graph
    from iac_ec2lint.resources.part import Resource

ENTRY_POINT_GROUP = "iac_ec2lint.checks"
"""Installed packages name a package of check files under this group."""

_CODE = regular_expression(r"[A-Z]{2,8}\d{3}")
_NAME = regular_expression(r"[a-z0-9]+(-[a-z0-9]+)*")


class LoadedCheck:
    """A check that can run, and what there is to know of it.

    Args:
        check: The check, or what loads it when it is first asked for.
        info: What there is to know of it.
        judges: Types of resources; where a unit declares none of them, the check has nothing to say
            of it. ``None`` where that is not known.
    """

    __slots__ = ("_check", "info", "judges")

    def __init__(
        self,
        check: Check | Callable[[], Check],
        info: CheckInfo,
        judges: frozenset[str] | None = None,
    ) -> None:
        self._check = check
        self.info = info
        self.judges = judges

    @property
    def check(self) -> Check:
        """The check itself."""
        if not isinstance(self._check, Check):
            self._check = self._check()
        return self._check

    def may_judge(self, graph: Graph) -> bool:
        """Whether there is anything in a graph that it may have something to say of."""
        return self.judges is None or not self.judges.isdisjoint(graph.types)


@cache
def builtin_folder() -> Path:
    """The folder of the built-in checks: in the package (wheel), else beside ``src`` (clone)."""
    package = Path(iac_ec2lint.__file__).parent
    inside = package / "checks"
    return inside if inside.is_dir() else package.parents[1] / "checks"


def installed_folders() -> tuple[tuple[Path, ...], tuple[Diagnostic, ...]]:
    """The folders of check files that installed packages bring, and entry points without one."""
    if not _may_be_named():
        return (), ()
    from importlib.metadata import entry_points  # see metadata_folders

    found: list[Path] = []
    problems: list[Diagnostic] = []
    for entry in sorted(entry_points(group=ENTRY_POINT_GROUP), key=lambda e: e.value):
        try:
            spec = importlib.util.find_spec(entry.module)
        except Exception as error:  # noqa: BLE001 - the package above it is run, and may raise anything
            spec, why = None, f": {type(error).__name__}: {error}"
        else:
            why = ""
        places = spec.submodule_search_locations if spec is not None else None
        found.extend(Path(place) for place in places or ())
        if not places:
            message = f"the entry point {entry.name} of {entry.group} names no package{why}"
            problems.append(Diagnostic.of_file(entry.value, message))
    return tuple(found), tuple(problems)


def _may_be_named() -> bool:
    """Whether any installed package may have entry points of the group."""
    folders = metadata_folders()
    if folders is None:
        return True
    return any(map(_names_checks, folders))


@cache  # another version of a package has another folder
def _names_checks(folder: Path) -> bool:
    try:
        return ENTRY_POINT_GROUP.encode() in (folder / "entry_points.txt").read_bytes()
    except OSError:
        return False


def metadata_folders() -> list[Path] | None:
    """The folders in which installed packages describe themselves.

    ``importlib.metadata`` finds and reads them as well, and to import it takes a fifth of the time
    that loading all checks does. ``None`` where it knows more: of archives, and by the finders of
    other tools (Python Packaging User Guide, "Recording installed projects").
    """
    finders = [one for one in sys.meta_path if hasattr(one, "find_distributions")]
    if finders != [PathFinder]:
        return None
    found: list[Path] = []
    for place in sys.path:
        try:
            names = os.listdir(place or ".")  # noqa: PTH208 - names alone are needed, of hundreds
        except NotADirectoryError:
            return None
        except OSError:
            continue
        if any(name.endswith(".egg") for name in names):
            return None
        found += [Path(place, n) for n in names if n.endswith((".dist-info", ".egg-info"))]
    return found


def load(
    folders: Iterable[Path], known: Iterable[LoadedCheck] = ()
) -> tuple[tuple[LoadedCheck, ...], tuple[Diagnostic, ...]]:
    """The checks of some folders, by code, and what kept others from being loaded.

    Args:
        folders: Every ``*.py`` below them, in any depth, is a file of checks. A code that an
            earlier folder has is taken.
        known: Checks that there are before those.
    """
    loaded = {one.info.code: one for one in known}
    names = {one.info.name for one in loaded.values()}
    problems: list[Diagnostic] = []
    for folder in folders:
        for file in sorted(folder.rglob("*.py"), key=str):
            module = _module(module_name(folder, file), file)
            if isinstance(module, Diagnostic):
                problems.append(module)
                continue
            for kind in _checks_in(module):
                problem = _flaw(kind, file) or _clash(kind, file, loaded, names)
                if problem is not None:
                    problems.append(problem)
                    continue
                loaded[kind.code] = LoadedCheck(kind(), describe(kind, file))
                names.add(kind.name)
    return tuple(loaded[code] for code in sorted(loaded)), tuple(problems)


@cache
def describe(kind: type[Check], file: Path) -> CheckInfo:
    """What a finding, and a reader, need to know of a check's class."""
    return described(
        file,
        code=kind.code,
        name=kind.name,
        severity=kind.severity,
        documentation=documentation(kind, file),
        default=kind.default,
        supersedes=kind.supersedes,
        accepted_with_rules=kind.accepted_with_rules,
        asks=() if kind.asks is None else tuple(kind.asks.words(kind.code)),
        since=kind.since,
        types=_types(kind, kind.types),
        supplied_by=_types(kind, kind.supplied_by),
        parameters=tuple(found.info for found in parameters_of(kind).values()),
        compliance={**_named_elsewhere("compliance", kind.code), **kind.compliance},
        peers={**_named_elsewhere("peers", kind.code), **kind.peers},
    )


def _named_elsewhere(among: str, code: str) -> dict[str, tuple[str, ...]]:
    """What frameworks (``compliance``) or other programs (``peers``) call what a check finds."""
    from iac_ec2lint.facts import facts  # a scan has it of the index of the checks

    rows = facts("named_elsewhere")[among].items()
    return {name: tuple(by_code[code]) for name, by_code in rows if code in by_code}


def described(file: Path, *, code: str, documentation: str, **stated: Any) -> CheckInfo:
    """What there is to know of a check, with what follows from its code, its text and its file."""
    family = code.rstrip("0123456789")
    return CheckInfo(
        code=code,
        summary=documentation.strip().split("\n", 1)[0],
        documentation=documentation,
        url=_page(code) if _is_own(file) else "",
        family=family,
        topic=TOPICS.get(family, ""),
        path=str(file),
        **stated,
    )


def run(file: Path, name: str) -> ModuleType:
    """Run a file of checks as a module of a name, once.

    Raises:
        Exception: Whatever the file raises.
    """
    if name in sys.modules:
        return sys.modules[name]
    spec = importlib.util.spec_from_file_location(name, file)
    if spec is None or spec.loader is None:
        raise ImportError("it cannot be loaded as a check")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise
    return module


def module_name(folder: Path, file: Path) -> str:
    """The name of the module that a file of a folder of checks is run as."""
    unique = f"iac_ec2lint_checks_{crc32(str(folder).encode())}"
    return (unique + str(file)[len(str(folder)) : -len(".py")]).replace(os.sep, "_")


def documentation(kind: type[Check], file: Path) -> str:
    """The docstring of a check's class: from its file where Python drops docstrings (``-OO``).

    Without its margin, which Python itself takes away from 3.13 on.
    """
    if kind.__doc__ or not sys.flags.optimize:
        return inspect.cleandoc(kind.__doc__ or "")
    import ast  # costs start-up time

    text = _text_of(file) or ""
    for node in ast.parse(text).body:
        if isinstance(node, ast.ClassDef) and node.name == kind.__name__:
            return ast.get_docstring(node) or ""
    return ""


def _is_own(file: Path) -> bool:
    return str(file).startswith(_own_folders())


@cache
def _own_folders() -> tuple[str, ...]:
    own = (builtin_folder(), Path(__file__).parent)
    return tuple(f"{folder}{os.sep}" for folder in own)


def _types(
    kind: type[Check], classes: tuple[type[Resource] | str, ...]
) -> dict[Language, tuple[str, ...]]:
    """How classes are spelled, by the languages of a check; none of one that has none of them.

    What is a text is one of Terraform's types itself.
    """
    single = {one for one in classes if isinstance(one, str)}
    whole = [one for one in classes if not isinstance(one, str)]
    spelled: dict[Language, tuple[str, ...]] = {
        "terraform": tuple(sorted(single.union(*(one.terraform for one in whole)))),
        "cloudformation": tuple(sorted({n for one in whole for n in one.cloudformation})),
    }
    return {
        language: names
        for language, names in spelled.items()
        if names and language in kind.languages
    }


def configure(
    loaded: Iterable[LoadedCheck], settings: Iterable[tuple[str, object]]
) -> tuple[LoadedCheck, ...]:
    """Checks with what users have set of their parameters: new instances of those it is set for.

    Args:
        loaded: The checks.
        settings: Names and values: ``SG004.allowed_ports`` of one check, by its code or name, and
            ``trusted_accounts`` of all checks that share it. Of equal names the last counts, and
            one check's own before what it shares.

    Raises:
        ValueError: A name is none of a parameter, or a value is none that it takes.
    """
    checks = tuple(loaded)
    by_word = {word: one for one in checks for word in (one.info.code.lower(), one.info.name)}
    own: dict[str, dict[str, object]] = {}
    shared: dict[str, dict[str, object]] = {}
    for name, value in settings:
        word, dot, parameter = name.rpartition(".")
        if dot:
            meant = [by_word[word.lower()]] if word.lower() in by_word else []
        else:
            meant = [c for c in checks for p in c.info.parameters if p.shared and p.name == name]
        if not meant:
            raise ValueError(_no_such(name, word if dot else "", checks))
        for one in meant:
            (own if dot else shared).setdefault(one.info.code, {})[parameter] = value
    return tuple(
        LoadedCheck(type(one.check)(values), one.info, one.judges)
        if (values := {**shared.get(one.info.code, {}), **own.get(one.info.code, {})})
        else one
        for one in checks
    )


def _no_such(name: str, word: str, checks: Iterable[LoadedCheck]) -> str:
    """That a setting's check, or its shared parameter, is none; and what may have been meant."""
    if word:
        words = [word for one in checks for word in (one.info.code, one.info.name)]
        hint = did_you_mean(word, words) or "see 'iac-ec2lint checks'"
        return f"no check is called {word!r}; {hint}"
    parameters = [(one.info.code, found) for one in checks for found in one.info.parameters]
    shared = sorted({found.name for _, found in parameters if found.shared})
    own = [f"{code}.{found.name}" for code, found in parameters if found.name == name]
    hint = f"write {' or '.join(own)}" if own else did_you_mean(name, shared)
    hint = hint or f"there are {', '.join(shared)}"
    return f"no shared parameter is called {name!r}; {hint}"


@cache
def project_url() -> str:
    """The project's address, as its package states it; empty where it is not installed."""
    stated = _stated_addresses()
    addresses: dict[str, str] = dict(entry.split(", ", 1) for entry in stated)
    return addresses.get("Homepage", "")


def _stated_addresses() -> list[str]:
    """The entries of ``Project-URL`` in the package's metadata (Core metadata specifications)."""
    folders = metadata_folders()
    if folders is not None:
        own = [folder for folder in folders if folder.name.startswith("iac_ec2lint")]
        if not own:
            return []
        text = _text_of(own[0] / "METADATA")
        if text is not None:
            head = text.partition("\n\n")[0].splitlines()
            mark = "Project-URL: "
            return [line.removeprefix(mark) for line in head if line.startswith(mark)]
    from importlib.metadata import PackageNotFoundError, metadata  # see metadata_folders

    try:
        return metadata("iac-ec2lint").get_all("Project-URL") or []
    except PackageNotFoundError:
        return []


def _text_of(file: Path) -> str | None:
    try:
        return file.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        return None


def _page(code: str) -> str:
    home = project_url()
    return f"{home}/blob/main/docs/checks/{code}.md" if home else ""


def _module(name: str, file: Path) -> ModuleType | Diagnostic:
    try:
        return run(file, name)
    except SyntaxError as error:
        where = str(error.filename or file)
        return Diagnostic(where, error.lineno or 0, error.offset or 0, f"syntax error: {error.msg}")
    except Exception as error:  # noqa: BLE001 - a user's file may raise anything when it is loaded
        from traceback import extract_tb  # rarely needed

        own = str(file.absolute())
        frames = [f for f in extract_tb(error.__traceback__) if f.filename == own]
        line = frames[-1].lineno if frames else 0
        return Diagnostic(
            str(file), line or 0, 1, f"the check cannot be loaded: {type(error).__name__}: {error}"
        )


def _checks_in(module: ModuleType) -> Iterator[type[Check]]:
    for kind in vars(module).values():
        if (
            isinstance(kind, type)
            and kind.__module__ == module.__name__  # first: most are imported, and no checks
            and issubclass(kind, Check)
            and not inspect.isabstract(kind)
        ):
            yield kind


def _flaw(kind: type[Check], file: Path) -> Diagnostic | None:
    """What a check's class lacks, at the line where the class begins."""
    if not _CODE.fullmatch(str(getattr(kind, "code", ""))):
        problem = "code must be a family's prefix and three digits, such as SG001"
    elif not _NAME.fullmatch(str(getattr(kind, "name", ""))):
        problem = "name must be lower case with hyphens, such as ssh-open-to-internet"
    elif not isinstance(getattr(kind, "severity", None), Severity):
        problem = "severity must be a Severity"
    elif not isinstance(getattr(kind, "since", None), str):
        problem = "since must be the version that first has it"
    elif not documentation(kind, file):
        problem = "the class needs a docstring: it is the check's documentation"
    elif not all(_is_mapping(found) for found in (kind.compliance, kind.peers)):
        problem = "compliance and peers must be maps from names to tuples of texts"
    else:
        return None
    return _problem(kind, file, problem)


def _is_mapping(found: object) -> bool:
    return isinstance(found, Mapping) and all(
        isinstance(name, str)
        and isinstance(words, tuple)
        and all(isinstance(w, str) for w in words)
        for name, words in found.items()
    )


def _clash(
    kind: type[Check], file: Path, loaded: dict[str, LoadedCheck], names: set[str]
) -> Diagnostic | None:
    if kind.code in loaded:
        return _problem(kind, file, f"{kind.code} is taken by {loaded[kind.code].info.path}")
    if kind.name in names:
        return _problem(kind, file, f"the name {kind.name} is taken")
    return None


def _problem(kind: type[Check], file: Path, problem: str) -> Diagnostic:
    try:
        line = inspect.getsourcelines(kind)[1]
    except (OSError, TypeError):
        line = 1
    return Diagnostic(str(file), line, 1, f"{kind.__name__}: {problem}")
