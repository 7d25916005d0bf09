"""`python -m benchmarks.fields`: 200 people of 60 sections type into their sheets at once.

Over HTTP, to gunicorn on PostgreSQL in a database of its own. Everybody sends the form whenever
they pause, as the browser does, and says now and then that it is open, each time over a new
connection; one time in ten in a colleague's field. Asserted: what was kept was replaced only by who
had seen it, and everybody else was told.
"""

import http.client
import json
import os
import random
import re
import secrets
import socket
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from html import unescape
from threading import Barrier, Thread
from typing import Any
from urllib.parse import urlencode

from benchmarks import scratch
from workflow.audit.chain import canonical, digest

SECTIONS, PEOPLE = 60, 200
EVERY = float(os.environ.get("BENCH_EVERY", "5"))  # seconds from one pause in typing to the next
SAVES = int(os.environ.get("BENCH_SAVES", "8"))
WORKERS = int(os.environ.get("WEB_WORKERS", "2"))
INPUTS = {
    "overview": "sheet-overview",
    "aims": "sheet-aims",
    "rationale": "sheet-rationale",
    "reason": "reason",
    "actions": "sheet-actions-0-note",
}
"""Where each types: of the table, a cell of its first row."""
STRAY = 0.1
LIMIT_MS = 150
CSRF = secrets.token_hex(16)

BLANK = digest(canonical(""))[:16]  # typed.mark

Write = tuple[str, str, str, str]
"""Sheet, field, mark of what was replaced, mark of what is kept."""


@dataclass
class Person:
    number: int
    path: str
    cookies: str
    port: int
    form: dict[str, str]
    made_of: dict[str, str]
    first_row: str
    writes: list[Write] = field(default_factory=list)
    taken: list[float] = field(default_factory=list)  # seconds
    refused: int = 0

    def __post_init__(self) -> None:
        self.chance = random.Random(self.number)  # noqa: S311

    def open(self) -> None:
        self.send("here/", {})

    def write(self) -> None:
        time.sleep(self.chance.uniform(0, EVERY))
        following = time.monotonic()
        for n in range(SAVES):
            if (n + self.number) % 4 == 0:
                self.open()
            self.save(n)
            following += EVERY
            time.sleep(max(0.0, following - time.monotonic()))

    def save(self, n: int) -> None:
        """Type into one field and send the form; what is met is overwritten the next time."""
        fields = list(INPUTS)
        own = fields[self.number // SECTIONS % len(fields)]
        name = self.chance.choice(fields) if self.chance.random() < STRAY else own
        self.form[INPUTS[name]] = f"{self.number}人目の{n}回目"
        name = f"actions/{self.first_row}/note" if name == "actions" else name
        text = self.send("drafts/", self.form | {"was": json.dumps(self.made_of)})
        now = json.loads(unescape(re.search(r'id="id_was" value="([^"]*)"', text)[1]))  # type: ignore[index]
        kept = [f for f in now if now[f] != self.made_of.get(f)]
        self.writes += [(self.path, f, self.made_of.get(f, BLANK), now[f]) for f in kept]
        met = dict(re.findall(r'name="clash" value="([\w/]+)-(\w+)"', text))
        if name not in kept and name not in met:
            raise AssertionError(f"neither kept nor told: {text}")
        self.refused += len(met)
        self.made_of = now | met

    def send(self, part: str, form: dict[str, str]) -> str:
        headers = {
            "Cookie": self.cookies,
            "X-CSRFToken": CSRF,
            "Content-Type": "application/x-www-form-urlencoded",
        }
        started = time.perf_counter()
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request("POST", self.path + part, urlencode(form), headers)
        response = connection.getresponse()
        text = response.read().decode()
        connection.close()
        self.taken.append(time.perf_counter() - started)
        if response.status != 200:
            raise AssertionError(f"{response.status}: {text[:500]}")
        return text


def people(port: int) -> list[Person]:
    from django.contrib.auth.models import Group
    from django.test import Client

    from revisions.demo.city import IN_OFFICE_SINCE, load_city
    from revisions.inquiry.queries import sheets_of
    from revisions.inquiry.queries_drafts import base_of
    from revisions.inquiry.typed import as_initial, marks
    from revisions.plan.forms import SheetForm
    from tests.factories import TODAY, user
    from tests.revisions.drafts import demo_content, running_revision
    from tests.revisions.inquiry import walk
    from tests.revisions.plan.posted import posted
    from workflow.models import Appointment, Post

    load_city(today=TODAY, password=None)
    content, sections = deepcopy(demo_content()), walk.many_sections(SECTIONS)
    sample = content["projects"][0]
    added = [sample | {"uid": f"B{n:02}", "lead": [s.code]} for n, s in enumerate(sections)]
    program = content["policies"][0]["programs"][0]
    last = len(program["placements"])
    program["placements"] += [
        {"number": n, "project": sheet["uid"]} for n, sheet in enumerate(added, last + 1)
    ]
    content["projects"] += added
    revision = running_revision(content=content)
    inquiry = walk.issued(*(s.code for s in sections), revision=revision)
    made = []
    for n in range(PEOPLE):
        section = sections[n % SECTIONS]
        group = Group.objects.create(name=f"bench:{n}")
        post = Post.objects.create(
            code=f"bench-{n}", name=f"担当{n}", rank="staff", section=section, group=group
        )
        by = type(user("joho-tanto")).objects.create(username=f"bench-{n}", name=f"担当{n}")
        by.groups.add(section.group)
        Appointment.objects.create(user=by, post=post, since=IN_OFFICE_SINCE)
        target = walk.target_of(inquiry, section.code)
        if n < SECTIONS:
            walk.receive(target, by=by.username)
        client = Client()
        client.force_login(by)
        cookies = {name: morsel.value for name, morsel in client.cookies.items()}
        cookies["csrftoken"] = CSRF
        uid = f"B{n % SECTIONS:02}"
        values = base_of(target, sheets_of(target), uid)
        form = posted(SheetForm(plan=revision.plan, initial=as_initial(values))) | {"reason": ""}
        made.append(
            Person(
                number=n,
                path=f"/answers/{target.pk}/sheets/{uid}/",
                cookies="; ".join(f"{name}={value}" for name, value in cookies.items()),
                port=port,
                form=form,
                made_of=marks(values),
                first_row=values["actions"].split()[0],
            )
        )
    return made


def nothing_is_lost(everybody: list[Person], bases: dict[str, dict[str, str]]) -> None:
    """Follow the writes of every field from what it said first to what the database has."""
    from revisions.inquiry.typed import mark
    from revisions.models import AnswerDraft

    said = {
        (f"/answers/{draft.target_id}/sheets/{draft.uid}/", draft.field): mark(draft.value)
        for draft in AnswerDraft.objects.all()
    }
    chains: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
    for path, name, was, now in (write for person in everybody for write in person.writes):
        chains[path, name].append((was, now))
    if chains.keys() != said.keys():
        raise AssertionError("a field was kept and is not there")
    for (path, name), steps in chains.items():
        at, following = bases[path].get(name, BLANK), dict(steps)
        for _ in steps:
            at = following[at]
        if len(following) != len(steps) or at != said[path, name]:
            raise AssertionError(f"something was overwritten unseen: {path} {name}")


def all_at_once(everybody: list[Person], what: str) -> None:
    """Let everybody do it, in a thread of their own; raise what went wrong."""
    acts = {"open": Person.open, "write": Person.write, "save": lambda p: p.save(SAVES)}
    gate, wrong = Barrier(len(everybody)), []

    def run(person: Person) -> None:
        gate.wait()
        try:
            acts[what](person)
        except Exception as error:
            wrong.append(error)

    threads = [Thread(target=run, args=[person]) for person in everybody]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if wrong:
        raise wrong[0]


@contextmanager
def server(port: int) -> Iterator[None]:
    from config.processes import start, stop_all

    os.environ |= {"PORT": str(port), "WEB_WORKERS": str(WORKERS), "LOG_LEVEL": "WARNING"}
    child = start([sys.executable, "-m", "gunicorn", "-c", "config/gunicorn.py", "config.wsgi"])
    try:
        while socket.socket().connect_ex(("127.0.0.1", port)):
            time.sleep(0.1)
        yield
    finally:
        stop_all([child], patience=10)


def measured(everybody: list[Person], what: str) -> dict[str, Any]:
    for person in everybody:
        person.taken.clear()
    started = time.monotonic()
    all_at_once(everybody, what)
    lasted = time.monotonic() - started
    taken = sorted(1000 * t for person in everybody for t in person.taken)
    p95 = statistics.quantiles(taken, n=20)[-1]
    return {"n": len(taken), "a second": len(taken) / lasted, "p50": statistics.median(taken)} | {
        "p95": p95,
        "max": taken[-1],
    }


def report(usual: dict[str, Any], burst: dict[str, Any], everybody: list[Person]) -> str:
    row = "| {} | {:,} | {:.0f} | {:.0f} | {:.0f} | {:.0f} |"
    names = ("n", "a second", "p50", "p95", "max")
    writes = sum(len(person.writes) for person in everybody)
    refused = sum(person.refused for person in everybody)
    lines = [
        f"{SECTIONS}課の{PEOPLE}人が、一人{EVERY:g}秒ごとに様式を保存する（HTTP、gunicorn "
        f"{WORKERS}プロセス、PostgreSQL）。目標 p95 {LIMIT_MS} ms 以下。送る側も同じ機械で動く。",
        "",
        "| 送り方 | 回数 | 毎秒 | 中央値 ms | p95 ms | 最大 ms |",
        "| --- | ---: | ---: | ---: | ---: | ---: |",
        row.format("書きながら", *(usual[name] for name in names)),
        row.format("全員が同じ瞬間に", *(burst[name] for name in names)),
        "",
        f"保存した欄 {writes:,}、相手の文を示した欄 {refused:,}、失われた文 0（検査済み）。",
    ]
    return "\n".join(lines)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, scratch.database("fields") as url:
        os.environ |= {"DATABASE_URL": url, "VAR_DIR": folder}
        os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
        import django

        django.setup()
        from django.core.management import call_command
        from django.db import connection

        call_command("migrate", verbosity=0)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        everybody = people(port)
        bases = {person.path: dict(person.made_of) for person in everybody}
        with server(port):
            all_at_once(everybody, "open")
            usual = measured(everybody, "write")
            burst = measured(everybody, "save")
        nothing_is_lost(everybody, bases)
        connection.close()
        print(report(usual, burst, everybody))  # noqa: T201


if __name__ == "__main__":
    main()
