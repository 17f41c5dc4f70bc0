"""Tips with invented files, as the doors leave them, and a gateway that hands files out as it is told to."""

import functools
import io
import random
from datetime import timedelta
from typing import Any, ClassVar

from PIL import Image

from bench import media_clips, media_pictures
from notifier.backends.base import Backend
from notifier.message import Fetched
from tests.people import ines
from tests.tips.media import scenes
from tips.files import attaching
from tips.models import Attachment, Tip
from trust import clock, keys, secrets, vault

STORE = {
    "store": {"BACKEND": "tests.tips.arrivals.Store", "CHANNEL": "store", "OPTIONS": {}, "SIMULATOR": {}}
}


class Store(Backend):
    """A gateway whose answers are set by the test: bytes, or what it raises."""

    answers: ClassVar[list[Any]] = []
    let_gone: ClassVar[list[dict[str, str]]] = []

    def fetch(self, source):
        answer = Store.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return Fetched(answer, "image/jpeg", vault.sha256(answer))

    def let_go(self, source):
        Store.let_gone.append(dict(source))


def a_tip(unit=None, **more):
    """A tip that came in a minute ago at Ines's desk."""
    now = clock.now()
    made = Tip(
        reference=secrets.new_reference(), state_at=now, door="whatsapp", language="ar",
        unit=unit or ines().unit, said_at=now - timedelta(minutes=2), received_at=now - timedelta(minutes=1),
        **more,
    )  # fmt: skip
    keys.create(made.pk, "tip")
    made.words = "شفت طفلا حدا المحطة"
    made.save(force_insert=True)
    return made


@functools.cache
def jpeg(number=0, quality=88):
    held = io.BytesIO()
    scenes.pictures()[number].save(held, "JPEG", quality=quality)
    return held.getvalue()


@functools.cache
def cropped_jpeg(number=0):
    held = io.BytesIO()
    picture = media_pictures.cropped(scenes.pictures()[number], 0.12, random.Random(4))
    picture.save(held, "JPEG", quality=60)
    return held.getvalue()


@functools.cache
def clip(seed=1, seconds=6.0):
    return media_clips.encoded(media_clips.filmed(seed, seconds))


@functools.cache
def part_of_clip(seed=1, seconds=12.0):
    """Five seconds out of the clip, from its fifth on."""
    return media_clips.part(clip(seed, seconds), 5.0, 5.0)


def frame_of_clip(seed, seconds, at_s):
    """A screenshot of the clip, as a photo."""
    frames = media_clips.decoded(clip(seed, seconds))
    held = io.BytesIO()
    frames[round(at_s * media_clips.RATE)].save(held, "JPEG", quality=75)
    return held.getvalue()


def grey_jpeg(width=300, height=200):
    held = io.BytesIO()
    Image.new("RGB", (width, height), (120, 130, 140)).save(held, "JPEG")
    return held.getvalue()


def with_file(data, name="IMG-1.jpg", media_type="image/jpeg", tip=None, **about):
    """An attachment whose original is sealed, and that waits for a worker."""
    return attaching.add(tip or a_tip(**about), name, media_type, data)


def worked(data, *, tip=None, media_type="image/jpeg", **about):
    """An attachment that a worker has looked at."""
    row = with_file(data, tip=tip, media_type=media_type, **about)
    assert attaching.work(row.pk)
    return Attachment.objects.select_related("tip__unit").get(pk=row.pk)


def fresh(row):
    return Attachment.objects.select_related("tip__unit").get(pk=row.pk)
