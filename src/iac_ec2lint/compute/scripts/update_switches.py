"""Commands of boot scripts that switch the updates of a host off.

Sources: cloud-init for Amazon Linux (``repo_upgrade``); apt.conf(5), systemctl(1), chkconfig(8);
Amazon EC2 User Guide, "Update management"; Systems Manager User Guide, "Working with SSM Agent".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from iac_ec2lint.compute.scripts.script_actions import ScriptAction, script_actions
from iac_ec2lint.source.regular_expression import regular_expression

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iac_ec2lint.compute.scripts.boot_script import BootScript

_WORTH_READING: Final = regular_expression(
    r"(?i)unattended-upgrade|apt-daily|dnf-automatic|yum-cron|kpatch|ssm-?agent|repo_upgrade"
    r"|APT::Periodic|wuauserv|NoAutoUpdate"
)
"""What is in each script that switches any of it off."""
_UNITS: Final = regular_expression(
    r"(?:snap\.)?(unattended-upgrades|apt-daily(?:-upgrade)?|dnf-automatic(?:-install)?|yum-cron"
    r"|kpatch|amazon-ssm-agent)(?:\.amazon-ssm-agent)?(?:\.(?:service|timer))?"
)
_PACKAGES: Final = frozenset(
    {"unattended-upgrades", "dnf-automatic", "yum-cron", "kpatch", "kpatch-runtime"}
    | {"amazon-ssm-agent"}
)
_OFF: Final = frozenset({"disable", "mask"})
_ON: Final = frozenset({"enable", "unmask", "start", "restart"})
_REMOVES: Final = frozenset({"remove", "purge", "erase", "autoremove", "-r", "-P", "-e", "--purge"})
_ADDS: Final = frozenset({"install", "reinstall", "-i", "-U", "-Uvh", "-ivh"})
_MANAGERS: Final = frozenset({"apt", "apt-get", "yum", "dnf", "snap", "dpkg", "rpm", "microdnf"})
_REPO_UPGRADE: Final = regular_expression(r"repo_upgrade\s*:\s*[\"']?none\b")
_PERIODIC: Final = regular_expression(
    r"\s*APT::Periodic::(?:Unattended-Upgrade|Update-Package-Lists|Enable)\s+\"?0\"?\s*;"
)
_WINDOWS: Final = {"wuauserv": "the Windows Update service", "amazonssmagent": "amazon-ssm-agent"}
_REGISTRY: Final = frozenset({"set-itemproperty", "new-itemproperty", "reg"})
_POLICY: Final = regular_expression(r"(?i)NoAutoUpdate")


class UpdateSwitch(NamedTuple):
    """Something that keeps a host from being updated.

    Attributes:
        action: What does it.
        what: What is switched off; empty where it is not known what is run.
    """

    action: ScriptAction
    what: str


def update_switches(script: BootScript) -> Iterator[UpdateSwitch]:
    """What a script switches off, and does not switch on again, in order."""
    off: dict[tuple[int, str], ScriptAction] = {}
    for action in script_actions(script, _WORTH_READING):
        variant = id(action.script.place.value)
        if action.kind == "unknown":
            off.setdefault((variant, ""), action)
        for what, is_off in _switches(action):
            if not is_off:
                off.pop((variant, what), None)
            else:
                off.setdefault((variant, what), action)
    for (_, what), action in off.items():
        yield UpdateSwitch(action, what)


def _switches(action: ScriptAction) -> Iterator[tuple[str, bool]]:
    """What an action switches, and whether off."""
    if action.kind == "command":
        yield from _of_command(*action.words)
    elif action.kind == "powershell":
        yield from _of_powershell(action.words)
    elif action.kind == "file":
        path, line = action.words
        if "apt.conf" in path and _PERIODIC.match(line):
            yield "unattended-upgrades", True
        elif "cloud.cfg" in path and _REPO_UPGRADE.search(line):
            yield "repo_upgrade", True
    elif action.kind == "setting" and action.words[0] == "repo_upgrade":
        yield "repo_upgrade", action.words[1].lower() == "none"


def _of_command(name: str, *rest: str) -> Iterator[tuple[str, bool]]:
    said = set(rest)
    is_off: bool | None = None
    if name == "systemctl" and not said & {"--user"}:
        is_off = True if said & _OFF else False if said & _ON else None
        names = [found[1] for word in rest if (found := _UNITS.fullmatch(word)) is not None]
    elif name in ("chkconfig", "update-rc.d"):
        is_off = bool(said & {"off", "disable", "remove"})
        names = [found[1] for word in rest if (found := _UNITS.fullmatch(word)) is not None]
    elif name in _MANAGERS:
        is_off = True if said & _REMOVES else False if said & _ADDS else None
        names = [word for word in rest if word in _PACKAGES]
    elif name == "sed":
        after = " ".join(part for word in rest for part in word.split("/")[2::2])
        is_off, names = True, ["repo_upgrade"] if _REPO_UPGRADE.search(after) else []
    else:
        names = []
    if is_off is not None:
        yield from ((_unit(one), is_off) for one in names)


def _unit(name: str) -> str:
    """What a unit or a package belongs to."""
    if name.startswith("apt-daily"):
        return "unattended-upgrades" if name == "apt-daily-upgrade" else "apt-daily"
    return name.removesuffix("-install").removesuffix("-runtime")


def _of_powershell(words: tuple[str, ...]) -> Iterator[tuple[str, bool]]:
    lowered = [word.lower() for word in words]
    services = [what for name, what in _WINDOWS.items() if name in lowered]
    name = lowered[0].removesuffix(".exe")
    if name == "set-service" and "-startuptype" in lowered:
        yield from ((what, "disabled" in lowered) for what in services)
    elif name == "sc" and "config" in lowered:
        yield from ((what, "disabled" in " ".join(lowered)) for what in services)
    elif any(_POLICY.fullmatch(word) for word in words) and name in _REGISTRY:
        yield "the Windows Update service", "1" in lowered
