"""Every part of the screens on a few pages, with made-up content. Used by test_gallery alone."""

from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import engines
from django.urls import include, path

from workflow.access import Audience, audience

TODAY = date(2020, 12, 18)
AT = datetime(2020, 12, 18, 14, 5, tzinfo=ZoneInfo("Asia/Tokyo"))
HERE = Path(__file__).parent


class SheetForm(forms.Form):
    name = forms.CharField(
        label="名称", max_length=60, help_text="体系図と一覧にも、この名称が載ります。"
    )
    kind = forms.ChoiceField(
        label="区分", choices=[("new", "新規"), ("kept", "継続")], widget=forms.RadioSelect
    )
    aim = forms.CharField(
        label="目指すもの", widget=forms.Textarea(attrs={"rows": 4}), required=False
    )
    section = forms.ChoiceField(label="主管課", choices=[("", "選んでください"), ("j", "情シス課")])
    due = forms.CharField(label="回答期限", help_text="例：2026-12-04、R8.12.4、令和8年12月4日")
    years = forms.MultipleChoiceField(
        label="取り組む年度",
        choices=[("3", "令和3年度"), ("4", "令和4年度")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    paper = forms.BooleanField(label="紙の原本がある", required=False)
    scan = forms.FileField(label="添付", required=False)


class ReasonForm(forms.Form):
    reason = forms.CharField(label="差戻しの理由", widget=forms.Textarea(attrs={"rows": 3}))


class CommentForm(forms.Form):
    comment = forms.CharField(
        label="意見", widget=forms.Textarea(attrs={"rows": 2}), required=False
    )


class FilterForm(forms.Form):
    word = forms.CharField(label="名称・番号", required=False)
    state = forms.ChoiceField(
        label="状態", choices=[("", "すべて"), ("late", "遅れているもの")], required=False
    )


def stage(round_: str, title: str, tone: str, word: str, *span: Any, **more: Any) -> dict[str, Any]:
    start, end = (*span, None, None)[:2]
    return {
        "round": round_,
        "title": title,
        "state": tone,
        "state_label": word,
        "tone": tone,
        "start": start,
        "end": end,
        "precision": "day",
        "url": "#stage",
        "late": False,
    } | more


PATH = [
    stage("策定方針", "本部会", "done", "終了", date(2020, 5, 25)),
    stage("総括・骨子案", "情報化推進委員会", "done", "終了", date(2020, 10, 22)),
    stage("総括・骨子案", "庁内照会", "done", "終了", date(2020, 10, 23), date(2020, 11, 9)),
    stage("総括・骨子案", "幹事会", "bad", "差戻し", date(2020, 10, 27)),
    stage("総括・骨子案", "本部会", "done", "終了", date(2020, 11, 5)),
    stage(
        "素案", "庁内照会", "active", "進行中", date(2020, 12, 10), date(2020, 12, 14), late=True
    ),
    stage("素案", "情報化推進委員会", "active", "進行中", date(2020, 12, 17)),
    stage("素案", "幹事会", "neutral", "予定", date(2020, 12, 23)),
    stage("素案", "本部会", "neutral", "予定", date(2021, 1, 12)),
    stage("素案", "部長会議", "off", "省略", date(2021, 2, 2)),
    stage("素案", "パブリックコメント", "neutral", "予定", date(2021, 2, 17), date(2021, 3, 18)),
    stage("計画案", "本部会", "neutral", "予定", date(2021, 4, 1), precision="month"),
    stage("計画案", "策定", "neutral", "予定", date(2021, 5, 1), precision="month"),
]
PAIRS = [
    ("=", "子育て"),
    ("-", "支援の充実を図"),
    ("+", "世帯の経済的負担を軽減す"),
    ("=", "るため、"),
    ("-", "中学生"),
    ("+", "18歳"),
    ("=", "までを対象とします。"),
]
HISTORY = [
    {
        "at": AT,
        "who": "情報システム課長",
        "did": "承認",
        "tone": "done",
        "said": "趣旨に沿っています。",
    },
    {
        "at": AT,
        "who": "政策部長",
        "did": "差戻し",
        "tone": "bad",
        "said": "指標の根拠を補ってください。",
    },
    {"at": AT, "who": "情報システム課 担当", "did": "起案", "url": "#v1", "link": "時点版を見る"},
]
FRAME: dict[str, Any] = {
    "nav": [
        ("#work", "わたしの仕事", True),
        ("#revisions", "改定", False),
        ("#board", "進行表", False),
        ("#plan", "計画", False),
        ("#inquiries", "照会", False),
        ("#meetings", "会議", False),
        ("#comments", "意見公募", False),
    ],
    "acting_as": "情報システム課長",
    "notices_url": "#notices",
    "notices_count": 3,
    "crumbs": [("#revisions", "改定"), ("#this", "ICT推進計画 中間見直し")],
}


def gallery(request: HttpRequest) -> HttpResponse:
    messages.success(request, "回答を課長に送りました。課長が承認すると、事務局に届きます。")
    sent = {"name": "", "due": "12月の終わり", "kind": ""}
    page = {
        "today": TODAY,
        "tones": ["neutral", "waiting", "active", "done", "warn", "bad", "off"],
        "stages": PATH,
        "form": SheetForm(sent if "wrong" in request.GET else None),
        "filters": FilterForm(auto_id="filter_%s"),
        "reason": ReasonForm({} if "wrong" in request.GET else None, auto_id="send_back_%s"),
        "comment": CommentForm(auto_id="approve_%s"),
        "pairs": PAIRS,
        "history": HISTORY,
        "boxes": [
            {"post": "課長", "state": "承認", "tone": "done", "name": "情報システム課長", "at": AT},
            {"post": "部長", "state": "後閲待ち", "tone": "warn", "note": "不在のため後閲"},
            {"post": "副市長", "state": "審査中", "tone": "active"},
            {"post": "市長", "state": "これから", "tone": "neutral"},
        ],
        "facts": [("文書番号", "情シ第12号"), ("決裁区分", "副市長専決"), ("保存期間", "")],
        "columns": ["番号", "名称", "主管課"],
        "rows": [
            ["1-1-(1)", "スマート窓口の導入検討", "戸籍住民課"],
            ["1-1-(2)", "電子書籍", "図書館"],
        ],
        "cols": [("owner", "主管課", True), ("since", "滞留", False)],
        "exports": [("CSV", "#csv"), ("Excel", "#xlsx")],
        "bulk": [("approve", "承認する", "選んだ分の決裁が進みます", "primary")],
        "tabs": [("#a", "読む", True), ("#b", "変わったところ", False), ("#c", "経過", False)],
    }
    template = engines["django"].from_string((HERE / "gallery.html").read_text())
    return HttpResponse(template.render(FRAME | page, request))


def check_date(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"{request.GET['due']}は閉庁日です。")


def refused(request: HttpRequest) -> HttpResponse:
    page = {
        "title": "画面を開いたあとに、別の操作が行われました",
        "reason": "この回答は、情報システム課 担当が今日14時05分に送っています。",
        "what_next": [("いまの回答を見る", "#now"), ("わたしの仕事に戻る", "#work")],
        "meanwhile": [
            {"at": AT, "by": None, "post": {"name": "課長"}, "verb": "signoff.approved"},
        ],
        "kept": {
            "概要": "窓口で書かない手続を増やします。",
            "目指すもの": "待ち時間を短くします。",
        },
    }
    return render(request, "errors/refused.html", FRAME | page, status=409)


def page(name: str, **context: Any) -> Any:
    return lambda request: render(request, name, FRAME | context)


def own(name: str, **context: Any) -> Any:
    """Render a template that lives beside this file."""
    template = engines["django"].from_string((HERE / name).read_text())
    return lambda request: HttpResponse(template.render(context, request))


PUBLIC = {"city_name": "見本市", "contact": "情報システム課", "form": SheetForm(auto_id="o_%s")}
LOGIN = {
    "demo_password": "kaitei",
    "demo_accounts": [
        {
            "username": "joho-tanto",
            "role": "情報システム課 担当（事務局）",
            "does": "照会を出し、進行を見ます",
        },
        {"username": "fuku-shicho-a", "role": "副市長（CIO）", "does": "本部会を開き、決裁します"},
    ],
}


def shown(view: Any) -> Any:
    return audience(Audience.ANYONE)(view)


GALLERY = [
    path("", shown(gallery)),
    path("check-date", shown(check_date)),
    path("refused", shown(refused)),
    path("public", shown(own("public.html", **PUBLIC))),
    path("print", shown(own("print.html", facts=[("提案課", "情報システム課")]))),
    path("404", shown(page("404.html"))),
    path("403", shown(page("403.html"))),
    path("403_csrf", shown(page("403_csrf.html"))),
    path("500", shown(page("500.html"))),
    path("login", shown(LoginView.as_view(extra_context=LOGIN))),
]
urlpatterns = [
    path("gallery/", include(GALLERY)),
    path("logout", shown(LogoutView.as_view()), name="logout"),
]
