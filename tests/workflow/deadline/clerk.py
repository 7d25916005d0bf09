"""An office of paper: a clerk who looks at every sheet whenever asked, and tells whom it names.

The second half of the oracle: what the rules, the calendar, the hours and the acts of a year come
to, without a line of the code that reminds.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from tests.workflow.deadline.oracle import (
    ORDER,
    TOKYO,
    Days,
    Place,
    Step,
    falls,
    last_second,
    numbers,
    places_of,
)

LOOKED = timedelta(days=120)  # before a due day, and no rule looks further
OWN = "own"


@dataclass
class Sheet:
    """A deadline.

    holder  group (id) that is asked
    since   what fell due up to then needs no telling, since the day is of then; None once looked at
    told    places that were told of, or need no telling, since the day was last set
    """

    name: str
    kind: str
    holder: int
    due_on: date
    since: datetime | None
    received: bool
    said_late: bool = False
    told: set[Place] = field(default_factory=set)

    def anew(self, due_on: date, at: datetime) -> None:
        self.due_on, self.since, self.said_late, self.told = due_on, at, False, set()


@dataclass(frozen=True)
class Told:
    """left  open days until the due day, negative when it is over"""

    name: str
    at: datetime
    verb: str
    tier: str
    group: int
    left: int


@dataclass
class Hours:
    opens: time
    closes: time
    remind_at: time


@dataclass
class Clerk:
    """rules    kind → its lines; "" is of all kinds without their own
    hours    group (id) → its own; 0 is the city
    ladders  holder → tier → group (id), and OWN → the section that a post belongs to
    vacant   groups in which nobody is
    """

    rules: dict[str, list[Step]]
    hours: dict[int, Hours]
    ladders: dict[int, dict[str, int]]
    days: Days = field(default_factory=Days)
    vacant: set[int] = field(default_factory=set)
    sheets: dict[str, Sheet] = field(default_factory=dict)

    def tell(self, at: datetime) -> Iterator[Told]:
        """Look at every sheet; tell of each once, where its office is open."""
        for sheet in self.sheets.values():
            self._look_at(sheet)
            if self._is_open(sheet, at) and (owed := self._owed(sheet, at)):
                yield self._tell(sheet, owed, at)

    def set_rule(self, kind: str, steps: list[Step], at: datetime) -> None:
        """From the first place on that is owed, else from now on, the new rule holds."""
        for sheet in self.sheets.values():
            if kind in (sheet.kind, self._ruled_by(sheet)):
                self._look_at(sheet)
                owed = [moment for moment, _ in self._owed(sheet, at)]
                first = min(owed, default=None)
                sheet.told |= {
                    place
                    for moment, place in self._moments(sheet, at)
                    if first is None or moment < first
                }
        self.rules[kind] = steps

    def _look_at(self, sheet: Sheet) -> None:
        if sheet.since is not None:
            sheet.told = {place for _, place in self._moments(sheet, sheet.since)}
            sheet.since = None

    def close(self, day: date, *, forward: set[str], at: datetime) -> None:
        """Close a day; what of the kinds `forward` is due then comes forward to the day before."""
        self.days = Days(self.days.closed | {day}, self.days.opened - {day})
        before = day
        while self.days.is_closed(before):
            before -= timedelta(1)
        for sheet in self.sheets.values():
            if sheet.kind in forward and sheet.due_on == day and not sheet.said_late:
                sheet.due_on = before if before >= at.astimezone(TOKYO).date() else day

    def open(self, day: date) -> None:
        self.days = Days(self.days.closed - {day}, self.days.opened | {day})

    def as_the_law_says(self, day: date) -> None:
        self.days = Days(self.days.closed - {day}, self.days.opened - {day})

    def _tell(self, sheet: Sheet, owed: list[tuple[datetime, Step]], at: datetime) -> Told:
        _, step = max(owed, key=lambda one: (ORDER.index(one[1]["to"]), one[0]))
        tier, group = self._reached(sheet, step["to"])
        late = at > last_second(sheet.due_on)
        if tier != "holder":
            verb = "escalated"
        elif step["unreceived"] and not late:
            verb = "unreceived"
        elif late:
            verb = "urged" if sheet.said_late else "passed"
        else:
            verb = "reminded"
        number, today = numbers(self.days), at.astimezone(TOKYO).date()
        sheet.said_late = sheet.said_late or late
        sheet.told |= {place for _, place in self._moments(sheet, at)}
        left = number[sheet.due_on] - number[today]
        return Told(sheet.name, at, f"deadline.{verb}", tier, group, left)

    def _owed(self, sheet: Sheet, at: datetime) -> list[tuple[datetime, Step]]:
        steps = [
            step
            for step in self.rules[self._ruled_by(sheet)]
            if not (step["unreceived"] and sheet.received)
        ]
        return [
            (moment, step)
            for moment, place in self._moments(sheet, at)
            if place not in sheet.told
            for step in steps
            if falls(step, place)
        ]

    def _moments(self, sheet: Sheet, until: datetime) -> Iterator[tuple[datetime, Place]]:
        hour = self._hours(sheet).remind_at
        for day, place in _places(sheet.due_on, self.days):
            moment = datetime.combine(day, hour, tzinfo=TOKYO)
            if moment > until:
                return
            yield moment, place

    def _reached(self, sheet: Sheet, tier: str) -> tuple[str, int]:
        """Who is not there is passed over: upwards, then downwards; nobody: the holder."""
        height, ladder = ORDER.index(tier), self.ladders[sheet.holder]
        for name in [*ORDER[height:], *reversed(ORDER[1:height])]:
            group = ladder.get(name, 0)
            is_asked = group in (sheet.holder, ladder.get(OWN))
            if group and group not in self.vacant and (name == "holder" or not is_asked):
                return name, group
        return "holder", sheet.holder

    def _is_open(self, sheet: Sheet, at: datetime) -> bool:
        here, hours = at.astimezone(TOKYO), self._hours(sheet)
        is_time = hours.remind_at <= here.time() <= hours.closes
        return is_time and not self.days.is_closed(here.date())

    def _hours(self, sheet: Sheet) -> Hours:
        return self.hours.get(sheet.holder) or self.hours[0]

    def _ruled_by(self, sheet: Sheet) -> str:
        return sheet.kind if sheet.kind in self.rules else ""


@lru_cache(maxsize=5_000)
def _places(due_on: date, days: Days) -> list[tuple[date, Place]]:
    found = []
    for n in range(2 * LOOKED.days + 365):
        day = due_on - LOOKED + timedelta(n)
        found += [(day, place) for place in places_of(due_on, day, days)]
    return found
