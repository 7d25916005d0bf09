from django.urls import path

from revisions.plan import (
    views,
    views_check,
    views_draft,
    views_exchange,
    views_heading,
    views_join,
    views_place,
)

urlpatterns = [
    path("plans/", views.plans, name="plans"),
    path("plans/<slug:code>/", views.plan, name="plan"),
    path("plans/<slug:code>/compare/", views.compare_pick, name="compare_pick"),
    path("versions/<int:version_id>/", views.version, name="version"),
    path("versions/<int:version_id>/json/", views.version_json, name="version_json"),
    path(
        "versions/<int:version_id>/xlsx/",
        views_exchange.version_workbook,
        name="version_workbook",
    ),
    path("versions/<int:version_id>/compare/<int:other_id>/", views.compare, name="compare"),
    path("revisions/<int:revision_id>/draft/", views_draft.draft, name="draft"),
    path(
        "revisions/<int:revision_id>/draft/import/",
        views_exchange.import_draft,
        name="import_draft",
    ),
    path(
        "revisions/<int:revision_id>/draft/import/template/",
        views_exchange.import_template,
        name="import_template",
    ),
    path("revisions/<int:revision_id>/draft/check/", views_check.draft_check, name="draft_check"),
    path("revisions/<int:revision_id>/heading/", views_heading.edit_heading, name="edit_heading"),
    path("revisions/<int:revision_id>/sheets/new/", views_draft.add_sheet, name="add_sheet"),
    path("revisions/<int:revision_id>/sheets/<slug:uid>/", views_draft.sheet, name="sheet"),
    path(
        "revisions/<int:revision_id>/sheets/<slug:uid>/edit/",
        views_draft.edit_sheet,
        name="edit_sheet",
    ),
    path(
        "revisions/<int:revision_id>/sheets/<slug:uid>/discontinue/",
        views_draft.discontinue,
        name="discontinue",
    ),
    path(
        "revisions/<int:revision_id>/sheets/<slug:uid>/move/",
        views_place.move,
        name="move_sheet",
    ),
    path(
        "revisions/<int:revision_id>/sheets/<slug:uid>/relist/",
        views_place.relist,
        name="relist_sheet",
    ),
    path(
        "revisions/<int:revision_id>/sheets/<slug:uid>/unlist/",
        views_place.unlist,
        name="unlist_sheet",
    ),
    path(
        "revisions/<int:revision_id>/sheets/<slug:uid>/merge/",
        views_join.merge,
        name="merge_sheet",
    ),
    path(
        "revisions/<int:revision_id>/sheets/<slug:uid>/split/",
        views_join.split,
        name="split_sheet",
    ),
]
