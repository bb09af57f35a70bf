"""Answers about chains of several hops through the attack graph.

When you want to know

- which chains of hops lead to an administrator or to what is sensitive, ask ``chains``.
"""

from iac_ec2lint.attack.chains.model import AttackEdge
from iac_ec2lint.attack.chains.walking import Chain, chains

__all__ = ["AttackEdge", "Chain", "chains"]
