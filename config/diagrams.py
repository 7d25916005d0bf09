"""docs/states.md: every state machine, read from its transitions, and every shipped route."""

from collections.abc import Iterator

from django.apps import apps
from django.db.models import Model
from django_fsm import FSMFieldMixin

from workflow.path.routes import ROUTES, Leg, Route

HEAD = """# 状態と経路

プログラムから作った図です。直すときは、プログラムを直してから `make states` を実行します。
"""

SENDING = {
    "send": "送信",
    "retry": "再送待ち",
    "give_up": "送信断念",
    "resend": "再送",
    "withdraw": "取下げ",
}

WORDS: dict[str, tuple[str, dict[str, str]]] = {
    "Revision.state": (
        "改定",
        {
            "consult": "協議開始",
            "adopt": "策定",
            "supersede": "次の改定の策定",
            "withdraw": "取下げ",
        },
    ),
    "Stage.state": (
        "段階",
        {
            "open": "開始",
            "conclude": "終了",
            "send_back": "差戻し",
            "skip": "省略",
            "cancel": "中止",
        },
    ),
    "Inquiry.state": (
        "照会",
        {"prepare": "準備", "ask": "設問の用意", "issue": "発出", "close": "締切"},
    ),
    "InquiryTarget.state": (
        "照会先",
        {
            "deliver": "配信",
            "receive": "受取",
            "write": "回答の入力",
            "submit": "課長へ回付",
            "answer": "課長の承認（回答）",
            "answer_not_applicable": "課長の承認（該当なし）",
            "approve": "課長の承認（庶務担当課へ）",
            "compile": "庶務担当課のまとめ（回答）",
            "compile_not_applicable": "庶務担当課のまとめ（該当なし）",
            "send_back": "課長の差戻し",
            "hand_back": "庶務担当課の差戻し",
            "pull_back": "引戻し",
            "return_": "事務局の差戻し",
            "accept": "受理",
            "waive": "回答免除",
            "extend": "期限延長",
            "ask_extension": "期限延長の申出",
            "decline_extension": "延長しない",
            "mend": "事務局の修正",
            "reopen": "再開",
        },
    ),
    "Forward.state": (
        "所管違いの転送",
        {"take": "引受け", "decline": "引き受けない", "withdraw": "取下げ"},
    ),
    "Meeting.state": (
        "会議",
        {
            "convene": "招集",
            "move": "日時・場所の変更",
            "start": "開会",
            "adjourn": "流会",
            "close": "閉会",
            "cancel": "中止",
            "take_attendance": "出欠",
            "decide_item": "議題の結果",
            "hear": "発言の記録",
        },
    ),
    "Meeting.minutes_state": (
        "議事録",
        {
            "fix_minutes": "確定",
            "sign_minutes": "署名がそろう",
            "return_minutes": "署名前の差戻し",
            "edit_minutes": "修正",
        },
    ),
    "PublicComment.state": (
        "意見公募",
        {
            "prepare": "準備",
            "announce": "予告",
            "begin": "募集開始日",
            "close": "締切日の翌日",
            "answer": "取りまとめ",
            "publish": "結果公表",
        },
    ),
    "Opinion.state": (
        "意見",
        {
            "assign": "担当課の指定",
            "draft_response": "回答案の作成",
            "approve": "回答の承認",
            "send_back": "差戻し",
            "publish": "公表",
            "link": "似た意見のまとめ",
        },
    ),
    "Request.state": (
        "決裁",
        {
            "circulate": "回議に付す",
            "decide": "決裁",
            "back_enter": "紙の決裁の後日登録",
            "reject": "否決",
            "return_to_drafter": "差戻し・起案者の引戻し",
            "rewind": "承認者の引戻し・途中の欄への差戻し",
            "withdraw": "取下げ",
        },
    ),
    "Step.state": (
        "決裁欄",
        {
            "activate": "順番が来る",
            "approve": "承認・決裁・署名",
            "concur": "合議の同意",
            "dissent": "合議の不同意",
            "hold": "保留",
            "resume": "保留の解除",
            "send_back": "起案者への差戻し",
            "return_turn": "途中の欄への差戻し",
            "reject": "否決",
            "pull_up": "引き上げ承認",
            "pass_over": "後閲に回る",
            "post_review": "後閲",
            "read": "供覧を読む",
            "reopen": "引戻し・差戻しでやり直す",
            "deactivate": "順番が前に戻る",
            "close": "回議の終わり",
        },
    ),
    "Deadline.state": (
        "期限",
        {
            "lapse": "期限の到来",
            "meet": "対応",
            "lift": "解除",
            "extend": "延長",
            "bring_forward": "繰上げ",
            "put_off": "繰下げ",
            "hand_over": "次の担当へ",
        },
    ),
    "Transfer.state": (
        "人事異動",
        {
            "edit": "名称・日・異動する人の手直し",
            "schedule": "予約",
            "reopen": "予約の取消し",
            "apply": "発令",
            "fail": "発令の失敗",
            "cancel": "中止",
        },
    ),
    "Delivery.state": (
        "通知",
        SENDING
        | {
            "hold": "まとめ待ち",
            "lead": "一通にまとめる",
            "follow": "一通に加わる",
            "drop": "取りやめ",
        },
    ),
    "HookDelivery.state": ("外部連携への通知", SENDING),
    "Untold.state": ("配信前の出来事", SENDING),
}
"""Machine → its name and the words of its transitions; one that is missing is an error."""


def render() -> str:
    """raises  LookupError for machines or transitions without words"""
    if wordless := sorted(_wordless()):
        raise LookupError(f"config/diagrams.py の WORDS に語がありません：{'、'.join(wordless)}")
    return "\n".join([HEAD, *_machines(), *_routes()])


def machines() -> dict[str, tuple[type[Model], FSMFieldMixin]]:
    return {
        f"{model.__name__}.{field.name}": (model, field)
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if isinstance(field, FSMFieldMixin)
    }


def _wordless() -> Iterator[str]:
    for key, (model, field) in machines().items():
        words = WORDS[key][1] if key in WORDS else {}
        yield from {f"{key} {t.name}" for t in field.get_all_transitions(model)} - {
            f"{key} {name}" for name in words
        }


def _machines() -> Iterator[str]:
    found = machines()
    for key in sorted(found, key=list(WORDS).index):
        model, field = found[key]
        yield f"## {WORDS[key][0]}（{key}）\n"
        yield "```mermaid\nstateDiagram-v2"
        yield from _machine(model, field, WORDS[key][1])
        yield "```\n"


def _machine(model: type[Model], field: FSMFieldMixin, words: dict[str, str]) -> Iterator[str]:
    states, acts = field.flatchoices, list(words)
    order = [state for state, _label in states]
    transitions = sorted(
        field.get_all_transitions(model),
        key=lambda t: (order.index(t.source), acts.index(t.name)),
    )
    for state, label in states:
        yield f'    state "{label}" as {state}'
    yield f"    [*] --> {field.default}"
    for t in transitions:
        yield f"    {t.source} --> {t.target or t.source}: {words[t.name]}"
    for state in order:
        if state not in {t.source for t in transitions}:
            yield f"    {state} --> [*]"


def _routes() -> Iterator[str]:
    for route in ROUTES.values():
        yield f"## 経路：{route.name}（{route.code}）\n"
        yield "```mermaid\nflowchart TB"
        yield from _rounds(route)
        yield "    " + " --> ".join(f"s{n}" for n in range(1, len(route.legs) + 1))
        yield "```\n"


def _rounds(route: Route) -> Iterator[str]:
    rounds: dict[str, list[tuple[int, Leg]]] = {}
    for number, leg in enumerate(route.legs, 1):
        rounds.setdefault(leg.round, []).append((number, leg))
    for order, (name, legs) in enumerate(rounds.items(), 1):
        yield f'    subgraph r{order}["{name}"]'
        for number, leg in legs:
            yield f'        s{number}["{leg.name}<br>{leg.asks.label}・{leg.length}開庁日"]'
        yield "    end"
