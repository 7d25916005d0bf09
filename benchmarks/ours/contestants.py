"""This project's commands, and the floor under them."""

import sqlite3
import statistics
import time
from typing import Any

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from benchmarks.floor import Text, write_postgres, write_sqlite
from benchmarks.ours import work
from benchmarks.ours.samples import line, place, sampled_line, sampled_stage
from benchmarks.serve import Handle
from revisions.cycle.commands import conclude_stage
from revisions.demo.city import load_city
from workflow.models import AuditEntry, Request
from workflow.signoff.commands import approve

BRACKETS = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT", "ROLLBACK")
LINK = ("dbname", "user", "password", "host", "port")


class Commands:
    """approve and conclude_stage, called as the views call them: whoever acts is signed in."""

    def __init__(self) -> None:
        self.people = [work.holder(work.post(code).pk) for code in work.LINE]
        self.secretariat = work.drafter()

    def prepare(self, what: str, n: int) -> dict[str, list[Handle]]:
        if what == "conclude":
            return {"conclude": [[stage.pk, 0] for stage in work.stages(n)]}
        made = [[step.pk for step in steps] for _request, steps in work.requests(n)]
        return _in_turn([[[pk, turn] for turn, pk in enumerate(steps)] for steps in made])

    def act(self, what: str, handle: Handle) -> None:
        pk, person = handle
        if what == "conclude":
            conclude_stage(stage_id=pk, outcome="reported", by=self.secretariat, at=work.AT)
        else:
            approve(step_id=pk, by=self.people[person], at=work.AT)

    def audited(self, handle: Handle) -> int:
        request = Request.objects.get(steps=handle[0])
        return AuditEntry.objects.filter(subject=request.key, verb="signoff.approved").count()

    def long_line(self, steps: int, times: int = 20) -> dict[str, float]:
        """Return the statements of an approval in a line of so many steps, and its median ms."""
        made = work.requests(times // (steps - 1) + 1, steps=steps)
        turns = [step for _request, line in made for step in line[:-1]]
        taken = []
        for step in turns[:times]:
            by, started = work.holder(step.post_id), time.perf_counter()
            approve(step_id=step.pk, by=by, at=work.AT)
            taken.append(time.perf_counter() - started)
        step = turns[times]
        by = work.holder(step.post_id)
        with CaptureQueriesContext(connection) as captured:
            approve(step_id=step.pk, by=by, at=work.AT)
        sent = [q for q in captured if not q["sql"].upper().startswith(BRACKETS)]
        return {"statements": len(sent), "ms": statistics.median(taken) * 1000}

    def bulk(self, n: int) -> float | None:
        """Return the seconds that it takes to approve many at once; None where it cannot be."""
        try:
            from workflow.signoff.commands_bulk import approve_all
        except ImportError:
            return None
        steps = [steps[0].pk for _request, steps in work.requests(n)]
        started = time.perf_counter()
        approve_all(step_ids=steps, by=self.people[0], at=work.AT)
        return time.perf_counter() - started


class Raw:
    """The floor: the same rows as the commands write, without Django, on the same tables."""

    def __init__(self) -> None:
        self.line, self.stage = sampled_line(), sampled_stage()
        self.texts: dict[int, list[Text]] = {}
        if connection.vendor == "postgresql":
            known = connection.get_connection_params()
            wanted = {name: known[name] for name in LINK if name in known}
            self.cursor: Any = psycopg.connect(**wanted, autocommit=True).cursor()
            self.write = write_postgres
        else:
            raw = sqlite3.connect(settings.DATABASES["default"]["NAME"], isolation_level=None)
            raw.executescript(settings.SQLITE_PRAGMAS)
            self.cursor, self.write = raw.cursor(), write_sqlite

    def prepare(self, what: str, n: int) -> dict[str, list[Handle]]:
        self.texts = {}
        if what == "conclude":
            acts = [self.stage.on(place(stage)) for stage in work.stages(n)]
            return {"conclude": [self._keep(texts) for texts in acts]}
        made = [line(request, steps) for request, steps in work.requests(n)]
        turns = range(len(self.line.floors))
        return _in_turn([[self._keep(self.line.on(one, turn)) for turn in turns] for one in made])

    def _keep(self, texts: list[Text]) -> Handle:
        self.texts[len(self.texts)] = texts
        return [len(self.texts) - 1]

    def act(self, what: str, handle: Handle) -> None:
        self.write(self.cursor, self.texts[handle[0]])


def set_up() -> None:
    call_command("migrate", verbosity=0)
    load_city(today=work.TODAY, password=None)


def _in_turn(requests: list[list[Handle]]) -> dict[str, list[Handle]]:
    """All first steps, then all second ones …: whoever acts next acts on another request."""
    *turns, last = zip(*requests, strict=True)
    return {"approve": [handle for turn in turns for handle in turn], "decide": list(last)}
