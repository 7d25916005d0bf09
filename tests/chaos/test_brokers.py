"""A broker that stops, hangs or forgets: acts commit as ever, and all is told afterwards."""

import time
from statistics import median

import pytest

from tests.chaos.brokers import Redis
from tests.chaos.world import World

OUTAGE = 8  # seconds
FAST = 0.5  # seconds an act takes in the middle, on a machine busy with other tests

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


@pytest.mark.parametrize("world", ["redis"], indirect=True)
def test_it_comes_back_empty(world: World) -> None:
    assert isinstance(world.broker, Redis)
    begin(world)
    world.broker.kill()
    acts_commit_meanwhile(world)
    world.broker.start()
    all_is_told(world)


def begin(world: World) -> None:
    world.swarm.role("write", "1")
    world.workers()
    assert world.comes(lambda: world.mails().total() > 0)


def acts_commit_meanwhile(world: World) -> None:
    before = len(world.acts())
    time.sleep(OUTAGE)
    took = [act["took"] for act in world.acts()[before:]]
    assert took
    assert median(took) < FAST


def all_is_told(world: World) -> None:
    """By the workers and the beat that are there: nobody starts them anew."""
    world.swarm.stop("write")
    assert world.comes(world.told_on_screen), world.waiting()
    world.settle_mails()
    world.check_told_once()
    world.check_mailed(repeats=0)
