"""Measures the tests: how many small changes of the code do they notice?

    pip install -e '.[dev,mutants]'
    python benchmarks/mutants.py record [--data mutants.coverage] [TESTS]
    python benchmarks/mutants.py run [--data mutants.coverage] [--sample 300] [--seed 1] [--jobs 2]

``record`` runs the fast set once and keeps which of its tests run which line; TESTS, where they
are given, are added to what is kept. The slow tests are left out: each of the sweeps runs nearly
all lines, and takes long. So what stands below as noticed is noticed by the fast set.

``run`` draws a sample of places in the rooms below; changes one at a time, as Cosmic Ray does
(operators, comparisons, numbers, conditions, loops); and runs tests that run the changed line,
until one fails that passes without the change. A place is drawn by what its line says, so that the
same seed draws nearly the same after an edit elsewhere. A change that none of the tests notices is
printed. Those that change nothing (annotations) are not drawn; those that are known to come to the
same stand in ``equivalent_mutants.json``, with the reason.
"""

from __future__ import annotations

import argparse
import ast
import difflib
import hashlib
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import warnings
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from mutant_runner import WORK, MadeOnImportError, Outcome, Trial, changed_functions

ROOT = Path(__file__).parents[1]
SOURCE = Path("src") / "iac_ec2lint"
ROOMS = ("network", "iam", "terraform", "cloudformation", "hcl", "attack")
TESTS_A_MUTANT = 600
"""At most so many tests are tried of those that run a line: those first that run the least else."""
FIRST_ROUND = 40
"""Where pytest is started for one change: so many first, for these are in few files."""
_SKIPPED = ("NoOp", "RemoveDecorator", "VariableInserter", "VariableReplacer")
_EQUIVALENT = Path(__file__).with_name("equivalent_mutants.json")


class Mutant(NamedTuple):
    """One change of one file, of which ``before`` and ``after`` are the changed line."""

    path: str
    line: int
    before: str
    after: str
    code: str


def record(data: Path, tests: list[str]) -> int:
    """Run the fast set, and keep which of its tests run which line; or add what some tests run."""
    rooms = [f"--cov=iac_ec2lint.{room}" for room in ROOMS]
    arguments = [*rooms, "--cov-context=test", "--cov-report=", "-q"]
    arguments += ["--cov-append", "-m", "", *tests] if tests else ["-m", "not slow"]
    environment = {**os.environ, "COVERAGE_FILE": str(data)}
    command = [sys.executable, "-m", "pytest", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode


def sample(size: int, seed: int) -> Iterator[Mutant]:
    """Draw changes, each at another place."""
    from cosmic_ray.ast import ast_nodes, get_ast
    from cosmic_ray.mutating import mutate_code
    from cosmic_ray.plugins import get_operator, operator_names

    names = [n for n in operator_names() if not any(skipped in n for skipped in _SKIPPED)]
    operators: dict[str, Any] = {name: get_operator(name)() for name in sorted(names)}
    trees = {name: list(ast_nodes(get_ast((ROOT / name).read_text()))) for name in _sources()}
    texts = {name: nodes[0].get_code() for name, nodes in trees.items()}
    places: dict[tuple[str, int, int], list[Any]] = defaultdict(list)
    for name, nodes in trees.items():
        for node in nodes:
            places[(name, *node.start_pos)].append(node)
    order = {place: _draw(seed, place, texts[place[0]]) for place in places}
    for place in sorted(places, key=lambda place: order[place]):
        if size == 0:
            return
        possible = [
            (operator, node, number)
            for node in places[place]
            for operator, kind in operators.items()
            for number, _ in enumerate(kind.mutation_positions(node))
        ]
        if not possible:
            continue
        operator, changed, number = possible[int(order[place], 16) % len(possible)]
        kind, text = operators[operator], texts[place[0]]
        nodes = trees[place[0]]
        before = nodes[: next(at for at, node in enumerate(nodes) if node is changed)]
        occurrence = number + sum(1 for node in before for _ in kind.mutation_positions(node))
        code = mutate_code(text, kind, occurrence)
        if code is not None and _meaning(code) not in (None, _meaning(text)):
            size -= 1
            yield _mutant(place[0], text, code)


def _draw(seed: int, place: tuple[str, int, int], text: str) -> str:
    """A number that hangs on what a line says and how often above, not on where it stands."""
    path, number, column = place
    lines = _lines(text)
    line = lines[number - 1] if number <= len(lines) else ""
    told = f"{seed} {path} {line} {lines[: number - 1].count(line)} {column}"
    return hashlib.sha256(told.encode()).hexdigest()


@cache
def _lines(text: str) -> list[str]:
    return text.splitlines()


def _sources() -> list[str]:
    return [
        str(path.relative_to(ROOT))
        for room in ROOMS
        for path in sorted((ROOT / SOURCE / room).rglob("*.py"))
    ]


def _meaning(code: str) -> str | None:
    """What a module says, without annotations; ``None`` where it is no Python any more.

    Neither is what Python itself warns of: ``is`` with a literal, which the linter refuses.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", SyntaxWarning)
            tree = ast.parse(code)
            compile(code, "changed", "exec")
    except SyntaxError:
        return None
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            node.returns = None
        elif isinstance(node, ast.arg):
            node.annotation = None
        elif isinstance(node, ast.AnnAssign):
            node.annotation = ast.Constant(None)
    return ast.dump(tree)


def _mutant(path: str, text: str, code: str) -> Mutant:
    old, new = text.splitlines(), code.splitlines()
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    first = next(block for block in matcher.get_opcodes() if block[0] != "equal")
    _, start, end, new_start, new_end = first
    before, after = " ".join(old[start:end]).strip(), " ".join(new[new_start:new_end]).strip()
    return Mutant(path, start + 1, before, after, code)


class Recorded:
    """Which tests run which line, as ``record`` has kept it (coverage's documented schema)."""

    def __init__(self, data: Path) -> None:
        database = sqlite3.connect(f"file:{data}?mode=ro", uri=True)
        paths = {
            number: str(Path(path).relative_to(ROOT))
            for number, path in database.execute("select id, path from file")
        }
        tests = {
            number: context.rpartition("|")[0]
            for number, context in database.execute("select id, context from context")
        }
        self._runs: dict[str, list[tuple[str, int]]] = defaultdict(list)
        self._size: Counter[str] = Counter()
        for file, context, numbits in database.execute(
            "select file_id, context_id, numbits from line_bits"
        ):
            if tests[context]:
                lines = int.from_bytes(numbits, "little")
                self._runs[paths[file]].append((tests[context], lines))
                self._size[tests[context]] += lines.bit_count()

    def tests(self, path: str, lines: Iterable[int]) -> list[str]:
        """The tests that run one of the lines: those first that run the least else."""
        wanted = sum(1 << line for line in set(lines))
        found = {test for test, ran in self._runs[path] if ran & wanted}
        return sorted(found, key=lambda test: (self._size[test], test))


def _statement(text: str, line: int) -> ast.AST:
    """The smallest statement, or head of one, that a line is in."""
    found: ast.AST = ast.Module([], [])
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.stmt) and node.lineno <= line <= (node.end_lineno or 0):
            found = node
    return found


def _head(statement: ast.AST) -> range:
    """The lines of a statement without the statements in it."""
    first, last = statement.lineno, statement.end_lineno  # type: ignore[attr-defined]  # a statement's
    inner = [s.lineno for s in ast.walk(statement) if isinstance(s, ast.stmt) and s.lineno > first]
    return range(first, min([last + 1, *inner]))


def tests_of(mutant: Mutant, texts: dict[str, str], recorded: Recorded) -> tuple[list[str], bool]:
    """The tests that run what is changed, and whether that is made where its module is loaded.

    What is loaded is run by all tests alike; those count that run a line with its name.
    """
    text = texts[mutant.path]
    statement = _statement(text, mutant.line)
    try:
        changed_functions(text, mutant.code, mutant.path)
    except MadeOnImportError:
        name = re.compile(rf"\b{re.escape(_name(statement))}\b")
        found: set[str] = set()
        order: list[str] = []
        for path, other in texts.items():
            lines = [n for n, line in enumerate(_lines(other), 1) if name.search(line)]
            if lines:
                order += [t for t in recorded.tests(path, lines) if t not in found]
                found.update(order)
        return order, True
    exact = recorded.tests(mutant.path, [mutant.line])
    return exact or recorded.tests(mutant.path, _head(statement)), False


def _name(statement: ast.AST) -> str:
    """The name that a statement outside functions gives to something."""
    if isinstance(statement, ast.FunctionDef | ast.ClassDef):
        return statement.name
    names = [n.id for n in ast.walk(statement) if isinstance(n, ast.Name) and _is_set(n)]
    return names[0] if names else "import"


def _is_set(name: ast.Name) -> bool:
    return isinstance(name.ctx, ast.Store)


def _try(trials: list[Trial], copy: Path) -> list[Outcome]:
    """What came of trials in a copy of the tree; less than all where pytest itself broke down."""
    work = copy / "work.json"
    results = work.with_suffix(".results")
    results.unlink(missing_ok=True)
    work.write_text(json.dumps(trials))
    path = os.pathsep.join([str(copy / "src"), str(Path(__file__).parent)])
    environment = {**os.environ, WORK: str(work), "PYTHONPATH": path}
    options = ["-q", "-n", "0", "-p", "no:cacheprovider", "-p", "mutant_runner"]
    options += ["-m", "", "--hypothesis-seed=0"]
    files = sorted({test.partition("::")[0] for trial in trials for test in trial.tests})
    command = [sys.executable, "-m", "pytest", *options, *files]
    subprocess.run(
        command,
        check=False,
        cwd=copy,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    if not results.exists():
        return []
    return [Outcome(*json.loads(line)) for line in results.read_text().splitlines()]


def _try_on_disk(trial: Trial, copy: Path) -> Outcome:
    """What came of a change that is made where its module is loaded."""
    changed = copy / trial.path
    tests, done = trial.tests, 0
    anyway: list[str] = []
    while tests:
        chosen = tests[: FIRST_ROUND if not done else None]
        alike = trial._replace(new=trial.old, tests=chosen)
        changed.write_text(trial.new)
        try:
            found = _try([alike], copy)
        finally:
            changed.write_text(trial.old)
        if not found:  # nothing can be loaded any more, if the same is not so without the change
            plain = _try([alike._replace(tests=chosen[:1])], copy)
            noticed = chosen[0] if plain and plain[0].noticed_by is None else None
            return Outcome(trial.number, noticed, done, anyway)
        [outcome] = found
        if outcome.noticed_by is None:
            done += outcome.run
            tests = tests[len(chosen) :]
            continue
        upto = chosen[: chosen.index(outcome.noticed_by) + 1]
        [without] = _try([alike._replace(tests=upto)], copy)
        if without.noticed_by is None:
            return Outcome(trial.number, outcome.noticed_by, done + outcome.run, anyway)
        anyway.append(without.noticed_by)
        tests = [test for test in tests if test != without.noticed_by]
    return Outcome(trial.number, None, done, anyway)


def run(data: Path, size: int, seed: int, jobs: int, only: list[str]) -> int:
    """Try a sample, and print what came of it."""
    recorded = Recorded(data)
    known = {
        (one["path"], one["before"], one["after"]) for one in json.loads(_EQUIVALENT.read_text())
    }
    texts = {name: (ROOT / name).read_text() for name in _sources()}
    kept = data.stat().st_mtime
    for name in (name for name in texts if (ROOT / name).stat().st_mtime > kept):
        print(f"{name}: changed since its lines were recorded")
    outcomes: dict[int, str] = {}
    forked: list[Trial] = []
    loaded: list[Trial] = []
    mutants = [m for m in sample(size, seed) if not only or f"{m.path}:{m.line}" in only]
    for number, mutant in enumerate(mutants):
        if (mutant.path, mutant.before, mutant.after) in known:
            outcomes[number] = "equivalent"
            continue
        tests, on_import = tests_of(mutant, texts, recorded)
        if not tests:
            outcomes[number] = "not run by any test"
            continue
        chosen = tests[:TESTS_A_MUTANT]
        trial = Trial(number, mutant.path, texts[mutant.path], mutant.code, chosen)
        (loaded if on_import else forked).append(trial)
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(jobs) as pool:
        copies = [_copy(Path(folder) / str(number)) for number in range(jobs)]
        shares = [
            pool.submit(_share, forked[job::jobs], loaded[job::jobs], copies[job])
            for job in range(jobs)
        ]
        for share in shares:
            outcomes.update(share.result())
    _report(mutants, outcomes)
    return 0


def _share(forked: list[Trial], loaded: list[Trial], copy: Path) -> dict[int, str]:
    """What came of one job's part of the sample."""
    found = _try(forked, copy) if forked else []
    found += [_try_on_disk(trial, copy) for trial in loaded]
    words = {outcome.number: _word(outcome) for outcome in found}
    return {trial.number: "not tried" for trial in forked} | words


def _word(outcome: Outcome) -> str:
    return "killed" if outcome.noticed_by is not None else "survived"


def _report(mutants: list[Mutant], outcomes: dict[int, str]) -> None:
    rooms: dict[str, Counter[str]] = defaultdict(Counter)
    for number, mutant in enumerate(mutants):
        found = outcomes[number]
        rooms[Path(mutant.path).parts[2]][found] += 1
        if found not in ("killed", "equivalent"):
            print(f"{mutant.path}:{mutant.line}: {found}")
            print(f"  - {mutant.before}\n  + {mutant.after}")
    print(f"\n{'room':16}{'killed':>8}{'of':>6}{'equivalent':>12}")
    total: Counter[str] = Counter()
    for room, counted in sorted(rooms.items()):
        total.update(counted)
        _row(room, counted)
    _row("all", total)


def _row(room: str, counted: Counter[str]) -> None:
    of = counted.total() - counted["equivalent"]
    share = f"{counted['killed'] / of:.0%}" if of else ""
    print(f"{room:16}{counted['killed']:>8}{of:>6}{counted['equivalent']:>12}  {share}")


def _copy(folder: Path) -> Path:
    """A copy of the tree, without what git ignores."""
    tracked = subprocess.run(
        ["git", "ls-files", "-z"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    ).stdout.decode()
    for name in filter(None, tracked.split("\0")):
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, target, follow_symlinks=False)
    return folder


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("command", choices=["record", "run"])
    parser.add_argument(
        "tests", nargs="*", help="record: tests to add; run: PATH:LINE to try alone"
    )
    parser.add_argument("--data", type=Path, default=ROOT / "mutants.coverage")
    parser.add_argument("--sample", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    given = parser.parse_args()
    data = given.data.absolute()
    if given.command == "record":
        return record(data, given.tests)
    return run(data, given.sample, given.seed, given.jobs, given.tests)


if __name__ == "__main__":
    sys.exit(main())
