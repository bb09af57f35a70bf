"""The conformance vectors: a floor, and no wrong value at all."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

VECTORS = Path(__file__).parents[1] / "vectors" / "terraform_expressions.jsonl"

UNKNOWN_SO_FAR = {
    # What Go's compressor writes is not worked out; what it compresses is kept.
    "tf-functions/219c57fc36",
    # The members that a sorted list surely has are kept, at the price of how many there are.
    "cty-stdlib/sort/6c7a679ca0",
}


def runner_module() -> ModuleType:
    spec = importlib.util.spec_from_file_location(
        "terraform_vectors", Path(__file__).with_name("terraform_vectors.py")
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def test_every_vector_comes_to_what_it_states(tmp_path: Path) -> None:
    vectors = runner_module()
    runner = vectors.Runner(tmp_path)
    verdicts: dict[str, list[str]] = {"right": [], "unknown": [], "wrong": []}
    details: list[str] = []
    for case in vectors.read_cases(VECTORS):
        verdict, got = runner.run(case)
        verdicts[verdict].append(case["id"])
        if verdict == "wrong":
            details.append(f"{case['id']}: {case.get('expr')!r} came to {got!r}")
    assert not details, "\n".join(details)
    assert set(verdicts["unknown"]) <= UNKNOWN_SO_FAR
    assert len(verdicts["right"]) >= 976
