"""Who stands above whoever is asked, as the office is now: 担当 → 課長 → 庶務担当課 → …"""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date

from workflow.deadline.models import Deadline
from workflow.deadline.naming import DayName, day_names
from workflow.deadline.registry import Acting, askers_of, kind_of
from workflow.deadline.schedule import TIERS
from workflow.people.models import Body, Post, Section, User
from workflow.people.states import Rank

_WORDS = dict(
    zip(TIERS, ("担当", "課長", "庶務担当課", "事務局", "部長"), strict=True)
)  # as they are kept: in Japanese, whoever reads


@dataclass(frozen=True)
class Rung:
    group: int
    name: str


@dataclass(frozen=True)
class Telling:
    """Whom a reminder reaches.

    tier     where it arrived, which is not where the rule sends it when nobody is there
    skipped  why it went on, in words: 課長は欠員; first of all that there is no holder
    vacant   nobody is whoever is asked
    """

    tier: str
    rung: Rung
    holder: str
    skipped: list[str] = field(default_factory=list)
    vacant: bool = False


@dataclass(frozen=True)
class _Place:
    """Where a group is in the office; ids."""

    name: str
    section: int | None = None
    department: int | None = None


class Office:
    """The office of a day as far as some deadlines need it.

    Five statements, and those in which their kinds tell who is away and what a day is called,
    however many they are.
    """

    def __init__(self, deadlines: Collection[Deadline], on: date) -> None:
        self._acting = _acting(deadlines, on)
        self._askers = askers_of({deadline.part_of for deadline in deadlines})
        groups = {deadline.group_id for deadline in deadlines} | {*self._askers.values()}
        groups.update(d.asked_by_id for d in deadlines if d.asked_by_id)
        groups.update(group for group in self._acting.values() if group)
        self._places: dict[int, _Place] = {}
        self._own: dict[int, int] = {}
        self._above: dict[tuple[str, int], Rung] = {}
        for section in Section.objects.all():
            self._add_section(section)
        leading = Post.objects.filter(rank__in=[Rank.SECTION_CHIEF, Rank.DIRECTOR])
        for post in (leading | Post.objects.filter(group__in=groups)).select_related("section"):
            self._add_post(post)
        for group, name in Body.objects.filter(group__in=groups).values_list("group", "name"):
            self._places[group] = _Place(name)
        self._filled = set(
            User.groups.through.objects.filter(user__is_active=True)
            .values_list("group", flat=True)
            .distinct()
        )
        self._days = day_names(deadlines)

    def day_of(self, deadline: Deadline) -> DayName | None:
        """Return which day of what it is about a deadline is; None where there is one only."""
        return self._days.get(deadline.subject)

    def telling(self, deadline: Deadline, tier: str) -> Telling:
        """Return whom a reminder to a tier reaches: there, else the next above, else below.

        Who is away is told of by whoever acts for them. Nobody at all: whoever is asked, as if
        somebody were there.
        """
        holder, height = self._holder(deadline), TIERS.index(tier)
        vacant = holder.group not in self._filled
        skipped = [f"{holder.name}は欠員"] if vacant else []
        if height == 0 and (vacant or deadline.pk in self._acting):
            skipped = skipped or [f"{holder.name}は不在"]
            if instead := self._instead(deadline):
                return Telling(TIERS[0], instead, holder.name, skipped, vacant)
            height = 1
        for at in (*range(height, len(TIERS)), *range(height - 1, 0, -1)):
            rung = holder if at == 0 else self._rung(deadline, TIERS[at])
            if rung and rung.group in self._filled and not (at and self._same(deadline, rung)):
                return Telling(TIERS[at], rung, holder.name, skipped, vacant)
            skipped.append(self._why(deadline, TIERS[at], rung))
        return Telling(TIERS[0], holder, holder.name, skipped, vacant)

    def _holder(self, deadline: Deadline) -> Rung:
        place = self._places.get(deadline.group_id)
        return Rung(deadline.group_id, place.name if place else _WORDS["holder"])

    def _instead(self, deadline: Deadline) -> Rung | None:
        group = self._acting.get(deadline.pk) or 0
        return Rung(group, self._places[group].name) if group in self._places else None

    def _rung(self, deadline: Deadline, tier: str) -> Rung | None:
        if tier == "secretariat":
            asker = deadline.asked_by_id or self._askers.get(deadline.part_of, 0)
            return Rung(asker, self._places[asker].name) if asker in self._places else None
        place = self._places.get(deadline.group_id) or _Place("")
        of = place.section if tier == "chief" else place.department
        return self._above.get((tier, of)) if of else None

    def _same(self, deadline: Deadline, rung: Rung) -> bool:
        """Tell whether it is whoever is asked, or the whole section they belong to."""
        place = self._places.get(deadline.group_id)
        own = self._own.get(place.section) if place and place.section else None
        return rung.group in (deadline.group_id, own)

    def _why(self, deadline: Deadline, tier: str, rung: Rung | None) -> str:
        if rung is None:
            return f"{_WORDS[tier]}なし"
        if tier != "holder" and self._same(deadline, rung):
            return f"{_WORDS[tier]}は担当自身"
        return f"{rung.name}は欠員"

    def _add_section(self, section: Section) -> None:
        name, department = section.name, section.department_id
        self._places[section.group_id] = _Place(name, section.pk, department)
        self._own[section.pk] = section.group_id
        if section.is_coordinating:
            self._above.setdefault(("coordinating", department), Rung(section.group_id, name))

    def _add_post(self, post: Post) -> None:
        department = post.section.department_id if post.section else post.department_id
        self._places[post.group_id] = _Place(post.name, post.section_id, department)
        rung = Rung(post.group_id, post.name)
        if post.rank == Rank.SECTION_CHIEF and post.section_id:
            self._above.setdefault(("chief", post.section_id), rung)
        if post.rank == Rank.DIRECTOR and department:
            self._above.setdefault(("director", department), rung)


def _acting(deadlines: Collection[Deadline], on: date) -> Acting:
    found: dict[int, int | None] = {}
    for code in {deadline.kind for deadline in deadlines}:
        found |= kind_of(code).acting([d for d in deadlines if d.kind == code], on)
    return found


def reason_of(telling: Telling, left: int) -> str:
    """Return why the reader is told, in the words that are kept.

    left  as schedule.days_left()
    """
    holder, skipped = telling.holder, telling.skipped
    if telling.vacant:
        late = f"期限を{-left}開庁日過ぎても済んでいないため" if left < 0 else "期限が近いため"
        because, skipped = f"{holder}は欠員で、{late}", skipped[1:]
    elif left < 0:
        because = f"{holder}が期限を{-left}開庁日過ぎても済ませていないため"
    else:
        because = f"{holder}の期限が近いため"
    words = f"{because}、{telling.rung.name}に知らせています。"
    return f"{words}（{'、'.join(skipped)}のため）" if skipped else words
