"""Workers and beats killed with -9 at any instruction: nothing is lost or told twice."""

import os
import time
from random import Random

import pytest

from tests.chaos.world import World

KILLS = int(os.environ.get("KILLS", "2"))
SEED = os.environ.get("SEED", "20261124")

pytestmark = [pytest.mark.postgres, pytest.mark.full]


def test_killed_at_any_instruction_everybody_is_told_once(world: World) -> None:
    print(f"KILLS={KILLS} SEED={SEED}")  # noqa: T201  a failure is run again with it
    random = Random(SEED)  # noqa: S311
    writer, ring = world.swarm.role("write", SEED), world.swarm.role("ring")
    world.workers(beats=2)
    world.supervised = True
    for _ in range(KILLS):
        wait_for_work(world)
        time.sleep(random.uniform(0, 0.5))
        world.swarm.kill_some(random)
    writer.kill()
    assert world.comes(world.told_on_screen), world.waiting()
    world.settle_mails()
    ring.kill()
    world.check_told_once()
    world.check_mailed(repeats=KILLS)
    world.check_trail()


def wait_for_work(world: World) -> None:
    """A process that is still starting holds nothing that could be lost."""
    before = world.mails().total()
    assert world.comes(lambda: world.mails().total() > before)
