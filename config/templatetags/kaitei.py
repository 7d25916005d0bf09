"""Filters and tags of the screens; docs/screens.md lists them with their context."""

from collections.abc import Iterable
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django import template
from django.forms import BaseForm, BoundField, CheckboxInput
from django.forms.formsets import BaseFormSet
from django.template import Context
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.timezone import localdate, localtime
from django.utils.translation import gettext as _

from config.templatetags import picture
from config.templatetags.shapes import SHAPES
from config.templatetags.told import told
from config.templatetags.tones import tone_of
from config.templatetags.wrong import errors_of, wrong_with
from workflow.deadline import days
from workflow.deadline.era import fiscal_year
from workflow.deadline.http import calendar_of

register = template.Library()


def _day(value: date | datetime) -> date:
    return localtime(value).date() if isinstance(value, datetime) else value


@register.filter
def era(value: date | datetime | None) -> str:
    """令和8年12月4日(金); empty for None."""
    return days.day_words(_day(value)) if value else ""


@register.filter
def era_at(value: datetime | None) -> str:
    """令和8年12月4日(金) 14:05 in the local zone; empty for None."""
    return f"{era(value)} {localtime(value):%H:%M}" if value else ""


@register.filter
def era_short(value: date | datetime | None) -> str:
    """R8.12.4; empty for None."""
    return days.day_short(_day(value)) if value else ""


@register.filter
def era_month(value: date | datetime | None) -> str:
    """令和8年12月; empty for None."""
    return days.month_words(_day(value)) if value else ""


@register.filter
def fiscal(value: date | int) -> str:
    """令和8年度, of a year or of the year a day falls in."""
    return days.fiscal_year_words(value if isinstance(value, int) else fiscal_year(_day(value)))


@register.simple_tag(takes_context=True)
def due(context: Context, on: date, left: int | None = None) -> SafeString:
    """A due day, 閉庁日 where it is one, and the open days left; None says nothing of them."""
    return format_html(
        '<span class="due"><time datetime="{}">{}</time>{}{}</span>',
        on.isoformat(),
        era(on),
        badge(_("閉庁日"), "warn") if _will_be_closed(context, on) else "",
        "" if left is None else _time_left(on, left),
    )


def _will_be_closed(context: Context, day: date) -> bool:
    request = getattr(context, "request", None)
    return request is not None and day >= localdate() and calendar_of(request).is_closed(day)


def _time_left(on: date, left: int) -> SafeString:
    if left == 0 and on < localdate():  # over, and no open day since: a weekend
        return badge(_("期限超過"), "bad")
    if left < 0:
        return badge(_("%d開庁日超過") % -left, "bad")
    word = _("今日まで") if left == 0 else _("あと%d開庁日") % left
    return badge(word, "warn" if left <= 3 else "neutral")


@register.simple_tag
def overdue(left: int) -> SafeString:
    """3開庁日超過, of the open days left, below 0."""
    return badge(_("%d開庁日超過") % -left, "bad")


@register.simple_tag
def late(n: int) -> SafeString:
    """遅れ3: how many are overdue."""
    return badge(_("遅れ %(n)s") % {"n": n}, "bad")


# State


@register.simple_tag
def shape(tone: str = "neutral") -> SafeString:
    return format_html(
        '<svg class="shape ink-{}" viewBox="0 0 16 16" aria-hidden="true">'
        '<path fill-rule="evenodd" d="{}"/></svg>',
        tone,
        SHAPES[tone],
    )


@register.simple_tag
def badge(label: str, tone: str = "neutral") -> SafeString:
    """A state in word, shape and colour; tone is a key of SHAPES."""
    return _badge(conditional_escape(label), tone)


@lru_cache(maxsize=1000)
def _badge(label: SafeString, tone: str) -> SafeString:
    """A list shows the same few hundreds of times."""
    return format_html('<span class="badge tone-{}">{}{}</span>', tone, shape(tone), label)


@register.filter
def tone(state: str) -> str:
    """The tone of a state's value: {% badge row.get_state_display row.state|tone %}."""
    return tone_of(state)


@register.inclusion_tag("parts/seals.html")
def seals(steps: Iterable[Any]) -> dict[str, Any]:
    """決裁欄 of the steps of a circulation."""
    return {
        "boxes": [
            {
                "post": step.post.name,
                "state": step.word,
                "tone": tone_of(step.state),
                "at": step.acted_at,
                "note": _seal_note(step),
            }
            for step in steps
        ]
    }


def _seal_note(step: Any) -> str:
    """The role; where a deputy signed, their post and the kind: 副市長・代決."""
    if step.acted_post:
        return f"{step.acted_post.name}・{step.get_acted_as_display()}"
    return step.get_role_display()


@register.filter
def message_tone(level_tag: str) -> str:
    return {"success": "done", "warning": "warn", "error": "bad"}.get(level_tag, "active")


@register.inclusion_tag("parts/meter.html")
def meter(done: int, total: int, word: str = "") -> dict[str, Any]:
    """How many of how many: `12／41 回答済` over a bar."""
    percent = 100 * done / total if total else 0
    return {"done": done, "total": total, "word": word, "width": f"{percent:.1f}%"}


# Forms and acts


@register.inclusion_tag("parts/field.html")
def field(bound: BoundField, check_url: str = "") -> dict[str, Any]:
    """Label, hint, error and control of one field; what `check_url` answers stands below."""
    described = [
        f"{bound.auto_id}_{kind}"
        for kind, there in (("hint", bound.help_text), ("error", bound.errors), ("live", check_url))
        if there
    ]
    attrs: dict[str, str | bool] = {
        "maxlength": False
    }  # a browser would cut what is pasted, untold
    if described:
        attrs["aria-describedby"] = " ".join(described)
    if check_url:
        attrs |= {
            "hx-get": check_url,
            "hx-trigger": "input changed delay:400ms",
            "hx-target": f"#{bound.auto_id}_live",
        }
    is_group = bound.use_fieldset
    return {
        "bound": bound,
        "control": bound.as_widget(attrs={} if is_group else attrs),
        "described": " ".join(described),
        "wrong": wrong_with(bound),
        "is_group": is_group,
        "is_tick": isinstance(bound.field.widget, CheckboxInput),
        "check_url": check_url,
    }


@register.inclusion_tag("parts/errors.html")
def errors(*forms: BaseForm | BaseFormSet | list[Any]) -> dict[str, Any]:
    """What is wrong on the whole page, each linked to its field; also of lists of forms."""
    flat = [f for form in forms for f in (form if isinstance(form, list) else [form])]
    found = [error for form in flat if form is not None for error in errors_of(form)]
    return {"found": found}


@register.inclusion_tag("parts/act.html", takes_context=True)
def act(
    context: Context,
    verb: str,
    says: str,
    url: str,
    tone: str = "primary",
    *,
    form: BaseForm | None = None,
    hidden: dict[str, Any] | None = None,
    more: str = "",
    method: str = "post",
    blocked: str = "",
) -> dict[str, Any]:
    """One act: a verb and its consequence.

    tone     primary, plain, negative or asks; a negative act, and one that asks, opens in place
             for what `form` holds
    form     fields sent along; with another tone they are folded under `more`
    hidden   names and values sent along unseen
    method   post acts; get is a link to the page where it is done
    blocked  why it can't be done now; shown in place of the consequence
    """
    return {
        "csrf_token": context.get("csrf_token"),
        "verb": verb,
        "says": blocked or says,
        "url": url,
        "tone": tone,
        "form": form,
        "hidden": hidden or {},
        "more": more or _("意見を添える"),
        "method": method,
        "blocked": bool(blocked),
    }


# What happened, what changed


@register.inclusion_tag("parts/history.html")
def history(entries: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """Audit entries as workflow.audit.queries.told() gives them, newest first.

    An entry may also bring `what` it is about, where its subject doesn't say, and `url` with more.
    """
    return {"entries": [told(entry) for entry in entries]}


@register.filter
def did(entry: dict[str, Any]) -> str:
    """What an audit entry says was done: 回答しました."""
    return str(told(entry)["did"])


@register.simple_tag
def diff(pairs: Iterable[tuple[str, str]], side: str = "") -> SafeString:
    """Show (op, text) pairs, op being "=", "+" or "-"; side "before" or "after" shows one text."""
    hidden = {"before": "+", "after": "-"}.get(side, "")
    return format_html_join("", "{}", ((_mark(op, text),) for op, text in pairs if op != hidden))


def _mark(op: str, text: str) -> SafeString:
    if op == "=":
        return format_html("{}", text)
    tag, word = ("ins", _("追加")) if op == "+" else ("del", _("削除"))
    return format_html(
        '<{0}><span class="vh">［{1}：</span>{2}<span class="vh">］</span></{0}>', tag, word, text
    )


# Time


@register.inclusion_tag("parts/path.html")
def path_picture(
    stages: Iterable[picture.Span], today: date, opened: bool = False
) -> dict[str, Any]:
    """The path of a revision: rounds and stages as one strip, and the timetable behind it."""
    stages = list(stages)
    return {
        "rounds": picture.rounds_of(stages, today),
        "axis": picture.axis_of(stages, today),
        "today": today,
        "opened": opened,
        "active": [stage for stage in stages if stage["tone"] == "active"],
        "late": [stage for stage in stages if stage.get("late")],
    }


@register.simple_tag
def time_axis(spans: Iterable[picture.Span], today: date) -> picture.Axis:
    """The common axis of several bars: `{% time_axis rows today as axis %}`."""
    return picture.axis_of(spans, today)


@register.inclusion_tag("parts/axis.html")
def axis_head(axis: picture.Axis) -> dict[str, Any]:
    return {"axis": axis}


@register.inclusion_tag("parts/bar.html")
def bar(span: picture.Span, axis: picture.Axis) -> dict[str, Any]:
    """One row's bar on `axis`: span has start, end, precision, tone, late."""
    return {"axis": axis, "span": span, "bar": picture.bar_of(span, axis)}
