"""Who may: a URL's audience, grants on objects, rules as yes or no. Only this knows guardian."""

from collections.abc import Callable, Collection, Sequence
from enum import Enum
from functools import cache
from typing import Any, TypeVar, cast

from django.contrib.auth.models import AnonymousUser, Group, Permission
from django.db.models import Exists, Model, OuterRef, QuerySet
from guardian.shortcuts import assign_perm
from guardian.utils import get_group_obj_perms_model

from workflow.errors import NotAllowed
from workflow.ledger.read import Read

View = TypeVar("View", bound=Callable[..., Any])
M = TypeVar("M", bound=Model)


class Audience(Enum):
    """Who may ask for a URL at all. What they see there is decided by grants."""

    ANYONE = "anyone"
    SIGNED_IN = "signed_in"
    STAFF = "staff"
    OFFICE = "office"
    ADMIN = "admin"


def audience(who: Audience) -> Callable[[View], View]:
    """Declare a view's audience. A view without one is refused to all (config/audience.py)."""

    def declare(view: View) -> View:
        view.audience = who  # type: ignore[attr-defined]
        return view

    return declare


def belongs(user: Any, who: Audience) -> bool:
    if who is Audience.ANYONE:
        return True
    if isinstance(user, AnonymousUser) or not user.is_active:
        return False
    kinds = {
        Audience.SIGNED_IN: {"staff", "auditor", "outside", "admin"},
        Audience.STAFF: {"staff", "auditor"},
        Audience.OFFICE: {"staff", "auditor", "admin"},
        Audience.ADMIN: {"admin"},
    }
    return user.kind in kinds[who]


def allowed(check: Callable[..., object], *args: object, **kwargs: object) -> bool:
    """Ask a check_can_* rule for an answer instead of an exception."""
    try:
        check(*args, **kwargs)
    except NotAllowed:
        return False
    return True


def grant(permission: str, to: Group | QuerySet[Group], on: Model) -> None:
    """Let one group, or each of many in one statement, hold `permission` on the object."""
    assign_perm(permission, to, on)


def grant_each(permission: str, pairs: Sequence[tuple[Group, Model]]) -> None:
    """Grant `permission` on many new objects of one table, each to a group of its own."""
    if not pairs:
        return
    model = type(pairs[0][1])
    held = Permission.objects.get(
        codename=permission, content_type__app_label=model._meta.app_label
    )
    table = _table(model)
    rows = [table(permission=held, group=group, content_object=on) for group, on in pairs]
    table.objects.bulk_create(rows, batch_size=500)


def granted(objects: QuerySet[M], permission: str, user: Any) -> QuerySet[M]:
    """Return those of `objects` on which one of the user's groups holds `permission`."""
    return objects.filter(held(user, permission, objects.model, "pk"))


def held(user: Any, permission: str, model: type[Model], pk: str) -> Exists:
    """Tell within a query whether a group of the user's holds `permission` on the row at `pk`."""
    return Exists(_grants(model, permission, user, OuterRef(pk)))


def holds(user: Any, permission: str, on: Model) -> bool:
    return _grants(type(on), permission, user, on.pk).exists()


def groups_with(permission: str, on: Model) -> list[Group]:
    """Return the groups that hold `permission` on the object."""
    return _holders(permission, type(on))(pk=on.pk)


@cache
def _holders(permission: str, model: type[Model]) -> Read[Group]:
    return Read(lambda pk: groups_holding(permission, model, pk), pk=int)


def groups_holding(permission: str, model: type[Model], pk: int) -> QuerySet[Group]:
    held = _table(model).objects.filter(content_object=pk, permission__codename=permission)
    return Group.objects.filter(pk__in=held.values("group"))


def first_holders(permission: str, model: type[Model], pks: Collection[int]) -> dict[int, int]:
    """Return row (id) → the group (id) that has held `permission` on it the longest."""
    rows = _table(model).objects.filter(content_object__in=pks, permission__codename=permission)
    return dict(rows.order_by("-pk").values_list("content_object", "group"))


def _grants(model: type[Model], permission: str, user: Any, pk: Any) -> QuerySet[Any]:
    return _table(model).objects.filter(
        content_object=pk,
        permission__codename=permission,
        permission__content_type__app_label=model._meta.app_label,
        group__user=user.pk,
    )


def _table(model: type[Model]) -> Any:
    """Return guardian's direct table of a model: which group holds what on which row."""
    return get_group_obj_perms_model(cast(Any, model))
