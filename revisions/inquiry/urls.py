"""The addresses of an inquiry 照会 and of its answers."""

from django.urls import path

urlpatterns: list = []
