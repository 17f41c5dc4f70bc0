"""Small invented pictures and clips, made once a run."""

import functools
import random

from bench import media_clips, media_pictures
from tips.media import clips, prints, video


@functools.cache
def pictures(count=12):
    return [picture for _name, picture in media_pictures.pictures(count)]


@functools.cache
def known(number):
    return prints.take(pictures()[number])


@functools.cache
def film(seed=1, seconds=12.0):
    return media_clips.encoded(media_clips.filmed(seed, seconds))


@functools.cache
def known_clip(seed=1, seconds=12.0):
    return clips.known(video.watch(film(seed, seconds)))


def changed(name, number):
    """Return a picture after one of the ways of the bench."""
    return media_pictures.ways(random.Random(3))[name](pictures()[number])
