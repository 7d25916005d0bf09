"""How long what failed waits."""

from datetime import timedelta

import pytest

from workflow.outbox.backoff import pause

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def test_it_grows_and_spreads():
    pauses = [pause(n, seed=1) for n in range(1, 8)]
    assert pauses == sorted(pauses)
    assert 0.8 * MINUTE <= pauses[0] <= 1.2 * MINUTE
    assert len({pause(3, seed=seed) for seed in range(50)}) > 40
    assert pause(3, seed=9) == pause(3, seed=9)


def test_eight_tries_take_most_of_a_day():
    for seed in range(50):
        assert 12 * HOUR < sum((pause(n, seed=seed) for n in range(1, 8)), timedelta()) < DAY


@pytest.mark.parametrize("attempts", [9, 100, 32_767])
def test_what_is_never_given_up_is_tried_every_day(attempts):
    waits = [pause(attempts, seed=seed) for seed in range(50)]
    assert 0.8 * DAY <= min(waits) < max(waits) <= 1.2 * DAY
