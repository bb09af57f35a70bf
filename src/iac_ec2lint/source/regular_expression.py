"""Regular expressions that are compiled when they are first used.

Compiling those of all checks takes longer than a scan of one small folder, which uses few of them.
"""

import re
from typing import Any, AnyStr, cast


class _Late:
    """Stands for the compiled pattern, and has its methods once the first of them was asked for."""

    def __init__(self, text: str | bytes, flags: int) -> None:
        self._text = text
        self._flags = flags

    def __getattr__(self, name: str) -> Any:
        compiled = re.compile(self._text, self._flags)
        for known in (name, "search", "match", "fullmatch", "finditer", "findall", "sub"):
            setattr(self, known, getattr(compiled, known))
        return getattr(compiled, name)


def regular_expression(text: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """The pattern that :func:`re.compile` makes of a text and its flags.

    Raises:
        re.error: When it is first used, if the text is no regular expression.
    """
    return cast("re.Pattern[AnyStr]", _Late(text, flags))
