"""Whether disks, snapshots and images are encrypted, and with whose keys.

When you want to know

- whether disks are encrypted, and why, ask ``encryption_of_volumes``,
  ``encryption_of_snapshots`` or ``encryption_of_images``;
- which key encrypts each of them, and whether it is a customer's, ask ``key_uses``; which key of
  the unit an id, an ARN or an alias means, ``keys_meant``, and may mean, ``aliases_perhaps_meant``;
- whether all new volumes and copies in a Region are, ask ``encrypts_by_default_in``.
"""

from typing import TYPE_CHECKING

from iac_ec2lint.api._on_demand import on_demand

if TYPE_CHECKING:
    from iac_ec2lint.compute.encryption import Encryption, encrypts_by_default_in
    from iac_ec2lint.compute.encryption import images as encryption_of_images
    from iac_ec2lint.compute.encryption import snapshots as encryption_of_snapshots
    from iac_ec2lint.compute.encryption import volumes as encryption_of_volumes
    from iac_ec2lint.compute.keys.disk_keys import (
        KEY_USERS,
        KeyUse,
        aliases_perhaps_meant,
        key_uses,
        keys_meant,
    )
else:
    __getattr__, __dir__ = on_demand(__name__)

__all__ = [
    "KEY_USERS",
    "Encryption",
    "KeyUse",
    "aliases_perhaps_meant",
    "encryption_of_images",
    "encryption_of_snapshots",
    "encryption_of_volumes",
    "encrypts_by_default_in",
    "key_uses",
    "keys_meant",
]
