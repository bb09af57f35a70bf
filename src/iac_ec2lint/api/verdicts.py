"""How the verdicts that several checks share are made, and the words in which they speak.

When you want to

- judge a path that begins where the internet gets in, use ``path_verdict``; that it gets in at all,
  ``reach_verdict``; one that begins with somebody else, ``gain_verdict``; of many such paths the
  worst, ``WorstVerdicts``;
- make such a verdict yourself, ask ``entry_facts`` for what all of one entry have in common;
- judge ports that security groups open, use ``services_open_to_internet``,
  ``ports_open_to_internet`` or, of a single exposure, ``exposure_verdict``;
- judge whom images and snapshots are shared with, use ``public_shares`` and ``foreign_shares``;
- say what may come of what is handed to modules that are not on the disk, use
  ``handed_to_unread_modules``;
- choose the verb by an answer, use ``can``; the words of evidence, ``as_known``; say how an entry
  leads in, ``via_words``;
- say which inputs would have to hold what you warn of, use ``if_holding``;
- show hops as evidence, use ``hop_evidence``; what policies allow, see ``api.iam``;
- point at a resource as a whole, use ``whole_resource``;
- say what may be absent, use ``confidence_of_presence``; make it less severe, ``less_severe``.
"""

from typing import TYPE_CHECKING

from iac_ec2lint.api._on_demand import on_demand

if TYPE_CHECKING:
    from iac_ec2lint.attack.disks.share_verdicts import foreign_shares, public_shares
    from iac_ec2lint.attack.entry.entries import less_severe
    from iac_ec2lint.attack.entry.exposure_verdicts import (
        describe_every_port,
        exposure_verdict,
        if_holding,
        ports_open_to_internet,
        services_open_to_internet,
    )
    from iac_ec2lint.attack.entry.facts import (
        EntryFacts,
        describe_open_ports,
        describe_services,
        entry_facts,
        hop_evidence,
    )
    from iac_ec2lint.attack.entry.path_verdicts import (
        WorstVerdicts,
        confidence_of_presence,
        gain_verdict,
        path_verdict,
        reach_verdict,
        via_words,
    )
    from iac_ec2lint.attack.grant_evidence import whole_resource
    from iac_ec2lint.attack.unread_modules import Handed, handed_to_unread_modules
    from iac_ec2lint.attack.wording import as_known, can, join_words
else:
    __getattr__, __dir__ = on_demand(__name__)

__all__ = [
    "EntryFacts",
    "Handed",
    "WorstVerdicts",
    "as_known",
    "can",
    "confidence_of_presence",
    "describe_every_port",
    "describe_open_ports",
    "describe_services",
    "entry_facts",
    "exposure_verdict",
    "foreign_shares",
    "gain_verdict",
    "handed_to_unread_modules",
    "hop_evidence",
    "if_holding",
    "join_words",
    "less_severe",
    "path_verdict",
    "ports_open_to_internet",
    "public_shares",
    "reach_verdict",
    "services_open_to_internet",
    "via_words",
    "whole_resource",
]
