"""How long what failed waits for its next try, whatever it is. Pure: no database, no clock."""

from datetime import timedelta
from random import Random

FIRST_PAUSE, GROWTH, SPREAD = timedelta(minutes=1), 3, 0.2  # 8 tries in about 18 hours
LONGEST_PAUSE = timedelta(days=1)


def pause(attempts: int, *, seed: int) -> timedelta:
    """Return how long to wait after so many failures in a row; spread, so that what failed
    together does not come back at once.

    attempts  1 or more
    seed      id of what failed
    """
    spread = Random(seed).uniform(1 - SPREAD, 1 + SPREAD)  # noqa: S311
    return min(FIRST_PAUSE * GROWTH ** min(attempts - 1, 9), LONGEST_PAUSE) * spread
