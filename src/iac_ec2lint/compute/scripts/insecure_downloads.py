"""Downloads of boot scripts that nothing protects on their way, or that nobody verifies.

Sources: curl(1), wget(1), dnf(8), apt-get(8), rpm(8), git-config(1), "pip install".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from iac_ec2lint.compute.scripts.script_actions import ScriptAction, is_known, script_actions
from iac_ec2lint.source.regular_expression import regular_expression
from iac_ec2lint.values import Answer, Unknown

if TYPE_CHECKING:
    import re
    from collections.abc import Iterable, Iterator

    from iac_ec2lint.compute.scripts.boot_script import BootScript

DownloadFault = Literal["plain", "certificate", "signature", "piped", "unknown"]

_WORTH_READING: Final = regular_expression(
    r"(?i)curl|wget|https?:|ftp:|git:|gpg|trusted|nosignature|unauthenticated|force-yes|ssl|tls"
    r"|download|certificate"
)
"""What is in each script that downloads anything without protection."""
_CLIENTS: Final = frozenset({"curl", "wget", "wget2", "aria2c", "fetch"})
_INSTALLERS: Final = frozenset({"rpm", "yum", "dnf", "microdnf", "zypper", "pip", "pip3", "git"})
_RUNNERS: Final = frozenset(
    {"sh", "bash", "zsh", "dash", "python", "python3", "perl", "ruby", "node", "php", "tar", "cpio"}
    | {"rpm", "dpkg", "unzip", "apt-key", "gpg", "base64", "gunzip", "zcat", "tee", "dd"}
)
"""Commands that run what they read, or keep it."""
_SHELLS: Final = frozenset({"sh", "bash", "zsh", "dash", "ksh", "ash"})
_URL: Final = regular_expression(
    r"^(?:--?[\w-]+=)?[\"']?(?P<scheme>https?|ftp|git)://(?:[^/@\s]*@)?(?P<host>\[[^]]*\]|[^/:\s\"'?#]*)"
)
_FALSE: Final = regular_expression(r"(?i)(?:0|no|false|off)")
_UNCHECKED: Final = regular_expression(
    r"(?i)(?:^|[^_])gpgcheck\s*[=:]\s*(?:0|no|false)\b|\[[^][]*\btrusted\s*=\s*yes"
    r"|AllowUnauthenticated\S*\s*[= ]\s*[\"']?(?:1|true|yes)"
)
_EDITORS: Final = frozenset({"sed", "yum-config-manager", "crudini", "dnf", "yum", "microdnf"})
_NO_SIGNATURE: Final = frozenset(
    {
        "--nogpgcheck",
        "--no-gpg-check",
        "--no-gpg-checks",
        "--nosignature",
        "--allow-unauthenticated",
    }
    | {"--force-yes"}
)
_PACKAGES: Final = regular_expression(r"yum|dnf|zypp|\.repo$|apt")
_SOURCE: Final = regular_expression(r"(?:baseurl|mirrorlist|metalink)\s*=\s*(\S+)")
_PRIVATE: Final = regular_expression(
    r"(?i)(?:.*\.)?(?:localhost|local|localdomain|internal|lan|corp|intranet|home\.arpa|consul"
    r"|instance-data|svc|cluster\.local)|[^.]*"
)
"""Names that only private networks know."""
_POWERSHELL: Final = regular_expression(
    r"(?i)\.?Download(?:File|String|Data)|Invoke-(?:WebRequest|RestMethod)|iwr|irm"
    r"|Start-BitsTransfer|wget|curl"
)
_KEPT: Final = regular_expression(
    r"(?i)-OutF\w*|\.?Download\w*|iex|Invoke-Expression|Start-BitsTransfer"
)
_SUMS: Final = regular_expression(r"(?:sha\d+|md5|b2)sum|shasum|gpgv?|cosign|minisign")


class InsecureDownload(NamedTuple):
    """Something that a script downloads, or installs, without protection.

    Attributes:
        action: What it does.
        fault: ``plain`` without TLS, without checking the ``certificate`` or the ``signature``;
            ``piped`` where it comes over TLS, and a shell runs it at once; ``unknown`` where it is
            not known what is run.
        what: The server, the option, or the setting.
        answer: Whether it does.
    """

    action: ScriptAction
    fault: DownloadFault
    what: str
    answer: Answer


def insecure_downloads(script: BootScript) -> Iterator[InsecureDownload]:
    """The insecure downloads of a script, in order."""
    found = list(script_actions(script, _WORTH_READING))
    verifies = any(_verifies(action) for action in found)
    private = _private_sources(found)
    for action in found:
        for fault, what, sure in _faults(action, private):
            answer = action.answer
            if not sure or (fault == "plain" and verifies):
                reason = (
                    "whether the script verifies what it downloads is not worked out"
                    if sure
                    else f"the server that {action.words[0]} asks is not known"
                )
                answer = answer & Answer(None, (Unknown(reason, "expression", action.span),))
            yield InsecureDownload(action, fault, what, answer)


def _verifies(action: ScriptAction) -> bool:
    """Whether a command compares what was downloaded with what was expected."""
    words = action.words
    if action.kind == "powershell":
        return any(word.lower() == "get-filehash" for word in words)
    if action.kind != "command" or _SUMS.fullmatch(words[0]) is None:
        return False
    return any(
        word in ("-c", "--check", "--verify", "verify", "verify-blob", "-V") for word in words
    )


def _private_sources(found: list[ScriptAction]) -> frozenset[str]:
    """The files of package sources all of which are private, or on the host itself."""
    by_path: dict[str, list[bool]] = {}
    for action in found:
        if action.kind == "file":
            source = _SOURCE.match(action.words[1].strip())
            if source is not None:
                url = _URL.match(source[1])
                inside = source[1].startswith("file:") if url is None else _is_private(url["host"])
                by_path.setdefault(action.words[0], []).append(inside is True)
    return frozenset(path for path, inside in by_path.items() if all(inside))


_Fault = tuple[DownloadFault, str, bool]
"""What is wrong, where, and whether that is certain, if it is done at all."""


def _faults(action: ScriptAction, private: frozenset[str]) -> Iterator[_Fault]:
    if action.kind == "unknown":
        yield "unknown", "", True
    elif action.kind == "command":
        yield from _of_command(action)
    elif action.kind == "powershell":
        yield from _of_powershell(action.words)
    elif action.kind == "file":
        path, line = action.words
        judged = path not in private and not line.lstrip().startswith("#")
        if judged and _PACKAGES.search(path) and _UNCHECKED.search(line):
            yield "signature", "gpgcheck" if "gpgcheck" in line else "trusted sources", True
    else:
        yield from _of_setting(*action.words)


def _of_command(action: ScriptAction) -> Iterator[_Fault]:
    name, *rest = action.words
    urls = [found for word in rest if (found := _URL.match(word)) is not None]
    hosts = [_is_private(found["host"]) for found in urls]
    sure = all(one is not None for one in hosts)
    outside = any(one is not True for one in hosts) or not hosts
    if name in _CLIENTS and not _asks_alone(name, rest):
        if _is_unchecked(name, rest) and outside:
            yield "certificate", name, sure and bool(hosts)
        elif _keeps(name, rest, action.output):
            yield from _plain(urls)
        if action.output in _SHELLS and urls and all(u["scheme"] == "https" for u in urls):
            yield "piped", urls[0]["host"], True
    elif name in _INSTALLERS and not (name == "git" and rest[:1] == ["remote"]):
        yield from _plain(urls)
    for word in rest if name not in ("echo", "printf", "grep") else ():
        if word in _NO_SIGNATURE:
            yield "signature", word, True
            break
    if name in ("pip", "pip3") and any(word.startswith("--trusted-host") for word in rest):
        yield "certificate", "pip --trusted-host", True
    text = " ".join(rest)
    if name == "git" and (switch := _SSL_VERIFY.search(text)) and _FALSE.fullmatch(switch[1]):
        yield "certificate", "git", True
    if name == "export" and _NO_VERIFY.search(text):
        yield "certificate", text.partition("=")[0], True
    if name in _EDITORS and _UNCHECKED.search(_made_by(name, text)):
        yield "signature", "gpgcheck", True


_SSL_VERIFY: Final = regular_expression(r"(?i)http\.sslverify[ =]+[\"']?(\w+)")
_NO_VERIFY: Final = regular_expression(
    r"^(?:GIT_SSL_NO_VERIFY=\w|NODE_TLS_REJECT_UNAUTHORIZED=0|PYTHONHTTPSVERIFY=0)"
)


def _made_by(name: str, text: str) -> str:
    """What an editor puts in: of ``s/old/new/`` the new text alone."""
    if name != "sed":
        return text
    return " ".join(part for part in text.split("/")[2::2]) if "/" in text else ""


def _plain(urls: Iterable[re.Match[str]]) -> Iterator[_Fault]:
    """The addresses that are asked without TLS; those of private networks are none."""
    for url in urls:
        scheme, host = url["scheme"], url["host"]
        private = _is_private(host)
        if scheme != "https" and private is not True:
            yield "plain", f"{scheme}://{host}" if is_known(host) else scheme, private is not None


def _is_private(host: str) -> bool | None:
    """Whether a host is on a private network, or the host itself; ``None`` if that is not known."""
    if not is_known(host):
        return None
    from ipaddress import ip_address  # few scripts ask for it

    try:
        address = ip_address(host.strip("[]"))
    except ValueError:
        return _PRIVATE.fullmatch(host) is not None
    return not address.is_global


def _is_unchecked(name: str, rest: list[str]) -> bool:
    """Whether a client is told not to check certificates."""
    if name == "curl":
        return any(
            word == "--insecure" or (word[:1] == "-" and word[1:2] != "-" and "k" in _flags(word))
            for word in rest
        )
    return "--no-check-certificate" in rest or "--check-certificate=false" in rest


_ASKS: Final = {"curl": "--head", "wget": "--spider", "wget2": "--spider"}
"""The options by which clients ask whether something is there, and download nothing."""
_GIVES: Final = regular_expression(
    r"--(?:user|oauth2-bearer|header|data|form|json|upload-file|cookie|load-cookies|cert|netrc"
    r"|proxy-user|password|http-|post-|body-)[\w-]*(?:=.*)?"
)
"""The options by which a request gives something away all the same."""


def _asks_alone(name: str, rest: list[str]) -> bool:
    """Whether a client asks for headers alone, and tells the server nothing secret."""
    short = ""
    if name == "curl":
        words = (word for word in rest if word[:1] == "-" and word[1:2] != "-")
        short = "".join(word[1 : len(_flags(word)) + 2] for word in words)
    asks = _ASKS.get(name) in rest or "I" in short
    return asks and not (set(short) & set("bdEFHnTuU") or any(map(_GIVES.fullmatch, rest)))


_TAKING: Final = "AbcCdDeEFhHKmoPQrtTuUwxXyYz"
"""Letters of curl's options behind which the rest of the word is an argument."""


def _flags(word: str) -> str:
    """The letters of options that stand together in a word."""
    for at, letter in enumerate(word[1:], 1):
        if letter in _TAKING:
            return word[1:at]
    return word[1:]


def _keeps(name: str, rest: list[str], output: str) -> bool:
    """Whether what is downloaded is kept, or run: an answer that is only looked at is no code."""
    if output:
        return "/" in output or "." in output or output in _RUNNERS
    if name != "curl":
        joined = " ".join(rest)
        return " -O-" not in f" {joined}" and " -qO-" not in f" {joined}" and "-O -" not in joined
    return any(
        word in ("--output", "--remote-name", "--remote-name-all")
        or (word[:1] == "-" and word[1:2] != "-" and bool(set("oO") & set(word[1:])))
        for word in rest
    )


def _of_powershell(words: tuple[str, ...]) -> Iterator[_Fault]:
    lowered = " ".join(words).lower()
    if "servercertificatevalidationcallback" in lowered or "-skipcertificatecheck" in lowered:
        yield "certificate", "PowerShell", True
    if any(map(_POWERSHELL.fullmatch, words)) and any(map(_KEPT.fullmatch, words)):
        yield from _plain([found for word in words if (found := _URL.match(word)) is not None])


def _of_setting(name: str, value: str) -> Iterator[_Fault]:
    """What a key of cloud-config, or of the step of a document, sets."""
    last = name.rpartition(".")[2]
    if name.startswith("yum_repos.") and last == "gpgcheck" and _FALSE.fullmatch(value):
        yield "signature", "gpgcheck", True
    elif name.startswith("apt") and _UNCHECKED.search(value):
        yield "signature", "trusted sources", True
    elif name == "WebDownload.source":
        found = _URL.match(value)
        yield from _plain([found] if found is not None else [])
