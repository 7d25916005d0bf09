"""A real Chromium, signed in as somebody. A page that logs an error fails its test."""

import os
import shutil
from collections.abc import Callable, Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, Response, sync_playwright

from workflow.models import User

os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright keeps a loop in this thread

CHROMIUM = shutil.which("chromium-headless-shell") or shutil.which("chromium")  # a fourth the work
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text()

PageAs = Callable[..., Page]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)
            if CHROMIUM is None:
                item.add_marker(pytest.mark.skip(reason="needs Chromium: apt-get install chromium"))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def page_as(
    browser: Browser, live_server: Any, transactional_db: None, city: None
) -> Iterator[PageAs]:
    """`page_as("joho-kacho", width=390, color_scheme="dark")`; None for a username signs nobody in.

    Further keywords are those of a Playwright context (java_script_enabled, forced_colors …).
    """
    contexts: list[BrowserContext] = []
    problems: list[str] = []

    def open_page(username: str | None, width: int = 1280, **options: Any) -> Page:
        context = browser.new_context(
            base_url=live_server.url,
            locale="ja-JP",
            timezone_id="Asia/Tokyo",
            viewport={"width": width, "height": 844 if width < 600 else 900},
            **options,
        )
        contexts.append(context)
        if username:
            context.add_cookies([_session_of(username, live_server.url)])
        context.set_default_timeout(10_000)
        page = context.new_page()
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("console", lambda message: _note(message, problems))
        page.on("response", lambda response: _note_missing(response, problems))
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert problems == []


def _session_of(username: str, url: str) -> Any:
    client = Client()
    client.force_login(User.objects.get(username=username))
    name = settings.SESSION_COOKIE_NAME
    return {"name": name, "value": client.cookies[name].value, "url": url}


def _note(message: Any, problems: list[str]) -> None:
    if message.type == "error" and not message.text.startswith("Failed to load resource"):
        problems.append(message.text)


def _note_missing(response: Response, problems: list[str]) -> None:
    is_page = response.request.resource_type == "document"
    if response.status >= (500 if is_page else 400):
        problems.append(f"{response.status} {response.url}")


@pytest.fixture
def axe() -> Callable[[Page], list[str]]:
    """Return what axe objects to on a page as it stands, one line each: rule, where."""

    def violations(page: Page) -> list[str]:
        if not page.evaluate("'axe' in window"):
            page.evaluate(AXE)
        found = page.evaluate("axe.run({resultTypes: ['violations']})")["violations"]
        return [f"{rule['id']}: {node['html'][:200]}" for rule in found for node in rule["nodes"]]

    return violations


@pytest.fixture
def shot() -> Callable[[Page, str], Path]:
    """Write a picture of the whole page to var/screens/NAME.png and return its path."""

    def write(page: Page, name: str) -> Path:
        path = settings.VAR_DIR / "screens" / f"{name}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        window = page.viewport_size
        page.wait_for_load_state()
        height = page.locator("html").evaluate("root => root.scrollHeight")
        page.set_viewport_size({"width": window["width"], "height": height})  # acts to the bottom
        page.screenshot(path=path, full_page=True)
        page.set_viewport_size(window)
        return path

    return write
