"""The machine's clock set by an hour, under workers and a beat that run on."""

import pytest

from tests.chaos.world import World

pytestmark = [pytest.mark.postgres, pytest.mark.full]


@pytest.mark.parametrize("hours", [-1, 1])
def test_set_by_an_hour_nobody_waits_for_it_or_is_told_twice(world_with, hours: int) -> None:
    world: World = world_with("redis")
    world.workers()
    world.swarm.role("write", "1")
    assert world.comes(lambda: world.mails().total() > 0)
    world.set_clock(hours=hours)
    before = world.events_told()
    assert world.runs_anew("deadline.sweep"), "beat waits for the old hour"
    assert world.comes(lambda: world.events_told() > before + 20)
    world.swarm.stop("write")
    assert world.comes(world.told_on_screen), world.waiting()
    world.settle_mails()
    world.check_told_once()
    world.check_mailed(repeats=0)
