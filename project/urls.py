"""Every address. Those with a language in the path are for people, the others for machines."""

from allauth.account import views as account
from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path, re_path

import alerts.root_urls
from project import views
from trust.desk import choose_language

account_patterns = [
    path("login/", account.login, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("password/", account.password_change, name="account_change_password"),
    path("2fa/", include("allauth.mfa.urls")),
]
urlpatterns = [
    path("", include("notifier.urls")),
    path("", include(alerts.root_urls.urlpatterns)),
    path("theme.css", views.theme, name="theme"),
    re_path(r"^m/(?P<name>[A-Za-z0-9_-]{1,100}\.jpg)$", views.public_file, name="public_file"),
    path("health/", views.health, name="health"),
    path("police/account/", include(account_patterns)),
    path("police/language/", choose_language, name="choose_language"),
    path("police/tips/", include("tips.calls.urls")),
    path("police/", admin.site.urls),
]
urlpatterns += i18n_patterns(
    path("", include("cases.urls")),
    path("", include("tips.urls")),
    path("", include("alerts.urls")),
)
