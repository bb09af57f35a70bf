"""Answers about chains of several hops through the attack graph.

When you want to know

- which chains of hops lead to an administrator or to what is sensitive, ask ``chains``;
- who from elsewhere may assume which role, ask ``strangers``.
"""

from iac_ec2lint.attack.chains.model import AttackEdge
from iac_ec2lint.attack.chains.readings import Reading
from iac_ec2lint.attack.chains.strangers import strangers
from iac_ec2lint.attack.chains.walking import Chain, chains

__all__ = ["AttackEdge", "Chain", "Reading", "chains", "strangers"]
