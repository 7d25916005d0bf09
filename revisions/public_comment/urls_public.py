"""The addresses that citizens use; on the public site these are all there are."""

from django.urls import path

from revisions.public_comment import views_public as views

urlpatterns = [
    path("public/", views.public_index, name="public_index"),
    path("public/<int:comment_id>/", views.public_page, name="public_page"),
    path(
        "public/<int:comment_id>/received/<slug:receipt>/",
        views.public_received,
        name="public_received",
    ),
]
