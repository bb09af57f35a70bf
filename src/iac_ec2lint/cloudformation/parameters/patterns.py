"""What ``AllowedPattern`` says of a parameter's value.

Its expressions are Java's. Of their syntax that part is read which means the same in RE2; of a
pattern with anything else in it nothing is known.
Source: CloudFormation User Guide, "CloudFormation template Parameters syntax" (all of a ``String``
must match, and each value of a ``CommaDelimitedList``) and "Using regular expressions"; Java's
``java.util.regex.Pattern``.
"""

from __future__ import annotations

from typing import Final

from iac_ec2lint.source.regular_expression import regular_expression
from iac_ec2lint.values.allowed import Allowed, Form

_ESCAPE: Final = r"\\[dDwWsS.,:;/_+*?(){}|^$\\\[\]@#%&=<>!~'\" -]"
_SAME_IN_BOTH: Final = regular_expression(
    rf"(?:[^\\\[\](]|{_ESCAPE}|\\[bAz]"
    r"|\((?:\?:|(?!\?))"  # no flags, names or looking around
    # In Java a class may hold others, or what two of them have in common.
    rf"|\[\^?(?!\])(?:(?!&&)[^\\\[\]]|{_ESCAPE})+\])*+"
)


def allowed_by(pattern: str, kind: str) -> tuple[Allowed, ...]:
    """What a pattern demands, as far as it is understood.

    Args:
        pattern: What is written for ``AllowedPattern``.
        kind: The type of the parameter: of one that is none of these two a name must match.
    """
    each = kind == "CommaDelimitedList"
    if not (each or kind == "String") or _SAME_IN_BOTH.fullmatch(pattern) is None:
        return ()
    return (Allowed((Form(pattern, whole=True),), each),)
