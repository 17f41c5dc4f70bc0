"""Two workers, one file: one of them does it. Needs commits, so it stands apart."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from tests.tips import arrivals
from tips.files import uploads, working
from tips.files.uploads import UploadRefused
from tips.models import Upload

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgresql]


def at_once(act, count=4):
    """Run act(number) in as many threads at the same moment; return what they gave, refusals too.

    SQLite takes one writer at a time, and the tests' own, in memory, lets no second one wait: there, at once
    is one after the other.
    """
    ready = Barrier(1 if connection.vendor == "sqlite" else count)

    def run(number):
        ready.wait()
        try:
            return act(number)
        except UploadRefused as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(ready.parties) as pool:
        return list(pool.map(run, range(count)))


def test_of_workers_at_the_same_moment_one_claims_it():
    row = arrivals.with_file(arrivals.jpeg(1))
    claimed = [one for one in at_once(lambda _n: working._claim(row.pk)) if one is not None]
    assert len(claimed) == 1
    assert arrivals.fresh(row).attempts == 1


def test_of_two_requests_with_one_part_one_counts():
    token = uploads.begin(8, "a", "image/jpeg")
    told = at_once(lambda number: uploads.put(token, 0, bytes([number]) * 4))
    upload = Upload.objects.get()
    assert (upload.received, len(upload.parts)) == (4, 1)
    assert all(one == 4 or isinstance(one, UploadRefused) for one in told)
