"""What a webhook may be told of: the areas that the kinds of events fall into."""

from django.utils.translation import gettext_lazy as _

AREAS = {
    "deadline": _("期限と督促"),
    "inquiry": _("庁内照会"),
    "signoff": _("決裁"),
    "stage": _("段階"),
    "meeting": _("会議"),
    "public_comment": _("パブリックコメント"),
    "opinion": _("意見"),
    "plan": _("計画のシート"),
    "revision": _("改定"),
    "people": _("不在と発令"),
    "transfer": _("人事異動の予約"),
}
