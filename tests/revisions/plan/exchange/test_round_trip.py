"""A plan written into the layout and read from it is the same plan."""

from typing import Any

from django.core.files.base import ContentFile
from hypothesis import given, settings

from revisions.plan.consistency import check
from revisions.plan.exchange.book import read, to_workbook
from revisions.plan.exchange.build import Outcome, build
from revisions.plan.exchange.fields import Office
from revisions.plan.exchange.layout import Tables
from revisions.plan.exchange.parse import parse
from revisions.plan.exchange.write import write
from revisions.plan.oddities import Standing
from tests.revisions.drafts import demo_content
from tests.revisions.plan.exchange.plans import CLASSES, NAMES, plans
from workflow.tables import Encoding, to_csv

OFFICE = Office({name: code for code, name in NAMES.items()})


def brought(tables: Tables, content: dict[str, Any], office: Office = OFFICE) -> Outcome:
    plan = {key: value for key, value in content["plan"].items() if key != "philosophy"}
    standing = Standing(2018, {*office.sections.values()}, {name: ["joho"] for name in CLASSES})
    return build(parse(tables), plan=plan, office=office, standing=standing, choices={})


def same(outcome: Outcome, content: dict[str, Any]) -> None:
    assert outcome.errors == []
    assert outcome.disagreements == ()
    assert outcome.content == content


@given(plans())
@settings(max_examples=40)
def test_through_a_workbook(content: dict[str, Any]) -> None:
    assert check(content) == []
    book = ContentFile(to_workbook(write(content, names=NAMES)), "plan.xlsx")
    same(brought(read([book]), content), content)


@given(plans())
def test_through_csv(content: dict[str, Any]) -> None:
    files = [
        ContentFile(b"".join(to_csv([[row for _number, row in rows]])), f"{title}.csv")
        for title, rows in write(content, names=NAMES).items()
    ]
    same(brought(read(files), content), content)


def test_the_plan_of_the_demo_through_the_older_encoding(city: None) -> None:
    from workflow.models import Section

    names = dict(Section.objects.values_list("code", "name"))
    content = demo_content()
    files = [
        ContentFile(
            b"".join(to_csv([[row for _number, row in rows]], Encoding.CP932)), f"{title}.csv"
        )
        for title, rows in write(content, names=names).items()
    ]
    office = Office({name: code for code, name in names.items()})
    same(brought(read(files), content, office), content)
