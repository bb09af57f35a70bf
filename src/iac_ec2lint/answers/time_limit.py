"""The end that ``--timeout`` sets to a scan: a last resort, for a machine that others wait for.

What is judged until then hangs on the machine; what a scan may take, on any, is its ``Budget``.
"""

from __future__ import annotations

import signal
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

OVER = "--timeout was over before all of it was judged"
NO_MEMORY = "there is not enough memory to evaluate it; nothing in it was judged"
"""As that of a time that is over, an error that hangs on the machine."""


class OutOfTime(BaseException):
    """The time is over. No ``except Exception`` on the way takes it for a bug."""


@contextmanager
def until(end: float | None) -> Iterator[None]:
    """Let what is done inside end at a time of the monotonic clock; ``None`` for no end.

    Raises:
        OutOfTime: It is over.
    """
    if end is None:
        yield
        return
    left = end - time.monotonic()
    if left <= 0:
        raise OutOfTime
    before = signal.signal(signal.SIGALRM, _stop)
    signal.setitimer(signal.ITIMER_REAL, left)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _stop(signum: int, frame: FrameType | None) -> NoReturn:  # noqa: ARG001 - a handler's signature
    raise OutOfTime
