"""How what runs is kept up to date, and brought back where it is lost.

When you want to know

- which instance types are asked for, overrides and attributes too, ask ``type_requests``; what is
  known of a type, ``is_previous_generation``, ``accepts_paravirtual_images``,
  ``encrypts_traffic``, ``encrypts_memory`` or ``ebs_optimisation``;
- whether a group or a fleet runs in several Availability Zones, ask ``placement``; whether the
  subnets of a VPC with workloads are in several, ``spread_of_vpc``; which subnets share which NAT
  gateways, ``shared_nat``;
- whose images a lookup may find, ask ``image_owners``; whose an account allows,
  ``allowed_providers``;
- which volumes are backed up, ask ``volumes_to_back_up``; whether backups and images are copied to
  another Region, ``kept_copies``;
- which images instances start from, and whether these are at their end, ask ``launched_images``; of
  which system and which day an image is, by its name, ``image_system`` and ``image_day``; as of
  which day that is known, ``day_of_image_data``;
- whether an image is HVM, ask ``is_hvm_image``; whether a lookup filters for that,
  ``looks_up_hvm``;
- which tasks patch instances, ask ``patch_tasks``; which instances one selects, ``selects``; which
  hosts are there to patch, ``patched_hosts``; whether anything updates any of them, ``updates``;
- which security patches baselines approve, ask ``patch_baselines``;
- which instances Systems Manager can manage, ask ``ssm_management``.
"""

from typing import TYPE_CHECKING

from iac_ec2lint.api._on_demand import on_demand

if TYPE_CHECKING:
    from iac_ec2lint.attack.hosts.ssm_management import HostManagement, ssm_management
    from iac_ec2lint.compute.upkeep.backups import BackedUp, volumes_to_back_up
    from iac_ec2lint.compute.upkeep.copies import Kept, kept_copies
    from iac_ec2lint.compute.upkeep.image_lifetimes import (
        LaunchedImage,
        NamedImage,
        launched_images,
    )
    from iac_ec2lint.compute.upkeep.image_lifetimes import day_of_the_data as day_of_image_data
    from iac_ec2lint.compute.upkeep.image_lifetimes import stamped as image_day
    from iac_ec2lint.compute.upkeep.image_lifetimes import system as image_system
    from iac_ec2lint.compute.upkeep.image_owners import ImageOwner, allowed_providers, image_owners
    from iac_ec2lint.compute.upkeep.instance_types import (
        TypeRequest,
        accepts_paravirtual_images,
        ebs_optimisation,
        encrypts_memory,
        encrypts_traffic,
        is_previous_generation,
        type_requests,
    )
    from iac_ec2lint.compute.upkeep.patch_baselines import BaselineCoverage, patch_baselines
    from iac_ec2lint.compute.upkeep.patch_tasks import (
        PatchTask,
        patch_tasks,
        patched_hosts,
        selects,
        updates,
    )
    from iac_ec2lint.compute.upkeep.virtualization import is_hvm_image, looks_up_hvm
    from iac_ec2lint.compute.upkeep.zones import Placement, placement, spread_of_vpc
    from iac_ec2lint.network.routing.nat_zones import SharedNat, shared_nat
else:
    __getattr__, __dir__ = on_demand(__name__)

__all__ = [
    "BackedUp",
    "BaselineCoverage",
    "HostManagement",
    "ImageOwner",
    "Kept",
    "LaunchedImage",
    "NamedImage",
    "PatchTask",
    "Placement",
    "SharedNat",
    "TypeRequest",
    "accepts_paravirtual_images",
    "allowed_providers",
    "day_of_image_data",
    "ebs_optimisation",
    "encrypts_memory",
    "encrypts_traffic",
    "image_day",
    "image_owners",
    "image_system",
    "is_hvm_image",
    "is_previous_generation",
    "kept_copies",
    "launched_images",
    "looks_up_hvm",
    "patch_baselines",
    "patch_tasks",
    "patched_hosts",
    "placement",
    "selects",
    "shared_nat",
    "spread_of_vpc",
    "ssm_management",
    "type_requests",
    "updates",
    "volumes_to_back_up",
]
