"""The Celery application: wake-ups only. The database is the queue of truth."""

import os

from celery import Celery

from project import broker

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")

broker.install()
app = Celery("najda")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
