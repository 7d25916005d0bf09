"""A broker that stops, hangs or forgets: acts commit as ever, and all is told afterwards.

Two beats run all the while, as by mistake.
"""

import time
from statistics import median

import pytest

from tests.chaos.world import World

OUTAGE = 8  # seconds at least
ACTS = 20  # of the outage, at least
FAST = 0.5  # seconds an act takes in the middle, on a machine busy with other tests
HINT = 0.0002  # seconds of it that go to the broker, in the middle

pytestmark = [pytest.mark.postgres, pytest.mark.full]


def test_it_stops(world: World) -> None:
    begin(world)
    world.broker.way.stop()
    acts_commit_meanwhile(world)
    world.broker.way.start()
    all_is_told(world)


def test_it_hangs(world: World) -> None:
    begin(world)
    world.broker.hang()
    acts_commit_meanwhile(world)
    world.broker.go_on()
    all_is_told(world)


def test_it_goes_without_a_word(world: World) -> None:
    begin(world)
    world.broker.way.hang()
    acts_commit_meanwhile(world)
    world.broker.way.serve_anew()
    all_is_told(world)


def test_it_is_cut_off_again_and_again(world: World) -> None:
    begin(world)
    for _ in range(6):
        world.broker.way.stop()
        time.sleep(0.2)
        world.broker.way.start()
        time.sleep(1)
    all_is_told(world)


def test_it_comes_back_empty(world: World) -> None:
    begin(world)
    world.broker.kill()
    acts_commit_meanwhile(world)
    world.broker.start()
    all_is_told(world)


def begin(world: World) -> None:
    world.swarm.role("write", "1")
    world.workers(beats=2)
    assert world.comes(lambda: world.mails().total() > 0)


def acts_commit_meanwhile(world: World) -> None:
    """No act waits for the broker, and none is told, so it is away indeed."""
    before, over = len(world.acts()), time.monotonic() + OUTAGE
    assert world.comes(lambda: time.monotonic() > over and len(world.acts()) > before + ACTS)
    assert world.comes(lambda: world.waiting()[0] > ACTS), "the broker is there"
    acts = world.acts()[before:]
    assert median(act["took"] for act in acts) < FAST
    assert max(act["took"] for act in acts) < OUTAGE / 2
    assert median(act["hint"] for act in acts) < HINT


def all_is_told(world: World) -> None:
    """By the workers and the beats that are there, each of them: nobody starts them anew."""
    world.swarm.stop("write")
    assert world.comes(world.told_on_screen), world.waiting()
    world.settle_mails()
    for sleep in [("worker-solo", "beat-0"), ("worker-prefork", "beat-1")]:
        with world.swarm.standing_still(*sleep):
            assert world.runs_anew("notifications.drain", times=3), f"only {sleep} are there again"
    world.settle_mails()
    world.check_told_once()
    world.check_mailed(repeats=0)
