from django.urls import path

from revisions.opinion import views, views_reflect

urlpatterns = [
    path("revisions/<int:revision_id>/opinions/", views.opinions, name="opinions"),
    path("revisions/<int:revision_id>/opinions/new/", views.new_opinion, name="new_opinion"),
    path("opinions/<int:opinion_id>/", views.opinion, name="opinion"),
    path("opinions/<int:opinion_id>/assign/", views.assign, name="assign_opinion"),
    path("opinions/<int:opinion_id>/respond/", views.respond, name="respond"),
    path("opinions/<int:opinion_id>/approve/", views.approve, name="approve_response"),
    path("opinions/<int:opinion_id>/send-back/", views.send_back, name="send_back_response"),
    path("opinions/<int:opinion_id>/link/", views.link, name="link_similar"),
    path("opinions/<int:opinion_id>/reflect/", views_reflect.reflect, name="reflect_opinion"),
    path("opinions/<int:opinion_id>/scans/<int:scan_id>/", views.scan, name="scan"),
]
