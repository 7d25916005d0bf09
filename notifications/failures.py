"""Why something could not be sent, as the office says it: what was wrong, and what mends it."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from notifications.sending import INTERRUPTED

SERVER = _("メールサーバーにつながりませんでした。サーバーとそこまでの経路を確かめてください。")
SILENT = _("送り先につながりませんでした。送り先のシステムと経路を確かめてください。")
BROKEN = _("送り先が、答える前に接続を切りました。送り先のシステムを確かめてください。")

WORDS = {
    INTERRUPTED: _(
        "送っている途中でworkerが止まりました。workerのログで原因を確かめてください。"
        "届いているかもしれないので、確かめてから再送してください。"
    ),
    # mails: what the mail library raised
    "SMTPRecipientsRefused": _(
        "宛先のアドレスが受け付けられませんでした。登録してあるアドレスを確かめてください。"
    ),
    "SMTPSenderRefused": _("差出人のアドレスが受け付けられませんでした。MAIL_FROMの設定です。"),
    "SMTPDataError": _("メールサーバーが、この内容を受け付けませんでした。"),
    "SMTPAuthenticationError": _(
        "メールサーバーにサインインできませんでした。EMAIL_URLの設定です。"
    ),
    "Unanswered": _(
        "メールサーバーが、受け取ったかどうかを答えませんでした。届いているかもしれないので、"
        "確かめてから再送してください。"
    ),
    "SMTPServerDisconnected": SERVER,
    "SMTPConnectError": SERVER,
    "SMTPHeloError": SERVER,
    "ConnectionRefusedError": SERVER,
    "ConnectionResetError": SERVER,
    "TimeoutError": SERVER,
    "gaierror": SERVER,
    "OSError": SERVER,
    # webhooks: hooks/posting.py
    "timeout": _("送り先が、時間内に答えませんでした。送り先のシステムを確かめてください。"),
    "refused": SILENT,
    "unreachable": SILENT,
    "unknown_host": _("送り先の名前が見つかりません。URLを確かめてください。"),
    "inner_address": _(
        "送り先の名前が、このサーバー自身を指しています。名前の登録（DNS）を確かめてください。"
    ),
    "dropped": BROKEN,
    "no_http": _("送り先の答えを読めませんでした。URLを確かめてください。"),
    "tls": _("送り先の証明書を確かめられませんでした。証明書の期限と発行元を確かめてください。"),
    "not_allowed": _("この相手へは送れません。システムの設定 WEBHOOK_HOSTS を確かめてください。"),
}


def in_words(error: str) -> str:
    """error  as a delivery keeps it: a word or the name of an exception, and what follows ':'"""
    name = error.partition(":")[0]
    if name in WORDS:
        return str(WORDS[name])
    status = name.removeprefix("status_")
    if status == name:
        return gettext("送れませんでした（%s）。") % name
    return _answered(status)


def _answered(status: str) -> str:
    if status.startswith("3"):
        words = gettext("送り先が別のURLを案内しました（%s）。新しいURLを登録してください。")
    elif status in ("401", "403"):
        words = gettext("送り先に断られました（%s）。秘密鍵が合っているか確かめてください。")
    else:
        words = gettext("送り先が受け付けませんでした（%s）。送り先のシステムを確かめてください。")
    return words % status
