"""The errors of YAML's parser, in plain words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from iac_ec2lint.source import limits
from iac_ec2lint.source.diagnostic import Diagnostic

if TYPE_CHECKING:
    from yaml import MarkedYAMLError, YAMLError

    from iac_ec2lint.source.span import SourceText

# What YAML does not allow as a character (YAML 1.1, 5.1).
_CONTROL = r"[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"

_WORDS = {
    "mapping values are not allowed": (
        'a ": " where no key can stand; quote the text, or check the indentation'
    ),
    "did not find expected key": "a key is expected here; check the indentation",
    "did not find expected '-' indicator": 'a "-" is expected here; check the indentation',
    "did not find expected ',' or ']'": 'a "," or a "]" is expected',
    "did not find expected ',' or '}'": 'a "," or a "}" is expected',
    "did not find expected node content": "a value is expected",
    "did not find expected <document start>": "something follows the end of the document",
    "could not find expected ':'": 'a ":" is expected after the key',
    "could not find expected directive name": "a line begins with %",
    "found unexpected end of stream": "the file ends inside it",
    "found unexpected document indicator": "the document ends inside it",
    "found a tab character": "a tab in the indentation, where YAML allows spaces only",
    "block sequence entries are not allowed": 'a "-" where no list can begin',
    "found undefined tag handle": "the tag's prefix is not declared",
    "found unknown escape character": 'a "\\" with a letter that is no escape',
    "exceeded maximum nesting depth": f"more than {limits.NESTING} levels of nesting are not read",
    "found incompatible YAML document": "a version of YAML that is not read",
}
_CONTEXTS = {
    "while scanning a quoted scalar": "the quoted text is not closed",
    "while parsing a quoted scalar": "the quoted text cannot be read",
    "while parsing a flow sequence": "the list in brackets is not closed",
    "while parsing a flow mapping": "the mapping in braces is not closed",
}


def of_yaml(source: SourceText, error: YAMLError) -> Diagnostic:
    """The diagnostic of an error of YAML's parser."""
    from yaml import MarkedYAMLError  # see reading
    from yaml.reader import ReaderError

    if isinstance(error, ReaderError):
        found = re.search(_CONTROL, source.text)  # compiled only here: that takes 3 ms
        offset = found.start() if found else 0
        code = f"U+{ord(source.text[offset]):04X}" if found else "an unknown one"
        return _at(source, offset, f"the character {code} is not allowed in YAML")
    if not isinstance(error, MarkedYAMLError):
        return Diagnostic.of_file(source.path, "it is not YAML")
    return _of_mark(source, error)


def _of_mark(source: SourceText, error: MarkedYAMLError) -> Diagnostic:
    mark = error.problem_mark or error.context_mark
    offset = min(mark.index, len(source.text)) if mark is not None else 0
    problem = error.problem or ""
    context = error.context or ""
    message = next((words for key, words in _WORDS.items() if problem.startswith(key)), "")
    if "cannot start any token" in problem:
        character = source.text[offset : offset + 1]
        message = (
            "a tab in the indentation, where YAML allows spaces only"
            if character == "\t"
            else f"unquoted text cannot begin with {character}"
        )
    unclosed = _CONTEXTS.get(context)
    ends = offset >= len(source.text.rstrip()) or "unexpected end" in problem
    if unclosed and ends and error.context_mark is not None:
        return _at(source, error.context_mark.index, unclosed)
    if ends and context.startswith("while parsing a flow"):
        message = "the file ends inside brackets or braces that are not closed"
    return _at(source, offset, message or f"it is not YAML: {problem}")


def _at(source: SourceText, offset: int, message: str) -> Diagnostic:
    line, column = source.position(offset)
    return Diagnostic(source.path, line, column, message)


def shorten(text: str, length: int = 60) -> str:
    """Text shortened for a message: one line of at most ``length`` characters."""
    line = " ".join(text.split())
    return line if len(line) <= length else line[: length - 1] + "…"
