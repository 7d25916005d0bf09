"""人事異動: one move chosen from lists, or many pasted as a table."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from workflow.deadline.era import parse_date
from workflow.deadline.fields import DayField
from workflow.people.models import Post, User
from workflow.transfer.gates import Move
from workflow.transfer.models import Transfer

YES = {"1", "○", "〇", "兼", "兼務", "はい"}
NO = {"", "0", "×", "-", "本務", "いいえ"}
HEAD = "職員ID"


class TransferForm(forms.Form):
    title = forms.CharField(
        label=gettext_lazy("名称"),
        max_length=Transfer._meta.get_field("title").max_length,
        help_text=gettext_lazy("例：令和9年4月1日定期異動"),
    )
    effective_on = DayField(label=gettext_lazy("発令の日"))


class ReviseForm(TransferForm):
    seen = forms.IntegerField(widget=forms.HiddenInput)


class MoveForm(forms.Form):
    seen = forms.IntegerField(widget=forms.HiddenInput)
    user_id = forms.ModelChoiceField(
        User.objects.filter(is_active=True).exclude(kind="admin").order_by("username"),
        label=gettext_lazy("異動する人"),
        empty_label=gettext_lazy("選んでください"),
    )
    to_post_id = forms.ModelChoiceField(
        Post.objects.all(),
        label=gettext_lazy("新しい職"),
        required=False,
        empty_label=gettext_lazy("なし（職を離れる）"),
    )
    is_concurrent = forms.BooleanField(
        label=gettext_lazy("兼務（いまの職も続ける）"), required=False
    )
    from_post_id = forms.ModelChoiceField(
        Post.objects.all(),
        label=gettext_lazy("離れる職"),
        required=False,
        empty_label=gettext_lazy("いまの本務の職"),
        help_text=gettext_lazy("兼務の一つだけを離れるときに選びます"),
    )
    keep_until = DayField(
        label=gettext_lazy("引継ぎの終わり（この日まで、前の職でも決裁できます）"), required=False
    )

    def move(self) -> Move:
        given = self.cleaned_data
        to_post, from_post = given["to_post_id"], given["from_post_id"]
        return Move(
            user=given["user_id"].pk,
            to_post=to_post.pk if to_post else None,
            from_post=from_post.pk if from_post else None,
            is_concurrent=given["is_concurrent"],
            keep_until=given["keep_until"],
        )


@dataclass(frozen=True)
class Wrong:
    """One pasted row that can't be taken; `number` counts from 1 as an editor does."""

    number: int
    text: str
    why: str


class PasteForm(forms.Form):
    """Rows of 職員ID,新職,兼務,引継ぎ終了日: commas, or tabs as a spreadsheet gives them.

    `moves` and the `numbers` of their rows are there when it is valid, `wrong` when it is not.
    """

    seen = forms.IntegerField(widget=forms.HiddenInput)
    rows = forms.CharField(
        label=gettext_lazy("異動の表"),
        max_length=200_000,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
        help_text=gettext_lazy(
            "1行に1人、「職員ID,新職,兼務,引継ぎ終了日」の順。"
            "表計算ソフトからそのまま貼れます。新職は名称か記号、空なら職を離れます。"
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.moves: list[Move] = []
        self.numbers: list[int] = []
        self.wrong: list[Wrong] = []

    def clean_rows(self) -> str:
        text: str = self.cleaned_data["rows"]
        read = list(_read(text))
        users = {
            u.username: u.pk for u in User.objects.filter(username__in=[r[1][0] for r in read])
        }
        posts = _posts([cells[1] for _number, cells in read])
        for number, cells in read:
            try:
                self.moves.append(_move(cells, users, posts))
                self.numbers.append(number)
            except ValueError as error:
                self.refuse(number, str(error))
        if not self.wrong and not self.moves:
            raise forms.ValidationError(_("異動する人がありません。"))
        self._check()
        return text

    def refuse(self, number: int, why: str) -> None:
        self.wrong.append(Wrong(number, self.data["rows"].splitlines()[number - 1], why))

    def refuse_moves(self, faults: dict[int, str]) -> None:
        """Say what is wrong with moves, by their place from 0."""
        for place, why in faults.items():
            self.refuse(self.numbers[place], why)
        try:
            self._check()
        except forms.ValidationError as error:
            self.add_error("rows", error)

    def _check(self) -> None:
        if self.wrong:
            message = _("%d行に直すところがあります。どの行もまだ加えていません。")
            raise forms.ValidationError(message % len(self.wrong))


def _read(text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield (number, four cells) of every row that says something."""
    lines = text.splitlines()
    delimiter = "\t" if "\t" in text else ","
    for number, line in enumerate(lines, 1):
        cells = [cell.strip() for cell in next(csv.reader([line], delimiter=delimiter), [])]
        if any(cells) and cells[0] != HEAD:
            yield number, [*cells, "", "", ""][: max(4, len(cells))]


def _posts(names: Sequence[str]) -> dict[str, list[int]]:
    """Return the ids of the posts of each code or name."""
    found: dict[str, list[int]] = {}
    rows = Post.objects.filter(code__in=names) | Post.objects.filter(name__in=names)
    for pk, code, name in rows.values_list("pk", "code", "name"):
        for word in {code, name}:
            found.setdefault(word, []).append(pk)
    return found


def _move(cells: list[str], users: dict[str, int], posts: dict[str, list[int]]) -> Move:
    """raises  ValueError with what is to be mended"""
    if len(cells) > 4:
        raise ValueError(_("列が多すぎます。4列までにしてください。"))
    username, post, concurrent, keep_until = cells
    if username not in users:
        raise ValueError(_("職員ID「%s」の人がいません。") % username)
    if concurrent not in YES | NO:
        raise ValueError(_("兼務は「1」か空にしてください。"))
    return Move(
        user=users[username],
        to_post=_post(post, posts),
        is_concurrent=concurrent in YES,
        keep_until=_day(keep_until),
    )


def _post(word: str, posts: dict[str, list[int]]) -> int | None:
    if not word:
        return None
    found = posts.get(word, [])
    if not found:
        raise ValueError(_("「%s」という職がありません。") % word)
    if len(found) > 1:
        raise ValueError(_("「%s」という職が複数あります。記号で書いてください。") % word)
    return found[0]


def _day(text: str) -> date | None:
    return parse_date(text) if text else None
