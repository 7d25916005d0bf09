"""Six signers, each in the group of a post and in that of a section, like this project's."""

from collections.abc import Sequence

from django.contrib.auth.models import Group, Permission, User
from django.db.models import Model

LINE = 6


def set_up() -> None:
    sections = [Group.objects.create(name=f"section-{n}") for n in range(LINE)]
    for n, section in enumerate(sections, 1):
        post = Group.objects.create(name=f"post-{n}")
        User.objects.create(username=f"signer-{n}").groups.add(post, section)


def signers() -> list[User]:
    return list(User.objects.order_by("username"))


def grant_each(table: type[Model], objects: Sequence[Model]) -> None:
    """Grant sign_1 to the first post's group on every object, sign_2 to the second's …

    table  guardian's own of groups with a direct foreign key, the fast kind
    """
    posts = [Group.objects.get(name=f"post-{n}") for n in range(1, LINE + 1)]
    rights = [Permission.objects.get(codename=f"sign_{n}") for n in range(1, LINE + 1)]
    table._default_manager.bulk_create(
        table(permission=right, group=post, content_object=each)
        for each in objects
        for right, post in zip(rights, posts, strict=True)
    )
