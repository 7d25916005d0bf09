"""When the 広報紙 is issued, as the administrator says."""

import json
from datetime import date
from typing import Any

import pytest

from tests.factories import NOON, TODAY, user
from workflow.errors import Invalid, NotAllowed
from workflow.models import AuditEntry, GazetteRule
from workflow.path.commands import set_gazette
from workflow.path.placing import Gazette, Job
from workflow.path.queries import rules_of_gazette

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("city")]

LATER = date(2027, 4, 1)


def gazette_on(day: date) -> Gazette | None:
    return Job(1, rules=rules_of_gazette()).rule_on(day).gazette


def gazette(by: str | None = "kanri", **more: Any) -> GazetteRule:
    words: dict[str, Any] = {"days": [20, 10], "lead": 12, "since": LATER, "source": "発行要領"}
    who = user(by) if by else None
    return set_gazette(by=who, at=NOON, **words | more)


@pytest.mark.parametrize("by", [None, "kanri"])
def test_a_rule_begins_on_its_day(by: str | None) -> None:
    rule = gazette(by)
    assert gazette_on(TODAY) == Gazette((1, 15), 15)
    assert gazette_on(LATER) == Gazette((10, 20), 12)
    entry = json.loads(AuditEntry.objects.get(subject=rule.key).body)
    assert (entry["verb"], entry["facts"]["days"]) == ("path.gazette_set", [10, 20])


def test_nothing_is_known_before_the_first_rule() -> None:
    assert gazette_on(date(2000, 1, 1)) is None


@pytest.mark.usefixtures("untouched")
def test_others_set_nothing() -> None:
    for by in ("joho-tanto", "joho-kacho", "koho-kacho", "shicho", "kansa", "iin-1"):
        with pytest.raises(NotAllowed):
            gazette(by)


@pytest.mark.usefixtures("untouched")
def test_what_is_typed_is_checked() -> None:
    for wrong, field in [
        ({"days": []}, "days"),
        ({"days": [0, 15]}, "days"),
        ({"days": [32]}, "days"),
        ({"lead": -1}, "lead"),
        ({"lead": 61}, "lead"),
        ({"source": " "}, "source"),
        ({"since": date(2016, 4, 1)}, "since"),
    ]:
        with pytest.raises(Invalid) as refused:
            gazette(**wrong)
        assert refused.value.field == field
