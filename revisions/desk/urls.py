from django.urls import path

from revisions.desk import views

urlpatterns = [path("", views.my_work, name="my_work")]
