"""担当 → 課長 → 庶務担当課 → 事務局 → 部長, and who is told where nobody is there."""

import pytest

from tests.factories import TODAY, post, request_to, section
from tests.workflow.deadline.factories import deadline
from workflow.deadline import registry
from workflow.deadline.ladder import Office, reason_of
from workflow.deadline.schedule import TIERS
from workflow.models import Body, Deadline, User

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("city")]


WAITS = "test.whole:"


def _askers(keys):
    codes = {key: key.removeprefix(WAITS) for key in keys if key.startswith(WAITS)}
    return {key: section(code).group_id for key, code in codes.items()}


registry.register_askers(_askers)


def ladder(group, asked_by="sogo-seisaku"):
    made = deadline(request_to("joho-kacho"), group=group)
    if asked_by:
        Deadline.objects.update(part_of=WAITS + asked_by)
    made = Deadline.objects.get(pk=made.pk)
    office = Office([made], TODAY)
    return [office.telling(made, tier) for tier in TIERS]


def names(tellings):
    return [telling.rung.name for telling in tellings]


def vacate(*codes):
    User.objects.filter(appointments__post__code__in=codes).update(is_active=False)


@pytest.mark.parametrize(
    "group, expected",
    [
        (
            lambda: section("joho").group,
            ["情報システム課", "情報システム課長", "文書法制課", "総合政策課", "総務部長"],
        ),
        (
            lambda: post("joho-kacho").group,
            ["情報システム課長", "文書法制課", "文書法制課", "総合政策課", "総務部長"],
        ),
        (
            lambda: post("joho-tanto").group,
            ["情報システム課担当", "情報システム課長", "文書法制課", "総合政策課", "総務部長"],
        ),
    ],
    ids=["a section", "its chief", "somebody of it"],
)
def test_each_tier(group, expected):
    assert names(ladder(group())) == expected


def test_the_coordinating_section_is_not_told_of_itself():
    found = ladder(section("bunsho").group)
    assert names(found)[2:4] == ["総合政策課", "総合政策課"]
    assert found[2].skipped == ["庶務担当課は担当自身"]


def test_a_body_has_a_secretariat_alone():
    found = ladder(Body.objects.earliest("pk").group)
    assert set(names(found)[1:]) == {"総合政策課"}


def test_without_a_secretariat_the_director():
    found = ladder(section("joho").group, asked_by=None)[3]
    assert (found.rung.name, found.skipped) == ("総務部長", ["事務局なし"])


def test_a_vacant_post_goes_to_the_next_and_says_so():
    vacate("joho-kacho")
    found = ladder(section("joho").group)[1]
    assert (found.tier, found.rung.name) == ("coordinating", "文書法制課")
    assert reason_of(found, -3) == (
        "情報システム課が期限を3開庁日過ぎても済ませていないため、文書法制課に知らせています。"
        "（情報システム課長は欠員のため）"
    )


def test_a_vacant_holder_is_named_at_every_tier():
    vacate("joho-kacho")
    found = ladder(post("joho-kacho").group)
    assert [telling.skipped[0] for telling in found] == ["情報システム課長は欠員"] * len(TIERS)
    assert [telling.vacant for telling in found] == [True] * len(TIERS)
    assert reason_of(found[4], -7) == (
        "情報システム課長は欠員で、期限を7開庁日過ぎても済んでいないため、総務部長に知らせています。"
    )
    assert reason_of(found[1], 2) == (
        "情報システム課長は欠員で、期限が近いため、文書法制課に知らせています。"
        "（課長は担当自身のため）"
    )


def test_above_the_last_it_goes_back_down():
    vacate("somu-bucho")
    found = ladder(section("joho").group)[4]
    assert (found.tier, found.skipped) == ("secretariat", ["総務部長は欠員"])


def test_nobody_at_all_leaves_whoever_is_asked():
    User.objects.update(is_active=False)
    found = ladder(section("joho").group)[4]
    assert (found.tier, found.rung.name) == ("holder", "情報システム課")
    assert len(found.skipped) == len(TIERS)
