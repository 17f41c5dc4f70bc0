from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from trust import audit, keys


class Command(BaseCommand):
    help = "Make a new ring key and wrap every data key with it. Old key files stay: older backups need them."

    def handle(self, *args: Any, **options: Any) -> None:
        count = keys.rotate_ring()
        with transaction.atomic():
            audit.record("key.ring_rotated", None)
        self.stdout.write(f"{count} data keys are wrapped by the new ring key. Back up KEY_DIR now.")
