"""What was typed comes back in the words of the form, whichever form it was."""

import re
from collections.abc import Iterator

import pytest
from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.http import QueryDict
from django.urls import get_resolver

from config.typed import said_in
from tests.factories import post, user
from tests.revisions.cycle.paths import reach
from workflow.administration.forms_reminders import Lines, RuleForm
from workflow.errors import Stale

RULE = {
    "form-TOTAL_FORMS": "4",
    "form-INITIAL_FORMS": "0",
    "form-0-when": "before",
    "form-0-days": "3",
    "form-0-to": "holder",
    "form-0-unreceived": "on",
    "form-1-to": "holder",
    "form-2-when": "late",
    "form-2-days": "1",
    "form-2-every": "5",
    "form-2-to": "coordinating",
    "seen": "0",
    "previewed": "c0ffee",
    "due_on": "R8.12.4",
    "set": "1",
}


def sent(data) -> QueryDict:
    post = QueryDict(mutable=True)
    post.update(data)
    return post


def said(post, *read) -> dict[str, list[str]]:
    """What is found in forms that a view held, by itself or in what it holds, when it failed."""

    def view(held):
        raise Stale("workflow.reminderrule:1", 1)

    try:
        view(read)
    except Stale as refusal:
        found: dict[str, list[str]] = {}
        once = {name: (label, text) for name, label, text in said_in(refusal, post)}
        for label, text in once.values():
            if text:
                found.setdefault(label, []).append(text)
        return found
    raise AssertionError


def test_fields_and_choices_are_named_and_empty_lines_left_out():
    post = sent(RULE)
    found = said(post, RuleForm(post), Lines(post, form_kwargs={"kind": ""}))
    assert found == {
        "試す期限": ["R8.12.4"],
        "1行目": ["いつ：期限の前", "何開庁日：3", "誰に：担当", "受け取るまで：はい"],
        "3行目": [
            "いつ：期限を過ぎて",
            "何開庁日：1",
            "その後、何開庁日ごと：5",
            "誰に：庶務担当課",
        ],
    }


def test_a_form_that_read_something_else_says_nothing():
    """The filter of the list in the address, the form of another page."""
    post = sent(RULE)
    assert said(post, RuleForm({"due_on": "R8.1.5"}), RuleForm(initial={"due_on": "R8.1.6"})) == {}


@pytest.mark.django_db
@pytest.mark.usefixtures("city")
def test_a_rule_set_by_two_at_once(client):
    client.force_login(user("kanri"))
    rule = "/administration/reminders/rule/?kind=inquiry.answer"
    tried = client.post(rule, RULE | {"check": "1"}).context
    first = RULE | {"previewed": tried["digest"]}
    assert client.post(rule, first).status_code == 302
    refused = client.post(rule, first)
    assert refused.status_code == 409
    kept = refused.context["kept"]
    assert kept["1行目"] == "いつ：期限の前\n何開庁日：3\n誰に：担当\n受け取るまで：はい"
    assert kept.keys() == {"試す期限", "1行目", "3行目"}


@pytest.mark.django_db
@pytest.mark.usefixtures("city")
def test_a_line_chosen_on_a_page_that_is_old(client):
    """Its fields are as many as the page had places."""
    client.force_login(user("joho-tanto"))
    _revision, stage = reach("open")
    line = {"line_1": post("joho-kacho").pk, "decider": post("shicho").pk}
    words = {"title": "件名", "text": "本文", "disclosure": "open"}
    choices = client.get(f"/stages/{stage.pk}/propose/").context["form"].fields["retention"].choices
    words["retention"] = list(choices)[-1][0]
    refused = client.post(f"/stages/{stage.pk}/propose/", line | words | {"seen": "1"})
    assert refused.status_code == 409
    kept = refused.context["kept"]
    assert (kept["件名"], kept["伺いの本文"]) == ("件名", "本文")
    assert kept["回議 1人目"] == post("joho-kacho").name
    assert kept["公開区分"] == "公開"
    assert not [label for label in kept if re.search("[A-Za-z_]", label)]


TYPED = (forms.CharField, forms.DateField, forms.TimeField, forms.DecimalField, forms.BooleanField)


def every_form(of: type = forms.BaseForm) -> Iterator[type[forms.BaseForm]]:
    _ = get_resolver().url_patterns  # reads every view, with its forms
    for each in of.__subclasses__():
        yield each
        yield from every_form(each)


def test_what_is_typed_has_a_label_of_its_own():
    """Without one, Django makes one of its name; a button and a mark of the page need none."""
    nameless = {
        f"{form.__module__}.{form.__name__}.{name}"
        for form in every_form()
        if form.__module__.startswith(("revisions", "workflow", "notifications", "config"))
        and not issubclass(form, AuthenticationForm)  # names its fields when it is made
        for name, field in getattr(form, "base_fields", {}).items()
        if not field.widget.is_hidden and field.label is None and isinstance(field, TYPED)
    }
    assert nameless == set()
