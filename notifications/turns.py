"""Which words ask the readers of a sign-off for what they are to do with it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Words:
    """What happened, and what the reader is to do. Words may hold %(left)s."""

    happened: Any
    act: Any


SIGN = Words(_("決裁の順番が来ました"), _("原文を読み、承認か差戻しをしてください。"))

TURNS: dict[str, Words] = {
    "sign": SIGN,
    "again": Words(
        _("決裁があなたの欄に差し戻されました"), _("理由を読み、もう一度処理してください。")
    ),
    "pull_up": Words(
        _("決裁の順番が、欠員の職に来ました"),
        _("後の欄の人は、原文を読み、引き上げて承認か決裁をしてください。"),
    ),
    "vacant": Words(
        _("決裁の順番が、欠員の職に来ました"),
        _("後任か代理が決まるのを待つか、引き戻すか取り下げて経路を直してください。"),
    ),
    "review": Words(
        _("後閲の順番が来ました"), _("あなたを待たずに進んだ決裁を読み、後閲を済ませてください。")
    ),
    "read": Words(_("供覧が届きました"), _("決裁の内容を読み、読んだことを記録してください。")),
}
"""What a recipient is to do decides the words, whatever the act was that brought it to them."""

ASKED: dict[str, Words] = {
    "concurrence": Words(
        _("合議の順番が来ました"), _("原文を読み、同意するかしないかを答えてください。")
    ),
    "decider": Words(_("決裁の順番が来ました"), _("原文を読み、決裁か差戻しをしてください。")),
    "signer": Words(_("署名の順番が来ました"), _("原文を読み、署名か差戻しをしてください。")),
}
"""What a turn to sign asks of a StepRole, where it is another thing than of the line's."""


def turn_of(facts: Mapping[str, Any]) -> Words | None:
    """Return the words of the turn that an event brings; None where it brings none."""
    act = facts.get("act", "")
    return (ASKED.get(facts.get("role", "")) if act == "sign" else None) or TURNS.get(act)
