from __future__ import annotations

import importlib.util
from pathlib import Path

from iac_ec2lint.facts import fact, facts

NAME = "managed_policies"


def test_an_entry_is_found_by_itself() -> None:
    every = facts(NAME)
    assert len(every) > 1000
    assert [name for name in every if fact(NAME, name) != every[name]] == []
    assert fact(NAME, "NoSuchPolicy") is None


def test_the_file_is_as_the_script_writes_it() -> None:
    path = Path(__file__).parents[2] / "scripts" / "refresh_managed_policies.py"
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    every = dict(facts(NAME))
    about = every.pop("about")
    assert script.TARGET.read_text("utf-8") == script.text_of(about, every)
