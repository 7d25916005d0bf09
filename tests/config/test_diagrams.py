from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from config.diagrams import WORDS, machines, render
from workflow.path.routes import ROUTES


def test_every_transition_of_every_machine_has_its_word_and_no_word_is_left_over() -> None:
    found = {
        key: {t.name for t in field.get_all_transitions(model)}
        for key, (model, field) in machines().items()
    }
    assert found == {key: set(words) for key, (_name, words) in WORDS.items()}


def test_a_machine_is_drawn_from_its_code() -> None:
    text = render()
    assert '    state "進行中" as open' in text
    assert "    open --> sent_back: 差戻し" in text
    assert "    [*] --> planned" in text
    assert "    concluded --> [*]" in text
    assert "    planned --> sent_back" not in text


def test_every_route_is_drawn() -> None:
    text = render()
    assert all(f"（{code}）" in text for code in ROUTES)
    assert '    subgraph r1["策定方針"]' in text
    assert '        s1["第1回本部会<br>協議・1開庁日"]' in text


def test_the_same_twice() -> None:
    assert render() == render()


def test_a_transition_without_its_word_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(WORDS["Stage.state"][1], "open")
    with pytest.raises(CommandError, match=r"Stage\.state open"):
        call_command("diagrams", check=Path("docs/states.md"))


def test_check(tmp_path: Path) -> None:
    path = tmp_path / "states.md"
    with pytest.raises(CommandError, match="--write") as refusal:
        call_command("diagrams", check=path)
    assert refusal.value.returncode == 1
    call_command("diagrams", write=path)
    call_command("diagrams", check=path, stdout=StringIO())
    path.write_text(path.read_text().replace("開始", "始め"), encoding="utf-8")
    with pytest.raises(CommandError, match="diagrams --write"):
        call_command("diagrams", check=path)
