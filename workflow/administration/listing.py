"""不在・代理 as a page shows it."""

from collections.abc import Mapping, Set
from dataclasses import dataclass
from datetime import date

from django.forms import Form
from django.utils.translation import gettext as _

from workflow.administration.forms import EndForm, WithdrawForm
from workflow.people.models import Absence, Deputy
from workflow.people.queries import absences_from, deputies_from, holders_now
from workflow.signoff.kinds import choices


@dataclass(frozen=True)
class Away:
    """An absence: who is away, who acts then; `form` withdraws it, for those who may."""

    absence: Absence
    people: str
    now: bool
    deputies: list[str]
    form: Form | None


@dataclass(frozen=True)
class Registered:
    """A registration of a deputy in words."""

    deputy: Deputy
    people: str
    scope: str
    form: Form


def away_from(day: date, mine: Set[int], failed: Mapping[int, Form]) -> list[Away]:
    """Return the absences of the day and later.

    mine    ids of the posts whose reasons the reader sees and whose absences they withdraw
    failed  forms that come back, by the id of their absence
    """
    people, registered = holders_now(day), list(deputies_from(day))
    return [
        Away(
            absence=absence,
            people="、".join(people.get(absence.post_id, [])),
            now=absence.since <= day,
            deputies=[_told(row) for row in registered if _acts_during(row, absence)],
            form=_withdrawing(absence.pk, failed) if absence.post_id in mine else None,
        )
        for absence in absences_from(day)
    ]


def registered_from(day: date, failed: Mapping[int, Form]) -> list[Registered]:
    people, labels = holders_now(day), dict(choices())
    return [
        Registered(
            deputy=deputy,
            people="、".join(people.get(deputy.deputy_id, [])),
            scope="、".join(str(labels.get(code, code)) for code in deputy.scope) or _("すべて"),
            form=failed.get(deputy.pk) or EndForm(auto_id=f"end_{deputy.pk}_%s"),
        )
        for deputy in deputies_from(day)
    ]


def _acts_during(deputy: Deputy, absence: Absence) -> bool:
    begun = deputy.since <= absence.until
    return (
        deputy.post_id == absence.post_id
        and begun
        and (deputy.until is None or deputy.until >= absence.since)
    )


def _told(deputy: Deputy) -> str:
    return _("%(deputy)s（%(kind)s第%(order)d順位）") % {
        "deputy": deputy.deputy.name,
        "kind": deputy.get_kind_display(),
        "order": deputy.order,
    }


def _withdrawing(pk: int, failed: Mapping[int, Form]) -> Form:
    return failed.get(pk) or WithdrawForm(auto_id=f"withdraw_{pk}_%s")
