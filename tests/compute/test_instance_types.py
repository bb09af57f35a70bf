"""What is known of instance types."""

from __future__ import annotations

import pytest

from iac_ec2lint.compute.upkeep.instance_types import (
    accepts_paravirtual_images,
    ebs_optimisation,
    encrypts_memory,
    encrypts_traffic,
    is_previous_generation,
)


@pytest.mark.parametrize(
    ("name", "previous", "paravirtual", "traffic", "memory", "ebs"),
    [
        ("m1.small", True, True, False, False, "never"),
        ("m1.large", True, True, False, False, "on request"),
        ("c4.large", True, False, False, False, "always"),
        ("t2.micro", False, False, False, False, "never"),
        ("m5.large", False, False, False, False, "always"),
        ("m5n.large", False, False, True, False, "always"),
        ("m6i.metal", False, False, True, True, "always"),
        ("t4g.nano", False, False, False, True, "always"),
        ("g6.xlarge", False, False, True, None, "always"),
        ("m99q.large", None, None, None, None, None),
        ("m5", None, None, None, None, None),
    ],
)
def test_a_type_is_known_by_its_family(
    name: str,
    previous: bool | None,
    paravirtual: bool | None,
    traffic: bool | None,
    memory: bool | None,
    ebs: str | None,
) -> None:
    assert is_previous_generation(name) is previous
    assert accepts_paravirtual_images(name) is paravirtual
    assert encrypts_traffic(name) is traffic
    assert encrypts_memory(name) is memory
    assert ebs_optimisation(name) == ebs
