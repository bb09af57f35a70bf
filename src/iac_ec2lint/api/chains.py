"""Answers about chains of several hops through the attack graph.

When you want to know

- which chains of hops lead to an administrator or to what is sensitive, ask ``chains``;
- who from elsewhere may assume which role, ask ``strangers``.
"""

from typing import TYPE_CHECKING

from iac_ec2lint.api._on_demand import on_demand

if TYPE_CHECKING:
    from iac_ec2lint.attack.chains.model import AttackEdge
    from iac_ec2lint.attack.chains.readings import Reading
    from iac_ec2lint.attack.chains.strangers import strangers
    from iac_ec2lint.attack.chains.walking import Chain, chains
else:
    __getattr__, __dir__ = on_demand(__name__)

__all__ = ["AttackEdge", "Chain", "Reading", "chains", "strangers"]
