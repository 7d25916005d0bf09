"""The import's pages: a file is looked at, readings are chosen between, all or nothing comes."""

import io
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from revisions.cycle import commands as cycle
from revisions.models import Plan, Revision
from revisions.plan import parts
from revisions.plan.exchange.book import to_workbook
from revisions.plan.exchange.write import write
from revisions.plan.forms_import import choices_in
from revisions.plan.queries import content_of
from tests.factories import NOON, TODAY, user
from tests.revisions.drafts import demo_content, running_revision
from workflow.models import AuditEntry, Section

pytestmark = pytest.mark.django_db

DATA = Path(__file__).parent / "data" / "hadano_2021"
TITLES = {"chart": "体系", "list": "一覧", "sheet": "個別事業"}


@pytest.fixture
def revision(city: None) -> Revision:
    facts = {key: demo_content()["plan"][key] for key in ("code", "title")}
    plan = Plan.objects.create(**facts, first_year=2021, last_year=2025)
    return cycle.start_revision(
        plan_id=plan.pk,
        kind="new_plan",
        route="standard",
        title="策定",
        starts_on=TODAY,
        by=user("joho-tanto"),
        at=NOON,
    )


def signed_in(name: str = "joho-tanto") -> Client:
    client = Client()
    client.force_login(user(name))
    return client


def url(revision: Revision) -> str:
    return reverse("import_draft", args=[revision.pk])


def workbook() -> SimpleUploadedFile:
    names = dict(Section.objects.values_list("code", "name"))
    return SimpleUploadedFile("案.xlsx", to_workbook(write(demo_content(), names=names)))


def readings() -> list[SimpleUploadedFile]:
    """A city's chart, list and sheets, which disagree."""
    return [
        SimpleUploadedFile(f"{title}.csv", (DATA / f"{name}.csv").read_bytes())
        for name, title in TITLES.items()
    ]


def sent(revision: Revision, by: str = "joho-tanto", **data: Any) -> Any:
    return signed_in(by).post(url(revision), data)


def looked_at(revision: Revision, file: Any) -> str:
    """Return what the page keeps of a file that was looked at."""
    response = sent(revision, file=file, check="1")
    assert response.status_code == 200
    assert not revision.projects.exists()
    return str(response.context["form"]["given"].value())


def test_a_workbook_is_looked_at_and_then_taken_over(revision: Revision) -> None:
    given = looked_at(revision, workbook())
    response = sent(revision, given=given, reason="骨子案", take="1")
    assert (response.status_code, response["Location"]) == (
        303,
        reverse("draft", args=[revision.pk]),
    )
    content = content_of(Revision.objects.get(pk=revision.pk))
    assert {key: content[key] for key in demo_content()} == demo_content()
    assert AuditEntry.objects.filter(verb="plan.draft_imported").count() == 1


def test_a_file_is_never_taken_over_unseen(revision: Revision) -> None:
    assert sent(revision, file=workbook(), reason="骨子案", take="1").status_code == 200
    assert not revision.projects.exists()


def test_what_disagrees_is_chosen_one_by_one(revision: Revision) -> None:
    given = looked_at(revision, readings())
    response = sent(revision, given=given, reason="骨子案", take="1")
    assert response.status_code == 422
    choose = response.context["choose"]
    assert len(choose.errors) == len(choose.fields) == 12
    assert "個別事業 22行" in response.content.decode()
    some = dict.fromkeys(list(choose.fields)[:4], 1)
    response = sent(revision, given=given, reason="骨子案", take="1", **some)
    assert response.status_code == 422
    assert len(response.context["choose"].errors) == 8
    assert response.context["choose"]["choice-1-1-2-name"].value() == "1"
    assert not revision.projects.exists()
    chosen = dict.fromkeys(choose.fields, 1)
    assert sent(revision, given=given, reason="骨子案", take="1", **chosen).status_code == 303
    names = {project.name for project in revision.projects.all()}
    assert "電子書籍導入の検討" in names
    noted = [project for project in revision.projects.all() if project.notes]
    assert len(noted) == 11


def test_looking_again_keeps_what_was_chosen(revision: Revision) -> None:
    given = looked_at(revision, readings())
    again = {"choice-1-1-2-name": 1, "reason": "骨子案", "check": "1"}
    response = sent(revision, given=given, **again)
    assert response.status_code == 200
    assert response.context["choose"]["choice-1-1-2-name"].value() == 1
    assert response.context["form"]["reason"].value() == "骨子案"


def test_a_new_file_asks_anew(revision: Revision) -> None:
    response = sent(revision, file=readings(), **{"choice-1-1-2-name": 1, "check": "1"})
    assert response.context["choose"]["choice-1-1-2-name"].value() is None


def test_a_reason_is_asked_for_beside_its_field(revision: Revision) -> None:
    response = sent(revision, given=looked_at(revision, workbook()), reason=" ", take="1")
    assert response.status_code == 422
    assert response.context["form"].errors["reason"]
    assert not revision.projects.exists()


def test_faults_name_sheet_row_and_column(revision: Revision) -> None:
    book = openpyxl.load_workbook(workbook())
    book["個別事業"]["E3"] = "どこか課"
    book["評価指標"]["A2"] = "9-9-(9)"
    file = io.BytesIO()
    book.save(file)
    upload = SimpleUploadedFile("案.xlsx", file.getvalue())
    response = sent(revision, file=upload, check="1")
    assert response.status_code == 422
    rows = {row["places"]: row for row in response.context["rows"] if row["is_error"]}
    assert "どこか課" in rows["個別事業 3行"]["message"]
    assert rows["個別事業 3行"]["columns"] == "主管課等"
    assert "9-9-(9)" in rows["評価指標 2行"]["message"]
    given = response.context["form"]["given"].value()
    assert sent(revision, given=given, reason="骨子案", take="1").status_code == 422
    assert not revision.projects.exists()


@pytest.mark.parametrize(
    "files",
    [
        [],
        [SimpleUploadedFile("案.xlsx", b"PK\x03\x04 no workbook")],
        [SimpleUploadedFile("案.xls", b"\xd0\xcf\x11\xe0")],
        [SimpleUploadedFile("何か.csv", b"a,b")],
        [SimpleUploadedFile("a.xlsx", b"PK"), SimpleUploadedFile("b.csv", b"")],
        [SimpleUploadedFile("体系.csv", b"a"), SimpleUploadedFile("新_体系.csv", b"a")],
        [SimpleUploadedFile("体系.csv", b"\xff\x00")],
    ],
)
def test_what_is_no_plan_is_refused_beside_the_field(revision: Revision, files: Any) -> None:
    for file in files:
        file.seek(0)
    response = sent(revision, check="1", **({"file": files} if files else {}))
    assert response.status_code == 422
    assert response.context["form"].errors["file"]


def test_what_the_page_keeps_cannot_be_changed(revision: Revision) -> None:
    given = looked_at(revision, workbook())
    response = sent(revision, given=given[:-3] + "AAA", reason="骨子案", take="1")
    assert response.status_code == 422
    assert not revision.projects.exists()


def test_a_file_that_is_refused_leaves_nothing_of_the_one_before(revision: Revision) -> None:
    given = looked_at(revision, workbook())
    broken = SimpleUploadedFile("案.xlsx", b"PK")
    response = sent(revision, given=given, file=broken, reason="骨子案", check="1")
    assert response.status_code == 422
    assert response.context["form"]["given"].value() == ""
    assert response.context["form"]["reason"].value() == "骨子案"


@pytest.mark.parametrize("who", ["koho-tanto", "shicho", "kansa"])
def test_only_the_secretariat_imports(revision: Revision, who: str) -> None:
    pages = [url(revision), reverse("import_template", args=[revision.pk])]
    assert {signed_in(who).get(page).status_code for page in pages} == {403}
    assert sent(revision, by=who, file=workbook(), check="1").status_code == 403


def test_a_draft_with_content_or_of_a_review_takes_no_file(city: None) -> None:
    review = running_revision()
    assert signed_in().get(url(review)).status_code == 409


def test_the_way_to_the_import_is_shown_while_the_draft_is_empty(revision: Revision) -> None:
    draft = reverse("draft", args=[revision.pk])
    assert url(revision) in signed_in().get(draft).content.decode()
    sent(revision, given=looked_at(revision, workbook()), reason="骨子案", take="1")
    assert url(revision) not in signed_in().get(draft).content.decode()


def test_the_template_is_read_as_a_plan_with_nothing_in_it(revision: Revision) -> None:
    got = signed_in().get(reverse("import_template", args=[revision.pk]))
    book = openpyxl.load_workbook(io.BytesIO(got.content))
    assert book.sheetnames[:4] == ["記入の手引", "計画", "体系", "一覧"]
    assert [cell.value for cell in book["評価指標"][1]][-1] == "令和7年度"
    assert len(book["個別事業"].data_validations.dataValidation) == 1
    response = sent(revision, file=SimpleUploadedFile("様式.xlsx", got.content), check="1")
    assert response.context["outcome"].content["projects"] == []


def test_what_is_not_carried_over_comes_from_the_file_into_draft_and_version(
    revision: Revision,
) -> None:
    gone = {"uid": "P39", "name": "定点カメラ", "as": "achieved", "because": "目標を達成したため"}
    names = dict(Section.objects.values_list("code", "name"))
    tables = write(demo_content() | {"dropped": [gone]}, names=names)
    given = looked_at(revision, SimpleUploadedFile("案.xlsx", to_workbook(tables)))
    sent(revision, given=given, reason="骨子案", take="1")
    filled = Revision.objects.get(pk=revision.pk)
    assert content_of(filled)["dropped"] == [gone]
    version = parts.freeze(filled, label="素案", by=user("joho-tanto"), at=NOON)
    for page in (
        reverse("draft", args=[revision.pk]),
        reverse("version", args=[version.pk]),
    ):
        shown = signed_in().get(page).content.decode()
        assert "定点カメラ" in shown
        assert "目標を達成したため" in shown


def test_a_version_is_had_as_a_workbook(revision: Revision) -> None:
    sent(revision, given=looked_at(revision, workbook()), reason="骨子案", take="1")
    filled = Revision.objects.get(pk=revision.pk)
    version = parts.freeze(filled, label="素案", by=user("joho-tanto"), at=NOON)
    got = signed_in().get(reverse("version_workbook", args=[version.pk]))
    assert got.headers["Content-Disposition"].endswith(f'-{version.number}.xlsx"')
    book = openpyxl.load_workbook(io.BytesIO(got.content))
    assert book["個別事業"].max_row == 39
    assert signed_in("iin-1").get(reverse("version_workbook", args=[version.pk])).status_code in (
        403,
        404,
    )


def test_a_choice_is_a_number_of_few_digits() -> None:
    given = {"choice-a": "1", "choice-b": "9" * 5000, "choice-c": "x", "reason": "1"}
    assert choices_in(given) == {"a": 1}
