"""One test of many small cases, which names each of those that it does not hold of."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

import pytest

Case = TypeVar("Case")


def of_each(
    cases: Iterable[Case], name: Callable[[Case], object] = str
) -> Callable[[Callable[[Case], None]], Callable[[], None]]:
    """Makes what holds of a case a test of all of them: thousands of tests cost more than they do.

    Args:
        cases: The cases.
        name: What a case is called where it does not hold.
    """

    def decorate(holds: Callable[[Case], None]) -> Callable[[], None]:
        def test() -> None:
            failed = []
            tried = 0
            for case in cases:
                tried += 1
                try:
                    holds(case)
                except AssertionError as error:
                    failed.append(f"{name(case)}: {error}")
                except Exception as error:
                    error.add_note(f"with {name(case)}")
                    raise
            assert tried, "there are no cases"
            if failed:
                pytest.fail("\n".join(failed), pytrace=False)

        test.__name__, test.__qualname__ = holds.__name__, holds.__qualname__
        test.__module__, test.__doc__ = holds.__module__, holds.__doc__
        return test

    return decorate
