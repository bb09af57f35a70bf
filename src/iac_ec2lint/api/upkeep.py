"""How what runs is kept up to date, and brought back where it is lost.

When you want to know

- which instance types are asked for, overrides and attributes too, ask ``type_requests``; what is
  known of a type, ``is_previous_generation``, ``accepts_paravirtual_images``,
  ``encrypts_traffic``, ``encrypts_memory`` or ``ebs_optimisation``.
"""

from iac_ec2lint.compute.upkeep.instance_types import (
    TypeRequest,
    accepts_paravirtual_images,
    ebs_optimisation,
    encrypts_memory,
    encrypts_traffic,
    is_previous_generation,
    type_requests,
)

__all__ = [
    "TypeRequest",
    "accepts_paravirtual_images",
    "ebs_optimisation",
    "encrypts_memory",
    "encrypts_traffic",
    "is_previous_generation",
    "type_requests",
]
