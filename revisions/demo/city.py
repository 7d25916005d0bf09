"""The demo city: organisation, people and bodies from city.yaml, on an empty database."""

from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.db import transaction

from workflow.models import (
    Appointment,
    Body,
    BodyRule,
    ClassMember,
    Department,
    Deputy,
    GazetteRule,
    Post,
    Seat,
    Section,
    User,
)
from workflow.people.parts import refresh_memberships

IN_OFFICE_SINCE = date(2016, 4, 1)
FIRST_TERM = date(2018, 11, 19)
TERM_YEARS = 2


@cache
def read(name: str) -> dict[str, Any]:
    return yaml.safe_load((Path(__file__).parent / name).read_text(encoding="utf-8"))


@transaction.atomic
def load_city(*, today: date, password: str | None) -> None:
    """Create everybody and everything in city.yaml.

    password  of every account; None makes them unable to sign in by password
    """
    city = read("city.yaml")
    departments = _departments(city["departments"])
    sections = _sections(city["sections"], departments)
    _classes(city["classes"], sections)
    posts = _posts(city["posts"], departments, sections)
    _deputies(city["deputies"], posts)
    _bodies(city["bodies"], posts)
    GazetteRule.objects.create(**city["gazette"])
    users = _users(city["accounts"], password)
    _appointments(city["accounts"], users, posts, today)
    refresh_memberships(today)


def _departments(rows: list[dict[str, Any]]) -> dict[str, Department]:
    made = Department.objects.bulk_create(
        Department(order=order, **row) for order, row in enumerate(rows)
    )
    return {d.code: d for d in made}


def _sections(rows: list[dict[str, Any]], departments: dict[str, Department]) -> dict[str, Section]:
    groups = _groups("section", rows)
    made = Section.objects.bulk_create(
        Section(
            code=row["code"],
            name=row["name"],
            department=departments[row["department"]],
            is_coordinating=row.get("coordinating", False),
            symbol=row.get("symbol", ""),
            extension=row.get("extension", ""),
            order=order,
            group=groups[row["code"]],
        )
        for order, row in enumerate(rows)
    )
    return {s.code: s for s in made}


def _classes(rows: list[dict[str, Any]], sections: dict[str, Section]) -> None:
    ClassMember.objects.bulk_create(
        ClassMember(class_name=row["name"], section=sections[code], since=IN_OFFICE_SINCE)
        for row in rows
        for code in row["sections"]
    )


def _posts(
    rows: list[dict[str, Any]],
    departments: dict[str, Department],
    sections: dict[str, Section],
) -> dict[str, Post]:
    groups = _groups("post", rows)
    made = Post.objects.bulk_create(
        Post(
            code=row["code"],
            name=row["name"],
            rank=row["rank"],
            section=sections.get(row.get("section", "")),
            department=departments.get(row.get("department", "")),
            order=order,
            group=groups[row["code"]],
        )
        for order, row in enumerate(rows)
    )
    return {p.code: p for p in made}


def _deputies(rows: list[dict[str, Any]], posts: dict[str, Post]) -> None:
    Deputy.objects.bulk_create(
        Deputy(
            **{**row, "post": posts[row["post"]], "deputy": posts[row["deputy"]]},
            since=IN_OFFICE_SINCE,
        )
        for row in rows
    )


def _bodies(rows: list[dict[str, Any]], posts: dict[str, Post]) -> None:
    groups = _groups("body", rows)
    for order, row in enumerate(rows):
        body = Body.objects.create(
            code=row["code"],
            name=row["name"],
            kind=row["kind"],
            order=order,
            group=groups[row["code"]],
        )
        BodyRule.objects.bulk_create(BodyRule(body=body, **rule) for rule in row["rules"])
        Seat.objects.bulk_create(
            Seat(body=body, **{**member, "post": posts[member["post"]]})
            for member in row["members"]
        )


def _users(rows: list[dict[str, Any]], password: str | None) -> dict[str, User]:
    made = User.objects.bulk_create(
        User(
            username=row["username"],
            name=row["label"],
            kind=row.get("kind", "staff"),
            email=f"{row['username']}@example.jp",
            password=_hashed(password),
        )
        for row in rows
    )
    return {u.username: u for u in made}


@cache
def _hashed(password: str | None) -> str:
    """All demo accounts share one password: it is hashed once."""
    return make_password(password)


def _appointments(
    rows: list[dict[str, Any]], users: dict[str, User], posts: dict[str, Post], today: date
) -> None:
    Appointment.objects.bulk_create(
        Appointment(user=users[row["username"]], post=post, since=since, until=until)
        for row in rows
        for post in (posts[code] for code in row["posts"])
        for since, until in _terms(post, today)
    )


def _terms(post: Post, today: date) -> list[tuple[date, date | None]]:
    """Staff hold a post until further notice, commissioned members for terms (規則第3条)."""
    if post.rank != "commissioned":
        return [(IN_OFFICE_SINCE, None)]
    terms: list[tuple[date, date | None]] = []
    since = FIRST_TERM
    while since <= today:
        following = since.replace(year=since.year + TERM_YEARS)
        terms.append((since, following - timedelta(days=1)))
        since = following
    return terms


def _groups(kind: str, rows: list[dict[str, Any]]) -> dict[str, Group]:
    made = Group.objects.bulk_create(Group(name=f"{kind}:{row['code']}") for row in rows)
    return {row["code"]: group for row, group in zip(rows, made, strict=True)}
