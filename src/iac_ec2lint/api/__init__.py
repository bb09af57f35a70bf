"""All that a check may import: these names, and the rooms beside them.

This is the contract with people who write checks of their own: what is here keeps its meaning from
one version to the next. Every check needs some of these names; ``api.resources`` has the classes of
resources, the other rooms (``api.compute``, ``api.network``, ``api.iam`` and so on) answer
questions about them, and ``api.verdicts`` has the words that several checks share.

When you want to know

- which resources of a class there are, ask ``graph.all``; what one refers to, ``graph.targets``;
  what refers to it, ``graph.sources``;
- what providers, backends and outputs there are, ask ``graph.all`` for ``Provider``, ``S3Backend``
  or ``Output``;
- which root module, stack or plan it is, ask ``graph.unit``; it is the subject where something is
  not there;
- what leads to what over any number of edges, walk ``graph.network`` with networkx's algorithms;
- whether a field is set, ask ``part.is_set``; whether it equals something, ``part.equals``;
- whether a resource carries a tag, ask ``resource.carries_tag``;
- where a field is, to point at, ask ``part.place``;
- whether something is certain to be there, ask ``presence.answer`` or ``edge.answer``;
- what a user has set, declare a ``parameter``;
- paths of the attack graph, declare the ``Question`` whose shape they have.
"""

from iac_ec2lint.declaration import Presence
from iac_ec2lint.engine import parameter
from iac_ec2lint.engine.check import Check, Remark, Verdict, name_lists, require
from iac_ec2lint.engine.finding import Evidence, Severity, assumption
from iac_ec2lint.engine.fix import remove, set_to
from iac_ec2lint.engine.question import Question
from iac_ec2lint.graph.graph import Edge, External, Graph, Implicit
from iac_ec2lint.resources.part import Part, Place, Resource
from iac_ec2lint.values import (
    NO,
    YES,
    Answer,
    Confidence,
    Unknown,
    Val,
    Value,
    all_of,
    any_of,
    is_given,
)

__all__ = [
    "NO",
    "YES",
    "Answer",
    "Check",
    "Confidence",
    "Edge",
    "Evidence",
    "External",
    "Graph",
    "Implicit",
    "Part",
    "Place",
    "Presence",
    "Question",
    "Remark",
    "Resource",
    "Severity",
    "Unknown",
    "Val",
    "Value",
    "Verdict",
    "all_of",
    "any_of",
    "assumption",
    "is_given",
    "name_lists",
    "parameter",
    "remove",
    "require",
    "set_to",
]
