"""What security groups are for, and how their rules are managed.

When you want to know

- whether a group is that of a database tier, and what makes it so, ask ``data_tier``;
  the ports of data stores that a rule is for, ``store_ports``;
- how many rules groups have, as AWS counts them, ask ``rule_counts``; how many
  those of several groups are, ``rules_together``;
- whether anything has a group, as far as a unit says, ask ``group_uses``; whether anything may
  have the group that a rule is of, ``may_be_used``;
- where Terraform manages the rules of a group, ask ``managed_rules``.
"""

from typing import TYPE_CHECKING

from iac_ec2lint.api._on_demand import on_demand

if TYPE_CHECKING:
    from iac_ec2lint.network.filters.data_tier import DataTier, data_tier, store_ports
    from iac_ec2lint.network.filters.rule_counts import RuleCount, rule_counts, rules_together
    from iac_ec2lint.network.filters.rule_management import ManagedRules, managed_rules
    from iac_ec2lint.network.filters.unused_groups import GroupUse, group_uses, may_be_used
else:
    __getattr__, __dir__ = on_demand(__name__)

__all__ = [
    "DataTier",
    "GroupUse",
    "ManagedRules",
    "RuleCount",
    "data_tier",
    "group_uses",
    "managed_rules",
    "may_be_used",
    "rule_counts",
    "rules_together",
    "store_ports",
]
