import logging

import pytest

pytestmark = pytest.mark.django_db


def test_a_page_may_use_only_this_sites_own_files(client):
    policy = client.get("/nowhere")["Content-Security-Policy"]
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    assert rules["default-src"] == "'none'"
    assert rules["script-src"] == rules["style-src"] == rules["form-action"] == "'self'"
    assert set(rules.values()) == {"'none'", "'self'"}


def test_a_page_cannot_be_framed_nor_use_devices(client):
    page = client.get("/nowhere")
    assert page["X-Frame-Options"] == "DENY"
    assert "camera=()" in page["Permissions-Policy"]
    assert page["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    "sent, kept",
    [
        ("a1b2c3d4-proxy", True),
        ("short", False),
        ("x" * 65, False),
        ("injected\nline", False),
        ("<script>alert", False),
    ],
)
def test_a_request_id_is_kept_only_when_harmless(client, sent, kept):
    answered = client.get("/nowhere", headers={"X-Request-ID": sent})["X-Request-ID"]
    assert (answered == sent) is kept
    assert answered.replace("-", "").isalnum()


def test_pages_of_a_signed_in_person_are_not_stored(client, django_user_model):
    assert "no-store" not in client.get("/nowhere").get("Cache-Control", "")
    client.force_login(django_user_model.objects.create_user("signed-in"))
    assert "no-store" in client.get("/nowhere")["Cache-Control"]


def test_the_log_tells_the_path_and_nothing_personal(client, caplog):
    with caplog.at_level(logging.INFO, logger="config.middleware"):
        client.post("/nowhere?name=taro", {"comment": "secret"})
    (line,) = [r for r in caplog.records if r.name == "config.middleware"]
    assert (line.method, line.path, line.status) == ("POST", "/nowhere", 404)
    assert "taro" not in str(vars(line))
    assert "secret" not in str(vars(line))
