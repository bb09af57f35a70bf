"""Text from scanned files, made harmless for the place it goes to."""

from __future__ import annotations

import re

from iac_ec2lint.source.regular_expression import regular_expression

_RUNNER_PREFIX = regular_expression(r"(##\w{0,20})\[")
"""What begins a command of GitHub, Azure Pipelines (``##vso[``) or TeamCity anywhere in a line."""

_RUNNER_COMMAND = regular_expression(r"^(\s*):(?=:[A-Za-z-]+(?: .*)?::)")
_PLAIN_YAML = regular_expression(
    r"(?!(?:true|false|yes|no|on|off|y|n|null)$)(?:\.|[A-Za-z][\w./-]*)", re.IGNORECASE | re.ASCII
)
_FORMULA = ("=", "+", "-", "@")
_BACKTICKS = regular_expression(r"`+")
_MARKDOWN = regular_expression(r"[\\`*_\[\]<>&|~$#@!:]|(?<=www)\.", re.IGNORECASE)


def visible(text: str) -> str:
    r"""Text as one line that a terminal or a build log shows and does not obey.

    What is not printable (control characters, escape sequences, bidirectional controls, line
    separators, lone surrogates) is written as Python would escape it: ``\x1b``, ``\u202e``.
    ``##[``, ``##vso[`` and ``##teamcity[`` are broken up, and a first ``::command::``, since build
    agents obey the former anywhere in a line and the latter at its start (actions/runner,
    ActionCommand.cs; microsoft/azure-pipelines-agent, Command.cs; TeamCity, service messages).
    """
    if not text.isprintable():
        text = "".join(
            character if character.isprintable() else escaped(character) for character in text
        )
    if "::" in text:
        text = _RUNNER_COMMAND.sub(r"\1\\x3a", text)
    return written_out(text, r"\x5b")


def written_out(text: str, bracket: str) -> str:
    """Text whose commands of build logs have this in place of their opening bracket."""
    return _RUNNER_PREFIX.sub(lambda found: found[1] + bracket, text) if "##" in text else text


def opens_command(line: str, index: int) -> bool:
    """Whether the bracket at an index of a line opens a command of a build log."""
    start = line.rfind("##", max(index - 22, 0), index)
    return start >= 0 and _RUNNER_PREFIX.match(line, start, index + 1) is not None


def escaped(character: str) -> str:
    """One character as Python writes it where it cannot be printed."""
    return character.encode("unicode_escape").decode("ascii")


def place(path: str, line: int = 0, column: int = 0) -> str:
    """``path:line:column`` as the start of a line; line and column where they are not 0.

    A path that begins with ``::`` gets ``./`` before it, so that no runner takes it for a command.
    """
    shown = visible(f"./{path}" if path.lstrip().startswith("::") else path)
    return ":".join([shown, *(str(number) for number in (line, column) if number)])


def command_data(text: str) -> str:
    """Text as the message of a workflow command (actions/runner, ActionCommand.cs)."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def command_property(text: str) -> str:
    """Text as the value of a workflow command's property."""
    return command_data(text).replace(":", "%3A").replace(",", "%2C")


def markdown(text: str) -> str:
    """Text as one line of GitHub's Markdown that means only itself, in a table's cell and in HTML.

    What Markdown, HTML, mathematics, mentions, references, emoji or automatic links are made of
    becomes character references, which none of them can be made of (GFM 0.29, 6.2 and 6.9). What
    only means something at the start of a line is left.
    """
    return _MARKDOWN.sub(lambda mark: f"&#{ord(mark.group())};", visible(text))


def attribute(text: str) -> str:
    """Text as the value of an attribute of an HTML tag in a table's cell."""
    return markup(text).replace("|", "&#124;")


def code_span(text: str) -> str:
    """Text as one line of code in Markdown, for readers of which some show Markdown as it is.

    In code nothing is a link, a mention or HTML; the fence is longer than any in the text
    (CommonMark 0.31, 6.1).
    """
    shown = visible(text)
    fence = "`" * (max(map(len, _BACKTICKS.findall(shown)), default=0) + 1)
    pad = " " if shown[:1] in {"", "`", " "} or shown[-1] in "` " else ""
    return f"{fence}{pad}{shown}{pad}{fence}"


def markup(text: str) -> str:
    """Text as one line of XML or HTML, in an element or in an attribute's value.

    What XML 1.0 (2.2) forbids is not printable, and so is written out.
    """
    from html import escape  # few formats are HTML

    return escape(visible(text))


def spreadsheet(text: str) -> str:
    """Text as one cell that a spreadsheet does not take for a formula (OWASP, "CSV Injection")."""
    shown = visible(text)
    return f"'{shown}" if shown.lstrip().startswith(_FORMULA) else shown


def yaml_text(text: str) -> str:
    """Text as one scalar or key that YAML reads as it is, and that no build log obeys."""
    if _PLAIN_YAML.fullmatch(text):
        return text
    shown = text.encode("unicode_escape").decode("ascii").replace('"', r"\"")  # YAML 1.2, 5.7
    return '"' + written_out(shown, r"\x5b") + '"'


def azure_data(text: str) -> str:
    """Text as the message of a logging command (Azure Pipelines, "Logging commands")."""
    return text.replace("%", "%AZP25").replace("\r", "%0D").replace("\n", "%0A")


def azure_property(text: str) -> str:
    """Text as the value of a logging command's property."""
    return azure_data(text).replace(";", "%3B").replace("]", "%5D")


def cut(text: str, limit: int) -> str:
    """Text in at most so many characters; dots say that some are left out."""
    return text if len(text) <= limit else f"{text[: limit - 3]}..."


def count(number: int, noun: str, plural: str = "") -> str:
    """``1 file``, ``2 files``."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"
