import gzip
import re
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django import forms
from django.conf import settings
from django.template import Context, Template

from config.templatetags.shapes import SHAPES
from config.templatetags.tones import TONES
from config.templatetags.verbs import VERBS

STATIC = settings.BASE_DIR / "config" / "static"
TEMPLATES = sorted((settings.BASE_DIR / "config" / "templates").rglob("*.html"))
DAY = date(2026, 12, 4)


class SheetForm(forms.Form):
    name = forms.CharField(label="名称", max_length=3)
    kind = forms.ChoiceField(label="区分", choices=[("new", "新規")], widget=forms.RadioSelect)
    note = forms.CharField(label="備考", required=False)


def drawn(source: str, **context: object) -> str:
    return Template("{% load kaitei %}" + source).render(Context(context))


@pytest.mark.parametrize(
    "source, text",
    [
        ("{{ d|era }}", "令和8年12月4日(金)"),
        ("{{ d|era_short }}", "R8.12.4"),
        ("{{ d|era_month }}", "令和8年12月"),
        ("{{ d|fiscal }}", "令和8年度"),
        ("{{ 2019|fiscal }}", "令和元年度"),
        ("{{ at|era_at }}", "令和8年12月5日(土) 00:30"),
        ("{{ at|era_short }}", "R8.12.5"),
        ("{{ none|era }}{{ none|era_at }}{{ none|era_short }}{{ none|era_month }}", ""),
    ],
)
def test_dates_are_written_as_the_office_does(source: str, text: str) -> None:
    at = datetime(2026, 12, 4, 15, 30, tzinfo=ZoneInfo("UTC"))
    assert drawn(source, d=DAY, at=at, none=None) == text


@pytest.mark.parametrize(
    "left, word, tone",
    [
        (12, "あと12開庁日", "neutral"),
        (3, "あと3開庁日", "warn"),
        (0, "今日まで", "warn"),
        (-2, "2開庁日超過", "bad"),
    ],
)
def test_due_says_how_much_time_is_left(left: int, word: str, tone: str) -> None:
    html = drawn("{% due d left %}", d=DAY, left=left)
    assert word in html
    assert f"tone-{tone}" in html


def test_due_without_a_count_is_only_the_day() -> None:
    assert "badge" not in drawn("{% due d %}", d=DAY)


def test_diff_marks_with_words_and_escapes() -> None:
    pairs = [("=", "市は"), ("-", "<b>"), ("+", "18歳")]
    assert drawn("{% diff pairs %}", pairs=pairs) == (
        '市は<del><span class="vh">［削除：</span>&lt;b&gt;<span class="vh">］</span></del>'
        '<ins><span class="vh">［追加：</span>18歳<span class="vh">］</span></ins>'
    )
    assert "18歳" not in drawn('{% diff pairs "before" %}', pairs=pairs)
    assert "&lt;b&gt;" not in drawn('{% diff pairs "after" %}', pairs=pairs)


def test_field_says_what_is_asked_what_is_wrong_and_keeps_what_was_typed() -> None:
    form = SheetForm({"name": "<長すぎる>"})
    name, kind, note = (drawn("{% field f %}", f=form[n]) for n in ("name", "kind", "note"))
    assert 'value="&lt;長すぎる&gt;"' in name
    assert 'aria-describedby="id_name_error"' in name
    assert 'aria-invalid="true"' in name
    assert "選んでください。" in kind
    assert "<fieldset" in kind
    assert ("必須" in name, "任意" in name) == (True, False)
    assert ("必須" in note, "任意" in note) == (False, True)


def test_errors_link_to_fields_and_are_silent_when_all_is_well() -> None:
    html = drawn("{% errors a b %}", a=SheetForm({}), b=None)
    assert 'href="#id_name"' in html
    assert 'href="#id_kind_0"' in html
    assert drawn("{% errors a %}", a=SheetForm()).strip() == ""


def test_a_blocked_act_cannot_be_sent() -> None:
    html = drawn('{% act "段階を終える" "次へ進みます" "/x" blocked="未回答があります" %}')
    assert "<form" not in html
    assert "未回答があります" in html
    assert "次へ進みます" not in html


def test_act_escapes_what_it_carries() -> None:
    html = drawn('{% act "承認する" "回ります" "/x" hidden=h %}', h={"seen": '"><script>'})
    assert "<script>" not in html


def test_every_tone_has_a_shape() -> None:
    assert set(TONES.values()) <= set(SHAPES)


def test_every_recorded_act_has_its_word() -> None:
    sources = [
        path.read_text()
        for app in ("workflow", "revisions", "notifications")
        for path in (settings.BASE_DIR / app).rglob("*.py")
    ]
    recorded = {
        verb
        for source in sources
        for verb in re.findall(r'\b_?record\w*\(\s*"([a-z_]+\.[a-z_]+)"', source)
    }
    assert recorded
    assert recorded - set(VERBS) == set()


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_no_template_needs_what_the_policy_forbids(path: Path) -> None:
    assert not re.search(
        r"\sstyle=|<style|\son[a-z]+=|<script(?! src=)|javascript:", path.read_text()
    )


def test_the_look_is_small() -> None:
    css = (STATIC / "vendor/design-tokens/tokens.css").read_bytes() + (
        STATIC / "kaitei.css"
    ).read_bytes()
    assert len(gzip.compress(css)) < 20_000
    assert len((STATIC / "kaitei.js").read_text().splitlines()) < 150
