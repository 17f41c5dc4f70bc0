from pathlib import Path

from django.conf import settings

from tests.desk.conftest import desk
from tests.trust import flush

__all__ = ["desk"]

flush.install()
Path(settings.STATIC_ROOT).mkdir(
    parents=True, exist_ok=True
)  # WhiteNoise warns of a folder that is not there
