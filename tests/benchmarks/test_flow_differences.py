"""The verdict of ``diff`` on flows agrees with brute force over packets, pair by pair."""

from __future__ import annotations

from pathlib import Path

import pytest
from flow_differences import Packet, disagreement, packets, pair, spelled, told

from iac_ec2lint.answers.changes.flows import UnitFlows

pytestmark = pytest.mark.slow

SEEDS = range(100_000, 100_300)
NOTHING = UnitFlows((), (), ())


def test_the_verdict_agrees_with_brute_force(tmp_path: Path) -> None:
    found = {}
    for seed in SEEDS:
        before, after = pair(seed)
        if parted := disagreement(before, after, told(tmp_path, before, after)):
            found[seed] = parted
    assert found == {}


def test_an_answer_that_misses_a_packet_is_a_disagreement() -> None:
    missed = [
        seed
        for seed in SEEDS
        if packets(pair(seed)[1], len(pair(seed)[0].hosts))
        - packets(pair(seed)[0], len(pair(seed)[0].hosts))
    ]
    assert len(missed) > len(SEEDS) // 20
    assert all("not told" in disagreement(*pair(seed), NOTHING) for seed in missed)


def test_a_packet_that_is_told_and_not_new_is_a_disagreement(tmp_path: Path) -> None:
    flows = (told(tmp_path, *pair(seed)) for seed in SEEDS)
    seed, told_of = next((s, f) for s, f in zip(SEEDS, flows, strict=True) if f.new)
    before, _ = pair(seed)
    assert "not new" in disagreement(before, before, told_of)


def test_brute_force_on_one_network_that_is_told_by_hand() -> None:
    seed = next(s for s in SEEDS if packets(pair(s)[0], 1))
    net, _ = pair(seed)
    net.has_gateway = False
    assert not any(isinstance(one.source, str) for one in packets(net, len(net.hosts)))
    assert "aws_internet_gateway" not in spelled(net)
    assert Packet("8.8.8.8", 0, "tcp", 22) not in packets(net, 1)
