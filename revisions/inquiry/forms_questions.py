"""設問の様式: what the secretariat asks, and the questions of an inquiry as a section's form."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from revisions.inquiry.models_questions import Question
from revisions.inquiry.queries import Paper
from revisions.inquiry.questions import CELL, asked, read_all
from revisions.inquiry.states import QuestionKind
from revisions.plan.forms import Prose
from workflow.signoff.forms import Act
from workflow.signoff.scans import LARGEST

BLANK_ROWS = 3
FEW = 7
"""Choices that are shown as buttons; more are a list to pick from."""
HINTS = {
    QuestionKind.NUMBER: _("例：1234、12.5"),
    QuestionKind.DATE: _("例：2026-12-04、R8.12.4、令和8年12月4日"),
    QuestionKind.TABLE: _("行が足りないときは、保存すると空いた行が増えます。"),
    QuestionKind.FILE: _("PDF、PNG、JPEGで10MBまで"),
}


class QuestionForm(Act):
    """設問を作る."""

    kind = forms.ChoiceField(
        label=_("答え方"), choices=QuestionKind, widget=forms.RadioSelect, initial="text"
    )
    label = forms.CharField(label=_("設問"), max_length=200)
    help = forms.CharField(
        label=_("補足"), required=False, max_length=400, help_text=_("書き方や例など")
    )
    required = forms.BooleanField(label=_("必ず答える設問にする"), required=False)
    choices = Prose(label=_("選択肢"), required=False, help_text=_("1行に1つずつ、2つ以上"))
    columns = Prose(label=_("列の名前"), required=False, help_text=_("1行に1つずつ、8つまで"))
    on = forms.ChoiceField(
        label=_("尋ねる条件"),
        required=False,
        help_text=_("選択の設問が前にあるときは、その答えによって尋ねるかどうかを決められます。"),
    )

    def __init__(self, *args: Any, earlier: list[Question], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        conditions = [
            (f"{q.pk}:{n}", gettext("「%(q)s」が「%(value)s」のとき") % {"q": q, "value": value})
            for q in earlier
            for n, value in enumerate(q.choices)
        ]
        self.conditions = {
            f"{q.pk}:{n}": (q.pk, value) for q in earlier for n, value in enumerate(q.choices)
        }
        self.fields["on"].choices = [("", _("いつも尋ねる")), *conditions]  # type: ignore[attr-defined]

    def asked(self) -> dict[str, Any]:
        """Return what is asked, as commands_questions.add_question() takes it."""
        given = self.cleaned_data
        on_id, on_value = self.conditions.get(given["on"], (None, ""))
        return {
            "kind": given["kind"],
            "label": given["label"],
            "help": given["help"],
            "required": given["required"],
            "choices": _lines(given["choices"]) if given["kind"] == QuestionKind.CHOICE else [],
            "columns": _lines(given["columns"]) if given["kind"] == QuestionKind.TABLE else [],
            "on_id": on_id,
            "on_value": on_value,
        }


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def as_typed(question: Question, earlier: list[Question]) -> dict[str, Any]:
    """Return a question as the initial values of QuestionForm."""
    plain = {name: getattr(question, name) for name in ("kind", "label", "help", "required")}
    on = next((q for q in earlier if q.pk == question.on_id), None)
    place = on.choices.index(question.on_value) if on else None
    return plain | {
        "choices": "\n".join(question.choices),
        "columns": "\n".join(question.columns),
        "on": f"{on.pk}:{place}" if on else "",
    }


class TableInput(forms.Widget):
    """Rows of cells; a column's cells have one name, so that any number of rows may be sent."""

    template_name = "inquiry/table_input.html"
    use_fieldset = True

    def __init__(self, columns: list[str]) -> None:
        super().__init__()
        self.columns = columns

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        blank = [[""] * len(self.columns)] * BLANK_ROWS
        rows = [
            list(enumerate(zip(self.columns, row, strict=False)))
            for row in [*(value or ()), *blank]
        ]
        return context | {"columns": self.columns, "rows": rows, "cell": CELL}

    def value_from_datadict(
        self, data: Mapping[str, Any], files: Any, name: str
    ) -> list[list[str]] | None:
        if not isinstance(data, MultiValueDict):
            return data.get(name)
        columns = [data.getlist(f"{name}-{n}") for n in range(len(self.columns))]
        return [list(row) for row in zip(*columns, strict=False)]


class FileInput(forms.FileInput):
    """A file to send, beside the one sent before, which may be taken away."""

    template_name = "inquiry/file_input.html"

    def __init__(self, kept: Mapping[str, Any] | None) -> None:
        super().__init__()
        self.kept = kept

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        return super().get_context(name, value, attrs) | {"kept": self.kept}

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return files.get(name) or (False if data.get(f"{name}-drop") else None)


class AnswerField(forms.Field):
    """Takes anything: what an answer may be stands in questions.py."""

    def clean(self, value: Any) -> Any:
        return value


class QuestionsForm(Act):
    """The questions of an inquiry and a section's answers. Required is what has to be answered
    before it goes up, not before it is saved."""

    use_required_attribute = False

    def __init__(
        self, data: Any = None, files: Any = None, *, paper: Paper, seen: int, **kwargs: Any
    ) -> None:
        initial = {f"q{pk}": value for pk, value in paper.values.items()} | {"seen": seen}
        super().__init__(data, files, initial=initial, **kwargs)
        self.paper = paper
        for question in paper.questions:
            self.fields[f"q{question.pk}"] = AnswerField(
                label=question.label,
                help_text=question.help or HINTS.get(QuestionKind(question.kind), ""),
                required=question.required,
                widget=_widget(question, paper.values.get(question.pk)),
            )

    def typed(self) -> dict[int, Any]:
        """Return what was typed, by id of the question, as questions.read() takes it."""
        found = {q.pk: self[f"q{q.pk}"].data for q in self.paper.questions}
        for pk, value in found.items():
            if hasattr(value, "read"):
                value.seek(0)
                found[pk] = (value.name, value.read(LARGEST + 1))
        return found

    def refuse(self, wrong: Mapping[int, str]) -> None:
        """Put what is wrong beside its question."""
        for pk, why in wrong.items():
            self.add_error(f"q{pk}", gettext(why))

    def rows(self) -> list[tuple[Question, forms.BoundField, bool]]:
        """Return every question, its field, and whether it is asked by what is typed so far."""
        questions, values = self.paper.questions, self.paper.values
        if self.is_bound:
            values = read_all(questions, self.typed(), values)[0]
        now = asked(questions, values)
        return [(q, self[f"q{q.pk}"], q in now) for q in questions]


def _widget(question: Question, kept: Any) -> forms.Widget:
    text = {"autocomplete": "off"}
    match question.kind:
        case QuestionKind.TEXT:
            return forms.Textarea(attrs={"rows": 3})
        case QuestionKind.NUMBER:
            return forms.TextInput(attrs=text | {"inputmode": "decimal"})
        case QuestionKind.CHOICE:
            blank = [] if question.required else [("", _("選ばない"))]
            choices = [*blank, *((word, word) for word in question.choices)]
            if len(question.choices) <= FEW:
                return forms.RadioSelect(choices=choices)
            return forms.Select(choices=[("", "—"), *choices[len(blank) :]])
        case QuestionKind.TABLE:
            return TableInput(question.columns)
        case QuestionKind.FILE:
            return FileInput(kept)
    return forms.TextInput(attrs=text)
