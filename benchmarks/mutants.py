"""Measures the tests: how many small changes of the code do they notice?

    pip install -e '.[dev,mutants]'
    python benchmarks/mutants.py record [--data mutants.coverage]
    python benchmarks/mutants.py run [--data mutants.coverage] [--sample 300] [--seed 1] [--jobs 2]

``record`` runs all tests once and keeps which of them run which line. ``run`` draws a sample of
places in the rooms below, which is the same for the same seed and code; changes one at a time, as
Cosmic Ray does (operators, comparisons, numbers, conditions, loops); and runs tests that run the
changed line, until one fails. A change that none of them notices is printed. Those that change
nothing (annotations) are not drawn; those that are known to come to the same stand in
``equivalent_mutants.json``, with the reason.
"""

from __future__ import annotations

import argparse
import ast
import difflib
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue
from typing import Any, NamedTuple

ROOT = Path(__file__).parents[1]
SOURCE = Path("src") / "iac_ec2lint"
ROOMS = ("network", "iam", "terraform", "cloudformation", "hcl", "attack")
ROUNDS = (30, 300)
"""So many tests are tried of those that run a line; where none of them fails, so many more."""
TIMEOUT = 300.0
"""Seconds after which a round of tests counts as one that noticed: what was changed hangs."""
_SKIPPED = ("NoOp", "RemoveDecorator", "VariableInserter", "VariableReplacer")
_EQUIVALENT = Path(__file__).with_name("equivalent_mutants.json")


class Mutant(NamedTuple):
    """One change of one file, of which ``before`` and ``after`` are the changed line."""

    path: str
    line: int
    before: str
    after: str
    code: str


def record(data: Path) -> int:
    """Run all tests, and keep which of them run which line."""
    arguments = ["--cov=iac_ec2lint", "--cov-context=test", "--cov-report=", "-q"]
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
    places: dict[tuple[str, int, int], list[tuple[str, int]]] = defaultdict(list)
    texts: dict[str, str] = {}
    for room in ROOMS:
        for path in sorted((ROOT / SOURCE / room).rglob("*.py")):
            name = str(path.relative_to(ROOT))
            texts[name] = path.read_text()
            occurrences: Counter[str] = Counter()
            for node in ast_nodes(get_ast(texts[name])):
                for operator, kind in operators.items():
                    for _ in kind.mutation_positions(node):
                        places[(name, *node.start_pos)].append((operator, occurrences[operator]))
                        occurrences[operator] += 1
    drawn = random.Random(seed)  # noqa: S311 - not for secrets
    order = sorted(places)
    drawn.shuffle(order)
    for place in order:
        if size == 0:
            return
        operator, occurrence = drawn.choice(places[place])
        text = texts[place[0]]
        code = mutate_code(text, operators[operator], occurrence)
        if code is not None and _meaning(code) != _meaning(text):
            size -= 1
            yield _mutant(place[0], text, code)


def _meaning(code: str) -> str | None:
    """What a module says, without annotations; ``None`` where it is no Python any more."""
    try:
        tree = ast.parse(code)
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


def tests_by_line(data: Path) -> dict[str, dict[int, list[str]]]:
    """The tests that run each line of each file."""
    from coverage import CoverageData

    recorded = CoverageData(str(data))
    recorded.read()
    found: dict[str, dict[int, list[str]]] = {}
    for path in recorded.measured_files():
        own = Path(path).relative_to(ROOT)
        if own.parts[2] in ROOMS:
            found[str(own)] = {
                line: sorted({context.rpartition("|")[0] for context in contexts if context})
                for line, contexts in recorded.contexts_by_lineno(path).items()
            }
    return found


def _is_noticed(mutant: Mutant, tests: list[str], copy: Path, seed: int) -> bool:
    """Whether a test fails in a copy of the tree once a change is made there."""
    changed = copy / mutant.path
    original = changed.read_text()
    changed.write_text(mutant.code)
    drawn = list(tests)
    random.Random(seed).shuffle(drawn)  # noqa: S311 - not for secrets
    try:
        start = 0
        for size in ROUNDS:
            chosen, start = drawn[start : start + size], start + size
            if chosen and _fails(chosen, copy):
                return True
        return False
    finally:
        changed.write_text(original)


def _fails(tests: list[str], copy: Path) -> bool:
    listed = copy / "chosen_tests.txt"
    listed.write_text("\n".join(tests))
    environment = {**os.environ, "PYTHONPATH": str(copy / "src"), "PYTHONDONTWRITEBYTECODE": "1"}
    options = ["-x", "-q", "-n", "0", "-p", "no:cacheprovider", "--no-header", "--tb=no"]
    command = [sys.executable, "-m", "pytest", *options, f"@{listed}"]
    try:
        ended = subprocess.run(
            command,
            cwd=copy,
            env=environment,
            capture_output=True,
            timeout=TIMEOUT,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return True
    return ended.returncode != 0


def run(data: Path, size: int, seed: int, jobs: int) -> int:
    """Try a sample, and print what came of it."""
    by_line = tests_by_line(data)
    known = {
        (one["path"], one["before"], one["after"]) for one in json.loads(_EQUIVALENT.read_text())
    }
    mutants = list(sample(size, seed))
    copies: SimpleQueue[Path] = SimpleQueue()
    outcomes: dict[str, Counter[str]] = defaultdict(Counter)
    with tempfile.TemporaryDirectory() as folder:
        for number in range(jobs):
            copies.put(_copy(Path(folder) / str(number)))

        def outcome(mutant: Mutant) -> str:
            if (mutant.path, mutant.before, mutant.after) in known:
                return "equivalent"
            tests = by_line.get(mutant.path, {}).get(mutant.line, [])
            if not tests:
                return "not run by any test"
            copy = copies.get()
            try:
                return "killed" if _is_noticed(mutant, tests, copy, seed) else "survived"
            finally:
                copies.put(copy)

        with ThreadPoolExecutor(jobs) as pool:
            for mutant, found in zip(mutants, pool.map(outcome, mutants), strict=True):
                room = Path(mutant.path).parts[2]
                outcomes[room][found] += 1
                if found not in ("killed", "equivalent"):
                    print(f"{mutant.path}:{mutant.line}: {found}", flush=True)
                    print(f"  - {mutant.before}\n  + {mutant.after}", flush=True)
    print(f"\n{'room':16}{'killed':>8}{'of':>6}{'equivalent':>12}")
    total: Counter[str] = Counter()
    for room, counted in sorted(outcomes.items()):
        total.update(counted)
        _row(room, counted)
    _row("all", total)
    return 0


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
    parser.add_argument("--data", type=Path, default=ROOT / "mutants.coverage")
    parser.add_argument("--sample", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    given = parser.parse_args()
    data = given.data.absolute()
    if given.command == "record":
        return record(data)
    return run(data, given.sample, given.seed, given.jobs)


if __name__ == "__main__":
    sys.exit(main())
