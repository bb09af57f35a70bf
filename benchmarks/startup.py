"""Prints what starting costs: the interpreter, ``--version``, imports, loading the checks.

    python benchmarks/startup.py [--runs 15]

Every figure is the median of runs in fresh processes; those of imports and of loading are processor
time. It judges nothing and exits with 0.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from generate import generate
from measuring import measure, own_environment

_LOADING = """
import time
from iac_ec2lint.source.collection import collect_rarely
collect_rarely()  # as the program does
started = time.process_time()
import iac_ec2lint.answers.scan
imported = time.process_time()
listed, problems = iac_ec2lint.answers.scan.load_checks()
known = time.process_time()
for one in listed:
    one.check
loaded = time.process_time()
print(imported - started, known - imported, loaded - known, len(listed), len(problems))
"""

_MODULES = """
import sys
before = set(sys.modules)
sys.argv = ["iac-ec2lint", *sys.argv[1:]]
try:
    from iac_ec2lint.cli.main import main
    main()
except SystemExit:
    pass
print("\\n" + " ".join(sorted(set(sys.modules) - before)))
"""

_TOP_MODULES = 12


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--runs", type=int, default=15, help="default: %(default)s")
    runs = parser.parse_args().runs
    with tempfile.TemporaryDirectory() as folder:
        generate(Path(folder), 1)
        template = str(next(Path(folder).glob("cloudformation/*/*")))
        module = str(next(Path(folder).glob("terraform/*")))
        print(f"{'median of ' + str(runs) + ' runs':40} {'wall':>8} {'CPU':>8}")
        _print_whole("the interpreter alone", ["-c", "pass"], runs)
        _print_whole("iac-ec2lint --version", ["-m", "iac_ec2lint", "--version"], runs)
        _print_whole("iac-ec2lint --help", ["-m", "iac_ec2lint", "--help"], runs)
        _print_whole("one root module", ["-m", "iac_ec2lint", module], runs)
        _print_whole("one template", ["-m", "iac_ec2lint", template], runs)
        _print_loading(runs)
        _print_modules("--version")
        _print_modules("scan", module)
        _print_import_times(module)


def _print_whole(name: str, arguments: list[str], runs: int) -> None:
    command = [sys.executable, *arguments]
    costs = [measure(command, own_environment()) for _ in range(runs)]
    wall = statistics.median(cost.wall for cost in costs)
    cpu = statistics.median(cost.cpu for cost in costs)
    print(f"{name:40} {wall * 1000:5.0f} ms {cpu * 1000:5.0f} ms")


def _print_loading(runs: int) -> None:
    rows = [[float(word) for word in _run("-c", _LOADING).stdout.split()] for _ in range(runs)]
    rows = [row for row in rows if row]
    if not rows:
        print("importing the package fails; run python -m iac_ec2lint to see why")
        return
    imports, knowing, loading, count, problems = (
        statistics.median(column) for column in zip(*rows, strict=True)
    )
    print(f"{'importing iac_ec2lint.answers.scan':40} {imports * 1000:5.0f} ms")
    print(f"{f'finding {count:.0f} checks by their index':40} {knowing * 1000:5.0f} ms")
    print(f"{'loading all of them':40} {loading * 1000:5.0f} ms")
    if problems:
        print(f"  {problems:.0f} problems while loading them")


def _print_modules(*arguments: str) -> None:
    """How many modules a command imports, and of which packages outside the standard library."""
    lines = _run("-c", _MODULES, *arguments).stdout.splitlines()
    words = lines[-1].split() if lines else []
    standard = sys.stdlib_module_names
    others = {word.partition(".")[0] for word in words} - standard
    packages = sorted(name for name in others if not name.startswith(("iac_ec2lint", "_")))
    print(
        f"\n{arguments[0]} imports {len(words)} modules; of other packages: {', '.join(packages)}"
    )


def _print_import_times(path: str) -> None:
    """The modules whose own code takes longest to import, without what they import in turn."""
    report = _run("-X", "importtime", "-m", "iac_ec2lint", path).stderr
    rows = []
    for line in report.splitlines():
        if line.startswith("import time:") and "self [us]" not in line:
            own, _, name = line.removeprefix("import time:").split("|")
            rows.append((int(own) / 1000, name.strip()))
    print(f"\nscan: the slowest of {len(rows)} imports, by their own code")
    for milliseconds, name in sorted(rows, reverse=True)[:_TOP_MODULES]:
        print(f"  {milliseconds:6.1f} ms  {name}")


def _run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        env=own_environment(),
        capture_output=True,
        text=True,
        check=False,
    )


if __name__ == "__main__":
    main()
