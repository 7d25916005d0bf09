"""The addresses of a public comment 意見公募 for the secretariat."""

from django.urls import path

from revisions.public_comment import views

urlpatterns = [
    path("stages/<int:stage_id>/comment/", views.prepare, name="prepare_comment"),
    path("comments/<int:comment_id>/", views.public_comment, name="public_comment"),
    path("comments/<int:comment_id>/announce/", views.announce, name="announce_comment"),
    path("comments/<int:comment_id>/answer/", views.start_answering, name="start_answering"),
    path("comments/<int:comment_id>/publish/", views.publish, name="publish_comment"),
]
