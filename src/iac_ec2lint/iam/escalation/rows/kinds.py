"""What a row says."""

from __future__ import annotations

from typing import Literal, NamedTuple

Need = Literal[
    "",
    "instance",
    "template",
    "own template",
    "configuration",
    "fleet role",
    "cluster role",
    "pipelines",
    "version",
    "rule",
    "window",
    "infrastructure",
    "profile",
]
"""What else there must be, besides actions: an instance that the principal controls or can start;
a launch template of the unit, or one that starts instances with the role; such a launch
configuration; a role for a Spot Fleet, or for a cluster of EMR; an account that may still use Data
Pipeline; a group that follows the versions of a template; a rule, or a maintenance window, that it
may add to; a configuration of Image Builder with the role; an instance of which it may refill the
profile."""

Guard = Literal["", "ssh", "password", "console", "metadata", "association"]
"""What else must hold of an instance: that the principal reaches its port 22; that its password can
be decrypted and used; that the account has the serial console on; that the internet reaches it and
IMDSv1 is all that is missing; that there is an association of Systems Manager to change."""


class Thing(NamedTuple):
    """What is there, and runs with a role: how it is declared, and how its ARN is written.

    Source: Service Authorization Reference, "Resource types" of each service.

    Attributes:
        types: The types that declare it.
        service: The service in its ARN.
        before: What stands before its name there.
        after: What stands there between its name and an id that AWS makes; ``None`` where the
            name is not in it for sure.
    """

    types: tuple[str, ...]
    service: str
    before: str
    after: str | None = ""


class EdgeKind(NamedTuple):
    """A row of the table.

    Attributes:
        name: Its name in the table.
        actions: What the principal needs: all actions of one of the sets.
        words: What these do: completes "<principal> can ...", before the role or the instance.
        services: The names of the service that must be trusted by the role that it is given, the
            value of ``iam:PassedToService`` first; empty where no role is.
        passes: Whether the principal must be allowed to pass the role.
        profile: Whether the role needs an instance profile.
        target: What the role itself must be allowed: one of these; empty for nothing.
        needs: What else there must be.
        changes: What is there that is given the role, and that its actions are about.
        guard: What else must hold of the instance.
        lifts: Whether the role becomes an administrator by it, whatever it was before.
        risk: Whether it opens a way to the role's credentials, and does not walk it.
    """

    name: str
    actions: tuple[tuple[str, ...], ...]
    words: str
    services: tuple[str, ...] = ()
    passes: bool = True
    profile: bool = False
    target: tuple[str, ...] = ()
    needs: Need = ""
    guard: Guard = ""
    lifts: bool = False
    risk: bool = False
    changes: Thing | None = None


def sets_of(*texts: str) -> tuple[tuple[str, ...], ...]:
    """The sets of actions of a row, each written as one text: ``ecs:RunTask ecs:StartTask``."""
    return tuple(tuple(text.split()) for text in texts)
