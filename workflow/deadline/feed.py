"""Deadlines as iCalendar (RFC 5545), in Japanese whoever asks: calendars send no language."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from urllib.parse import urlsplit

from icalendar import Calendar, Event, vDuration

from workflow.deadline.calendar import in_tokyo
from workflow.deadline.era import era_date
from workflow.deadline.models import Deadline
from workflow.deadline.naming import DayName, day_names
from workflow.deadline.registry import kind_of

REFRESH = timedelta(hours=1)


def feed(deadlines: Iterable[Deadline], *, base_url: str, at: datetime) -> bytes:
    """Return one all-day event a deadline, on its due day: what Outlook and groupware show.

    No METHOD: that of RFC 5546 asks for an ORGANIZER, which RFC 5545 forbids in what nobody is
    invited to, and which makes Outlook ask whether one comes.

    deadlines  with `whose` and `changed_at`
    base_url   what links begin with
    at         moment; what was due before it is marked as late
    """
    calendar = Calendar()
    calendar.add("prodid", "-//Kaitei//Deadlines//JA")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", "改定の期限")
    calendar.add("x-wr-timezone", "Asia/Tokyo")
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", vDuration(REFRESH))
    deadlines = list(deadlines)
    names = day_names(deadlines)
    for deadline in deadlines:
        calendar.add_component(_event(deadline, names.get(deadline.subject), base_url, at))
    return calendar.to_ical()


def _event(deadline: Deadline, name: DayName | None, base_url: str, at: datetime) -> Event:
    word = "期限超過" if deadline.due_at < at else "期限"
    label = str(kind_of(deadline.kind).label)
    url = base_url + ((name and name.link) or deadline.link)
    due_on, changed_at = in_tokyo(deadline.due_at), deadline.changed_at  # type: ignore[attr-defined]
    event = Event()
    event.add("uid", f"deadline-{deadline.pk}@{urlsplit(base_url).hostname}")
    event.add("sequence", deadline.chain_length)
    event.add("dtstamp", changed_at)
    event.add("last-modified", changed_at)
    event.add("dtstart", due_on)
    event.add("dtend", due_on + timedelta(days=1))
    event.add("summary", f"【{word}】{label}{'：' if label else ''}{deadline.title}")
    told = [f"担当：{deadline.whose}", *_days(due_on, name), url]  # type: ignore[attr-defined]
    event.add("description", "\n".join(told))
    event.add("url", url)
    event.add("categories", [word])
    event.add("transp", "TRANSPARENT")
    return event


def _days(due_on: date, name: DayName | None) -> Iterator[str]:
    """The reader's own day, then that of the whole; nothing where there is one only."""
    if name and (name.word or name.whole_on != due_on):
        yield f"{f'{name.word}の' if name.word else ''}期限：{era_date(due_on)}"
        yield f"{name.whole}：{era_date(name.whole_on)}"
