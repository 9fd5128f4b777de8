"""Room for all the calls of a request, taken at once.

CPython (3.11 and after) keeps the frames of its calls in chunks of 16 KiB: the call that passes the end of a chunk maps
another, and its return unmaps it. A loop at that depth does so at each turn, and pages are made of loops of templates
dozens of calls deep: a form of the desk was counted to be 3 700 page faults, a tenth of its time.
"""

from collections.abc import Callable
from functools import wraps

# Pointers. A chunk is the power of two above what its first frame asks for: 1 MiB, of which this leaves half to the
# calls below, some three hundred of them.
SLOTS = 66_000


def with_room(function: Callable) -> Callable:
    """The same function: its own frame asks for so much that the chunk made for it holds those of what it calls."""

    @wraps(function)
    def roomy(*args, **kwargs):
        return function(*args, **kwargs)

    roomy.__code__ = roomy.__code__.replace(co_stacksize=SLOTS)
    return roomy
