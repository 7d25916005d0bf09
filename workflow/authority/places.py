"""Whom the places of a rule mean, seen from one drafter's post on one day."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Q

from workflow.authority.resolve import Place
from workflow.people.models import Post, Seat
from workflow.people.states import Rank


class Directory:
    """Every post that some places name. Two statements, however many there are."""

    def __init__(self, places: Iterable[Place], drafter: Post, on: date) -> None:
        self.drafter = drafter
        self.section = drafter.section_id
        own = drafter.section.department_id if drafter.section else None
        self.department = drafter.department_id or own
        named = [place.who.split(":") for place in places]
        codes = {kind: {who[1] for who in named if who[0] == kind} for kind in _KINDS}
        found = Post.objects.filter(self._own() | _called(codes))
        self.known = list(found.select_related("section", "group"))
        seats = Seat.objects.on(on).filter(body__code__in=codes["body"])
        self.seats = list(seats.select_related("body", "post__group").order_by("post__order", "pk"))

    def posts(self, place: Place) -> list[Post]:
        kind, code, *chief = place.who.split(":")
        if kind == "own":
            return self._owned(code)
        if kind == "body":
            return [seat.post for seat in self.seats if seat.body.code == code]
        if kind == "post":
            return [post for post in self.known if post.code == code]
        return _chief(self._of_section(code)) if chief else self._of_section(code)

    def _owned(self, what: str) -> list[Post]:
        """Somebody above all sections has no chief, and the mayor no director: an empty place."""
        section = [post for post in self.known if self.section and post.section_id == self.section]
        if what == "section":
            return section
        if what == "section_chief":
            return _chief(section)
        department = self.department
        if what == "department_director":
            directors = [p for p in self.known if department and p.department_id == department]
            return [post for post in directors if post.rank == Rank.DIRECTOR][:1]
        return _chief(
            post
            for post in self.known
            if (s := post.section) and s.department_id == department and s.is_coordinating
        )

    def _of_section(self, code: str) -> list[Post]:
        return [post for post in self.known if post.section and post.section.code == code]

    def _own(self) -> Q:
        own = Q(pk=self.drafter.pk)
        if self.section:
            own |= Q(section=self.section)
        if self.department:
            own |= Q(department=self.department) | Q(
                section__department=self.department, section__is_coordinating=True
            )
        return own


_KINDS = ("own", "post", "section", "body")


def _called(codes: dict[str, set[str]]) -> Q:
    return Q(code__in=codes["post"]) | Q(section__code__in=codes["section"])


def _chief(posts: Iterable[Post]) -> list[Post]:
    return [post for post in posts if post.rank == Rank.SECTION_CHIEF][:1]
