from django.urls import path

from revisions.plan import views, views_draft

urlpatterns = [
    path("plans/", views.plans, name="plans"),
    path("plans/<slug:code>/", views.plan, name="plan"),
    path("plans/<slug:code>/compare/", views.compare_pick, name="compare_pick"),
    path("versions/<int:version_id>/", views.version, name="version"),
    path("versions/<int:version_id>/json/", views.version_json, name="version_json"),
    path("versions/<int:version_id>/compare/<int:other_id>/", views.compare, name="compare"),
    path("revisions/<int:revision_id>/draft/", views_draft.draft, name="draft"),
    path("revisions/<int:revision_id>/heading/", views_draft.edit_heading, name="edit_heading"),
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
]
