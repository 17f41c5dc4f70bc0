from django.urls import URLPattern, path

from notifier import webhooks

# Answered by webhooks.HooksMiddleware before any of this is asked; here for reverse().
urlpatterns: list[URLPattern] = [
    path("hooks/<slug:alias>/<slug:token>/", webhooks.hook, name="hook"),
]
