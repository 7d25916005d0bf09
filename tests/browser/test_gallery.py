"""The parts every screen is built from: accessible, within the policy, usable by keyboard."""

import pytest
from playwright.sync_api import Page

pytestmark = pytest.mark.urls("tests.browser.gallery_urls")

WHO = "joho-kacho"
PAGES = ["", "?wrong", "refused", "404", "403", "403_csrf", "500", "login", "public"]
LOOKS = {
    "light": {},
    "dark": {"color_scheme": "dark"},
    "phone": {"width": 390},
    "phone-dark": {"width": 390, "color_scheme": "dark"},
    "forced-colors": {"forced_colors": "active"},
}


@pytest.mark.parametrize("look", LOOKS)
def test_axe_finds_nothing(page_as, axe, shot, look: str) -> None:
    page: Page = page_as(WHO, **LOOKS[look])
    for name in PAGES:
        page.goto(f"/gallery/{name}")
        shot(page, f"gallery-{name.strip('?') or 'all'}-{look}")
        assert axe(page) == [], name


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_nothing_is_wider_than_the_window(page_as, width: int) -> None:
    page: Page = page_as(WHO, width=width)
    for name in PAGES:
        page.goto(f"/gallery/{name}")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name
