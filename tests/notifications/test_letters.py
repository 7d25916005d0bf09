"""The bytes of a mail, read back as a mailer reads them."""

import re
from email import message_from_bytes
from email.policy import default
from html import unescape
from html.parser import HTMLParser

import pytest
from django.core import mail

from notifications import tasks
from notifications.catalog import CATALOG
from notifications.channels.jis import charset_for, to_jis
from notifications.queries import why
from notifications.states import Way
from tests.factories import section, user
from tests.notifications.factories import event, wish
from tests.workflow.deadline.factories import deadline
from workflow.models import Deadline

LONG = "情報化推進計画の見直しに関する総合的な検討のための庁内照会（第二回）について" * 5
PARSED = ["utf-8", "iso-2022-jp"]


def sent(kind="meeting.moved", **asked):
    """Return the one mail told to joho-kacho, in bytes and parsed."""
    event(kind, users=[user("joho-kacho").pk], **asked)
    tasks.drain()
    raw = mail.outbox[-1].message().as_bytes(linesep="\r\n")
    return raw, message_from_bytes(raw, policy=default)


def charsets(message):
    return {part.get_content_charset() for part in message.iter_parts()}


@pytest.fixture(params=PARSED)
def charset(request, settings):
    settings.MAIL_CHARSET = request.param
    return request.param


@pytest.mark.django_db
@pytest.mark.usefixtures("city")
class TestBytes:
    def test_text_and_html_say_the_same(self, charset, settings):
        settings.BASE_URL = "https://kaitei.example.lg.jp"
        made = event(
            "inquiry.reminded",
            to=[section("joho").group],
            title="庁内照会",
            due_on="2026-12-04",
            reason="<b>至急</b>",
        )
        tasks.drain()
        message = message_from_bytes(mail.outbox[0].message().as_bytes(), policy=default)
        text, html = (part.get_content() for part in message.iter_parts())
        assert message.get_content_type() == "multipart/alternative"
        assert charsets(message) == {charset}
        for said in (text, html):
            assert "令和8年12月4日(金)" in said
            assert "情報システム課あて" in said
            assert said.count("://") == 1
            assert f"https://kaitei.example.lg.jp/notices/{made.pk}/" in said
        assert "<b>至急</b>" in text
        assert "&lt;b&gt;至急" in html
        assert mentioned(html) == {"href"}

    def test_stages_with_new_days_stand_on_lines_of_their_own(self, charset):
        rows = [("庁内照会", "2026-12-01～2026-12-14"), ("<b>幹事会</b>", "2026-12-17～2026-12-17")]
        days = [
            {"name": name, "before": before, "after": "2027-01-20～2027-01-20"}
            for name, before in rows
        ]
        _raw, message = sent(new_days=days, reason="一行目\n二行目")
        text, html = (part.get_content() for part in message.iter_parts())
        lines = text.replace("〜", "～").splitlines()
        assert (
            "新しい日程：「庁内照会」令和8年12月1日(火)～12月14日(月) → 令和9年1月20日(水)" in lines
        )
        assert "「<b>幹事会</b>」令和8年12月17日(木) → 令和9年1月20日(水)" in lines
        assert "<br>「&lt;b&gt;幹事会&lt;/b&gt;」" in html
        assert "一行目<br>二行目" in html

    def test_every_kind_says_what_by_when_why_me_and_leads_to_one_place(self, settings):
        settings.BASE_URL = "https://kaitei.example.lg.jp"
        wish("joho-kacho", Way.AT_ONCE)
        asked = {"to": [section("joho").group], "due_on": "2026-12-04"}
        made = deadline(user("kanri"), kind="inquiry.answer")  # what is issued is waited for
        Deadline.objects.filter(pk=made.pk).update(title="情報化推進計画")
        kinds = {}
        for kind in CATALOG:
            kinds[event(kind, **asked).pk] = kind
            tasks.drain()  # else the next may overtake it
        for sent in mail.outbox:
            if sent.to != ["joho-kacho@example.jp"]:
                continue
            link = re.findall(r"https://kaitei\.example\.lg\.jp/notices/(\d+)/", sent.body)
            words = CATALOG[kinds.pop(int(*link))]
            happened = str(words.happened).partition("（")[0]
            for said in (sent.body, unescape(sent.alternatives[0].content)):
                assert said.count("://") == 1
                for told in (happened, words.act, "令和8年12月4日(金)", "情報システム課あて"):
                    assert str(told) in said
            assert re.fullmatch(rf"{happened}(（.+?）)?：情報化推進計画", sent.subject)
        assert not kinds

    @pytest.mark.parametrize("title", [LONG, "短い", "a" * 150, "ｶﾞｲﾄﾞ～70%"])
    def test_a_title_comes_back_whole_in_folded_lines(self, charset, title):
        raw, message = sent(title=title)
        subject = f"会議の日時か場所が変わりました：{title}"
        assert message["Subject"] == (to_jis(subject) if charset != "utf-8" else subject)
        head = raw.partition(b"\r\n\r\n")[0]
        head.decode("ascii")
        assert max(map(len, head.split(b"\r\n"))) <= 78
        words = re.findall(rb"=\?[^?]+\?[bq]\?[^?]*\?=", head)
        assert words
        assert max(map(len, words)) <= 75
        for word in words if charset == "iso-2022-jp" else []:
            assert word.startswith(b"=?iso-2022-jp?")

    @pytest.mark.parametrize("title", ["一\r\nBcc: all@example.jp", "一\n\n本文", "一\x0b\x85二"])
    def test_a_title_adds_no_header(self, charset, title):
        _raw, message = sent(title=title)
        plain = sent(title="一")[1]
        assert message.keys() == plain.keys()
        assert message["To"] == "joho-kacho@example.jp"

    def test_what_machines_are_told(self, settings):
        settings.DEFAULT_FROM_EMAIL = "見本市 改定 <kaitei@mail.example.lg.jp>"
        _raw, message = sent()
        assert re.fullmatch(r"<\d+\.[0-9a-f]{16}@mail\.example\.lg\.jp>", message["Message-ID"])
        assert message["List-Id"] == "Kaitei <kaitei.mail.example.lg.jp>"
        assert message["Auto-Submitted"] == "auto-generated"
        assert message["From"].addresses[0].display_name == "見本市 改定"

    def test_no_name_of_a_person_stands_in_a_header(self, charset):
        raw, message = sent(title="", reason="山田花子の申出")
        assert "山田" not in str(message["Subject"])
        assert user("joho-kacho").name.encode() not in raw.partition(b"\r\n\r\n")[0]

    def test_in_jis_every_byte_has_seven_bits(self, settings):
        settings.MAIL_CHARSET = "iso-2022-jp"
        raw, message = sent(title="第①期～第Ⅲ期 ㈱ｼｽﾃﾑ – 計画", reason="１㎡あたり")
        raw.decode("ascii")
        assert message["Subject"].endswith("第(1)期〜第III期 (株)システム - 計画")
        assert "1m2" not in message["Subject"]

    def test_a_reason_of_many_words_makes_no_line_that_a_server_would_break(self, charset):
        reason = "予算の要求と合わせ、議会局とも確かめるため。" * 100
        raw, message = sent(reason=reason)
        assert max(map(len, raw.split(b"\r\n"))) <= 998
        assert charsets(message) == {charset}
        assert all(reason in part.get_content() for part in message.iter_parts())

    @pytest.mark.parametrize(
        "kind, reader",
        [
            ("signoff.decided", "起案や決裁をした、あなたあて"),
            ("people.transferred", "異動した、あなたあて"),
            ("transfer.failed", "システム管理者の、あなたあて"),
            ("meeting.moved", "あなたあて"),
        ],
    )
    def test_who_is_named_reads_why(self, kind, reader):
        made = event(kind, users=[user("joho-kacho").pk])
        assert why(made, set(), {}) == reader

    def test_a_name_that_jis_cannot_write_is_written_in_utf_8(self, settings):
        settings.MAIL_CHARSET = "iso-2022-jp"
        _raw, message = sent(title="髙橋町の計画①")
        assert charsets(message) == {"utf-8"}
        assert message["Subject"].endswith("髙橋町の計画①")


def mentioned(html):
    """Return the attributes that name an address, and tags that bring one in."""
    found = set()

    class Reader(HTMLParser):
        def handle_starttag(self, tag, attrs):
            found.update(name for name, _ in attrs if name in {"href", "src", "style", "action"})
            found.update({tag} & {"script", "style", "link", "img", "base", "form"})

    Reader().feed(html)
    return found


@pytest.mark.parametrize(
    "text, written",
    [
        ("そのまま。", "そのまま。"),
        ("①⑳", "(1)(20)"),
        ("～－∥￠￡￢—•", "〜−‖¢£¬―・"),
        ("ﾊﾟｿｺﾝ｡", "パソコン。"),
        ("㍻㌔№", "平成キロNo"),
        ("髙﨑神𠮷", "髙﨑神𠮷"),
        ("é😀", "é😀"),
    ],
)
def test_to_jis_changes_signs_and_never_a_letter(text, written):
    assert to_jis(text) == written


@pytest.mark.parametrize(
    "texts, wished, charset",
    [
        (["件名①", "本文"], "iso-2022-jp", "iso-2022-jp"),
        (["件名", "𠮷野"], "iso-2022-jp", "utf-8"),
        (["件名", "本文"], "utf-8", "utf-8"),
    ],
)
def test_one_charset_for_all_of_a_mail(texts, wished, charset):
    found, written = charset_for(texts, wished)
    assert found == charset
    assert "?" not in "".join(written)
    assert written == (texts if charset == "utf-8" else [to_jis(text) for text in texts])
