"""The form that several people type into at once, with and without its script."""

import json
import re
from html import unescape

import pytest

from revisions.models import AnswerDraft
from tests.counting import at_most
from tests.revisions.inquiry.test_views import client, page, post, typed
from tests.revisions.inquiry.walk import answer, issued, receive, target_of, unchanged

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("city")]

ONE, OTHER = "koho-tanto", "koho-kacho"


@pytest.fixture
def target(city):
    return receive(target_of(issued()))


def keep(target, username=ONE, **fields):
    """What the form sends by itself, a moment after something was typed."""
    return client(username).post(page(target, "sheets/P06/drafts/"), sent(target, **fields))


def sent(target, **fields):
    more = {name: fields.pop(name) for name in ("was", "clash", "reason") if name in fields}
    return typed(target, **fields) | {"reason": ""} | more


def save(target, username=ONE, **fields):
    return client(username).post(page(target, "sheets/P06/"), sent(target, **fields))


def text(response):
    return unescape(re.sub(r"<[^>]+>", "", response.content.decode()))


def was(response):
    found = re.search(
        r'id="id_was"[^>]*value="([^"]*)"|value="([^"]*)"[^>]*id="id_was"', html(response)
    )
    return unescape(next(filter(None, found.groups())))


def html(response):
    return response.content.decode()


def test_it_keeps_what_is_typed_and_says_when(target):
    response = keep(target, overview="書きかけ")
    assert response["X-Kept"] == "all"
    assert "下書きを保存しました" in text(response)
    again = keep(target, overview="書きかけの続き", was=was(response))
    assert again["X-Kept"] == "all"
    assert AnswerDraft.objects.get().value == "書きかけの続き"


def test_the_second_writer_sees_both_texts_once(target):
    keep(target, overview="甲の文")
    response = keep(target, OTHER, overview="乙の文")
    assert response["X-Kept"] == "some"
    assert "広報広聴課担当" in text(response)
    assert html(response).count('name="settle"') == 3
    key = re.search(r'name="clash" value="([^"]+)"', html(response))[1]
    assert 'name="settle"' not in html(keep(target, OTHER, overview="乙の文", clash=key))
    assert AnswerDraft.objects.get().value == "甲の文"


def test_who_only_reads_on_is_told_what_others_wrote(target):
    keep(target, overview="甲の文")
    assert "別の画面で書かれた欄：概要" in text(keep(target, OTHER, aims="乙のねらい"))


def test_the_form_opens_with_what_is_typed_and_says_so(target):
    keep(target, overview="書きかけ")
    signed_in = client(OTHER)
    with at_most(20):
        response = signed_in.get(page(target, "sheets/P06/"))
    assert "下書きがあります" in text(response)
    assert "概要（広報広聴課担当、" in text(response)
    assert "書きかけ" in html(response)
    assert "下書きあり" in text(signed_in.get(page(target)))
    shown = response.context["shown"]
    signed_in.post(page(target, "sheets/P06/discard/"), {"shown": shown})
    assert not AnswerDraft.objects.exists()
    assert "下書きがあります" not in text(signed_in.get(page(target, "sheets/P06/")))


@pytest.mark.parametrize(
    "how, kept, in_the_form",
    [
        ("theirs", "甲の文", "甲の文"),
        ("mine", "乙の文", "乙の文"),
        ("both", "乙の文\n甲の文", "乙の文\n甲の文"),
    ],
)
def test_a_plain_form_shows_both_texts_and_takes_the_choice(target, how, kept, in_the_form):
    keep(target, overview="甲の文")
    refused = save(target, OTHER, overview="乙の文", aims="乙のねらい", reason="見直し")
    assert refused.status_code == 409
    assert refused.context["form"]["overview"].value() == "乙の文"
    assert ("-", "甲") in refused.context["clashes"][0]["pairs"]
    assert not target.answers.exists()

    choice = re.search(rf'value="({how}-overview-[^"]+)"', html(refused))[1]
    again = sent(target, overview="乙の文", aims="乙のねらい", reason="見直し", was=was(refused))
    chosen = client(OTHER).post(page(target, "sheets/P06/"), again | {"settle": choice})
    assert chosen.status_code == 200
    assert chosen.context["form"]["overview"].value() == in_the_form
    assert AnswerDraft.objects.get(field="overview").value == kept

    now = {"overview": in_the_form, "aims": "乙のねらい", "reason": "見直し", "was": was(chosen)}
    assert save(target, OTHER, **now).status_code == 303
    proposed = target.answers.get().proposed
    assert (proposed["overview"], proposed["aims"]) == (in_the_form, "乙のねらい")
    assert not AnswerDraft.objects.exists()


@pytest.mark.parametrize(
    "how, in_the_form",
    [("theirs", "甲の取組"), ("mine", "乙の取組"), ("both", "乙の取組／甲の取組")],
)
def test_of_a_table_one_cell_is_met_and_settled(target, how, in_the_form):
    mine = {"actions-0-text": "乙の取組", "actions-0-last": "2024", "actions-1-text": "追加"}
    keep(target, **{"actions-0-text": "甲の取組", "indicators-0-y2025": "9000人"})
    response = keep(target, OTHER, **mine)
    assert "「年度ごとの取組『乙の取組』の取組」を、ほかの人も書いています" in text(response)
    assert "別の画面で書かれた欄：評価指標『Twitter フォロワー数』" in text(response)
    assert html(response).count("data-clash") == 1

    choice = re.search(rf'value="({how}-actions/[^"]+/text-[^"]+)"', html(response))[1]
    again = sent(target, **mine, reason="見直し", was=was(response))
    chosen = client(OTHER).post(page(target, "sheets/P06/"), again | {"settle": choice})
    first, second, *_ = chosen.context["form"].rows["actions"]
    assert (first["text"].value(), first["last"].value()) == (in_the_form, "2024")
    assert second["text"].value() == "追加"
    assert "autofocus" in first["text"].as_widget()

    opened = client(ONE).get(page(target, "sheets/P06/"))
    told = text(opened)
    assert f"年度ごとの取組『{in_the_form}』（広報広聴課長、" in told
    assert "評価指標『Twitter フォロワー数』（広報広聴課担当、" in told


def test_a_choice_about_what_nobody_else_wrote_is_not_there(target):
    again = sent(target, overview="乙の文") | {"settle": "mine-actions/nobody/text-0000"}
    assert client(OTHER).post(page(target, "sheets/P06/"), again).status_code == 404


def test_what_was_answered_meanwhile_is_taken_in_and_can_be_sent_again(target):
    old = sent(target)["was"]
    save(target, overview="甲の概要", reason="見直し")
    mine = {"aims": "乙のねらい", "reason": "乙の理由", "was": old}
    refused = save(target, OTHER, **mine)
    assert refused.status_code == 409
    assert "別の画面で書かれた欄（概要）" in text(refused)
    assert refused.context["form"]["overview"].value() == "甲の概要"
    assert refused.context["form"]["aims"].value() == "乙のねらい"
    assert [row["field"] for row in refused.context["clashes"]] == ["reason"]
    assert refused.context["clashes"][0]["post"] == "広報広聴課担当"


def test_two_pages_of_one_person_are_called_so(target):
    keep(target, overview="一つ目の文", aims="一つ目のねらい")
    own = keep(target, overview="二つ目の文")
    assert "「概要」を、別の画面でも書いています" in text(own)
    assert "「概要」を、ほかの人も書いています" in text(keep(target, OTHER, overview="乙の文"))
    refused = save(target, overview="二つ目の文", reason="見直し")
    assert "「概要」を、別の画面でも書いています" in text(refused)
    assert "「概要」を、ほかの人も" not in text(refused)


def test_who_answered_from_another_page_is_known(target):
    old = sent(target)["was"]
    save(target, overview="甲の概要", reason="見直し")
    refused = save(target, overview="甲の別の概要", reason="別の理由", was=old)
    assert "「概要」を、別の画面でも書いています" in text(refused)


def test_only_a_form_made_of_the_drafts_is_said_to_hold_them(target):
    holds = "下の様式は、下書きを入れて開いています"
    keep(target, overview="書きかけ")
    assert holds in text(client(ONE).get(page(target, "sheets/P06/")))
    met = save(target, OTHER, overview="乙の文", reason="見直し")
    wrong = save(target, overview="書きかけの続き", reason="")
    for refused, status in ((met, 409), (wrong, 422)):
        assert refused.status_code == status
        assert holds not in text(refused)
        assert "この画面で入力した内容のまま" in text(refused)


def test_a_sheet_that_a_colleague_discontinued_meanwhile_says_so(target):
    answer(target, kind="discontinue", reason="終了")
    refused = save(target, OTHER, overview="乙の文", reason="終了")
    assert refused.status_code == 409
    assert "回答の種類" in text(refused)


def test_colleagues_on_other_sheets_do_not_make_a_page_stale(target):
    before = sent(target, overview="甲の概要", reason="見直し")
    answer(target_of(target.inquiry), uid="P10")
    assert client(ONE).post(page(target, "sheets/P06/"), before).status_code == 303


@pytest.mark.parametrize(
    "was",
    ["", "[]", '{"overview": 1}', "{", '{"page": "00000000000000000"}', '{"page": "\\u0000"}'],
)
def test_a_page_that_does_not_say_what_it_was_made_of_is_refused(target, was):
    assert keep(target, overview="書きかけ", was=was).status_code == 422
    assert save(target, overview="書きかけ", reason="見直し", was=was).status_code == 422
    assert not AnswerDraft.objects.exists()


def test_a_page_made_before_rows_had_names_is_refused(target):
    assert keep(target, **{"actions-0-text": "書きかけ", "actions-0-ROW": ""}).status_code == 422
    assert not AnswerDraft.objects.exists()


def test_nothing_goes_up_past_a_draft_and_the_page_leads_to_it(target):
    unchanged(target)
    keep(target, overview="書きかけ")
    shown = client(ONE).get(page(target))
    (missing,) = shown.context["missing"]
    assert missing.what.endswith("の下書きを、回答に保存するか破棄する")
    assert "先に済ませることが1件あります" in text(shown)
    refused = post(ONE, page(target, "sheets/P06/unchanged/"), target)
    assert refused.status_code == 409
    assert page(target, "sheets/P06/") in html(refused)


def test_who_has_the_sheet_open_is_named_by_post(target):
    client(ONE).post(page(target, "sheets/P06/here/"))
    seen = client(OTHER).post(page(target, "sheets/P06/here/"))
    assert "いま開いている人：広報広聴課長、広報広聴課担当" in text(seen)
    assert "広報広聴課担当" in text(client(OTHER).get(page(target, "sheets/P06/")))
    assert "いま開いている人" in text(client(OTHER).get(page(target)))


def test_nobody_is_at_a_sheet_whose_name_is_longer_than_any(target):
    assert client(ONE).post(page(target, f"sheets/{'P' * 21}/here/")).status_code == 422


def test_a_new_project_is_typed_alone_until_it_is_answered_for(target):
    assert "hx-post" not in html(client(ONE).get(page(target, "sheets/new/")))


def test_what_it_was_made_of_is_what_it_shows(target):
    keep(target, overview="書きかけ")
    shown = client(ONE).get(page(target, "sheets/P06/"))
    marks = json.loads(shown.context["why"]["was"].value())
    assert set(marks) >= {"overview", "actions", "reason", "kind"}


@pytest.mark.parametrize(
    "fields, place",
    [
        ({"overview": "長" * 10_001}, "overview"),
        ({"name": "長" * 201}, "name"),
        ({"reason": "長" * 2_001}, "reason"),
        ({"actions-0-note": "長" * 101}, "actions"),
    ],
)
def test_what_is_too_long_is_told_beside_its_field_and_stays_typed(target, fields, place):
    response = keep(target, aims="ほどよい長さ", **fields)
    assert (response.status_code, response["X-Kept"]) == (200, "some")
    assert "入力はこの画面に残っています" in text(response)
    assert "「長長長長長長長長長長長長…」が長すぎます" in beside(response, place)
    assert not AnswerDraft.objects.exists()
    told = sent(target, aims="ほどよい長さ", **fields) | {"long": place}
    again = client(ONE).post(page(target, "sheets/P06/drafts/"), told)
    assert "長すぎます" not in html(again)  # said once
    kept = sent(target, aims="ほどよい長さ") | {"long": place}
    response = client(ONE).post(page(target, "sheets/P06/drafts/"), kept)
    assert response["X-Kept"] == "all"
    assert beside(response, place) == ""


def beside(response, place):
    found = re.search(
        rf'id="long-{place}" role="alert" hx-swap-oob="true">(.*?)</div>', html(response)
    )
    return unescape(re.sub(r"<[^>]+>", "", found[1])) if found else None


def test_both_texts_together_may_be_too_long(target):
    keep(target, overview="甲" * 6_000)
    refused = save(target, OTHER, overview="乙" * 6_000, reason="見直し")
    choice = re.search(r'value="(both-overview-[^"]+)"', html(refused))[1]
    again = sent(target, overview="乙" * 6_000, reason="見直し", was=was(refused))
    chosen = client(OTHER).post(page(target, "sheets/P06/"), again | {"settle": choice})
    assert chosen.status_code == 422
    assert "が長すぎます" in text(chosen)
    assert "乙" * 6_000 + "\n" + "甲" * 6_000 in chosen.context["form"]["overview"].value()
    assert AnswerDraft.objects.get().value == "甲" * 6_000
