"""Conventions that no linter knows. Each failure says what to do instead."""

import ast
import importlib
import inspect
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import FunctionType

import pytest

ROOT = Path(__file__).parents[1]
APPS = ("workflow", "revisions", "notifications")
WRITES = {"record", "record_all", "emit"}  # each refuses to run outside a command's transaction


def modules(pattern: str) -> list[Path]:
    return sorted(path for app in APPS for path in ROOT.glob(f"{app}/{pattern}"))


def commands() -> Iterator[tuple[str, FunctionType]]:
    for path in modules("**/commands*.py"):
        if "management" in path.parts:
            continue
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        module = importlib.import_module(name)
        for word, fn in inspect.getmembers(module, inspect.isfunction):
            if inspect.unwrap(fn).__module__ == name and not word.startswith("_"):
                yield f"{name}.{word}", fn


COMMANDS = [pytest.param(name, fn, id=name) for name, fn in commands()]


@pytest.mark.parametrize("name, fn", COMMANDS)
def test_every_command_keeps_the_shape(name, fn):
    params = inspect.signature(fn).parameters
    assert fn.__doc__, "say what it does, in the words of the office"
    assert {"by", "at"} <= params.keys(), "a command is told who acts and when"
    assert all(p.kind is p.KEYWORD_ONLY for p in params.values()), "take keywords only"


@pytest.mark.parametrize("name, fn", COMMANDS)
def test_every_command_has_its_test(name, fn):
    *slice_, _module, word = name.split(".")
    folder = ROOT.joinpath("tests", *slice_)
    told = "\n".join(path.read_text() for path in folder.glob("test_*.py"))
    assert (folder / f"test_{word}.py").exists() or re.search(rf"\b{word}\b", told), (
        f"try it in {folder.relative_to(ROOT)}/test_{word}.py: every state, every person"
    )


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def calls(path: Path, names: set[str]) -> list[int]:
    """Return the lines of `path` on which one of `names` is called."""
    return [
        node.lineno
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Call)
        and getattr(node.func, "id", getattr(node.func, "attr", None)) in names
    ]


@pytest.mark.parametrize("path", modules("**/*.py"), ids=lambda p: str(p.relative_to(ROOT)))
def test_only_commands_write_the_trail_and_the_outbox(path):
    if path.name.startswith(("commands", "parts", "kinds")):
        return
    assert not calls(path, WRITES), "record and emit belong in commands.py or parts.py"


@pytest.mark.parametrize("path", modules("**/*.py"), ids=lambda p: str(p.relative_to(ROOT)))
def test_states_move_only_by_transitions(path):
    """QuerySet.update(state=…) and Model(state=…) get round django-fsm's protection."""
    assert not [
        node.lineno
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Call)
        and getattr(node.func, "attr", None) in {"update", "create", "update_or_create"}
        and any(keyword.arg == "state" for keyword in node.keywords)
    ], "call the row's transition"
