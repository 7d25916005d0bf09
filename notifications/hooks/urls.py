from django.urls import path

from notifications.hooks import views

urlpatterns = [
    path("administration/webhooks/", views.webhooks, name="webhooks"),
    path("administration/webhooks/<int:hook_id>/", views.webhook, name="webhook"),
    path("administration/webhooks/<int:hook_id>/secret/", views.renew_secret, name="renew_secret"),
    path("administration/webhooks/<int:hook_id>/stop/", views.stop_webhook, name="stop_webhook"),
    path("administration/webhooks/<int:hook_id>/start/", views.start_webhook, name="start_webhook"),
    path("administration/webhooks/<int:hook_id>/try/", views.try_webhook, name="try_webhook"),
]
