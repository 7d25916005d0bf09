"""The demo's accounts, shown on its sign-in page and by `manage.py demo`."""

from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from workflow.people.models import User


def demo_accounts() -> list[dict[str, Any]]:
    """Return the accounts to try the demo with; none outside a demo."""
    if not settings.DEMO_PASSWORD:
        return []
    known = {u.username: u.name for u in User.objects.filter(username__in=SHOWN, is_active=True)}
    return [
        {"username": name, "role": known[name], "does": does}
        for name, does in SHOWN.items()
        if name in known
    ]


SHOWN = {
    "joho-tanto": _("事務局：照会を出し、回答を受理し、段階を進める"),
    "joho-kacho": _("事務局の長：起案を承認する"),
    "koho-tanto": _("所管課：照会に回答する"),
    "koho-kacho": _("所管課長：回答を承認する"),
    "sogo-seisaku-tanto": _("部の庶務担当課：部の回答をまとめる"),
    "fuku-shicho-a": _("CIO（本部会の長）：決裁する、会議を主宰する"),
    "fuku-shicho-b": _("副市長：CIOの職務代理"),
    "shicho": _("市長：策定を決裁する"),
    "jinji-tanto": _("人事課：次の4月1日の異動を用意する"),
    "iin-1": _("委員会の会長：会議と議事録の署名"),
    "kansa": _("監査：すべてを読む"),
    "kanri": _("システム管理者：利用者と閉庁日"),
}
