"""How a command says no. The edge turns each into one HTTP status (config/middleware.py)."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_fsm import TransitionNotAllowed


class Refused(Exception):
    """The request can't be carried out. Without a reason, the title says so."""

    status = 400
    title = _("操作を受け付けられませんでした")

    def __init__(self, reason: str = "") -> None:
        super().__init__(reason or str(self.title))


class NotAllowed(Refused):
    """They may not do this."""

    status = 403
    title = _("この操作をする権限がありません")


class ByButton(Refused):
    """The address is a button's: it shows nothing by itself."""

    status = 405
    title = _("この番地は、画面のボタンから使うものです")

    def __init__(self) -> None:
        super().__init__(gettext("操作は行われていません。元の画面を開いて、やり直してください。"))


class Invalid(Refused):
    """What was typed can't be taken."""

    status = 422
    title = _("入力した内容を確かめてください")

    def __init__(self, reason: str, *, field: str = "") -> None:
        super().__init__(reason)
        self.field = field


class TooMany(Invalid):
    """Somebody sends too often."""

    status = 429
    title = _(
        "続けて送信されたため、受け付けを止めています。1時間ほどたってから、もう一度お試しください。"
    )

    def __init__(self, reason: str = "") -> None:
        super().__init__(reason)


@dataclass(frozen=True)
class Missing:
    """One thing that must happen first, and the page where it is done."""

    what: str
    link: str = ""


class Unmet(Refused):
    """Something else must happen first; `missing` lists all of it."""

    status = 409
    title = _("先に済ませることがあります")

    def __init__(self, reason: str = "", missing: Sequence[Missing] = ()) -> None:
        super().__init__(reason)
        self.missing = tuple(missing)


class Stale(Refused):
    """この操作は行っていません。その間にあったことを確かめて、最新の画面からやり直してください。"""

    status = 409
    title = _("画面を開いたあとに、別の操作が行われました")

    def __init__(self, subject: str = "", seen: int = 0) -> None:
        super().__init__()
        self.subject, self.seen = subject, seen


def why(no: Exception) -> str:
    """Say in one line why an act among many was not done."""
    if isinstance(no, TransitionNotAllowed):
        state = getattr(no.object, "get_state_display", lambda: "")()
        return gettext("今は%sのため、この操作はできません。") % (state or gettext("別の状態"))
    if isinstance(no, Unmet):
        return str(no) + "、".join(str(missing.what) for missing in no.missing)
    return str(no)
