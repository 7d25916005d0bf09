from django.urls import path

from revisions.desk import views, views_urging

urlpatterns = [
    path("", views.my_work, name="my_work"),
    path("urging/", views_urging.urging, name="urging"),
    path("urging/print/", views_urging.urging_print, name="urging_print"),
    path("urging.csv", views_urging.urging_csv, name="urging_csv"),
]
