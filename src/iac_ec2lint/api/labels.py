"""What stands in the tags, names and descriptions of resources.

When you want to know

- which tags, names and descriptions a resource has, also those of what it launches, ask
  ``labels``; what personal or secret data a text holds, ``sensitive_kind``; what is known of a
  text, ``known_text``; which inputs without a value are in it, ``unknown_inputs``;
- what a value can be, where a condition decides it, ask ``choices``.
"""

from typing import TYPE_CHECKING

from iac_ec2lint.api._on_demand import on_demand

if TYPE_CHECKING:
    from iac_ec2lint.compute.choices import choices
    from iac_ec2lint.compute.sensitive_labels import (
        EMAIL,
        Label,
        known_text,
        labels,
        sensitive_kind,
        unknown_inputs,
    )
else:
    __getattr__, __dir__ = on_demand(__name__)

__all__ = ["EMAIL", "Label", "choices", "known_text", "labels", "sensitive_kind", "unknown_inputs"]
