import json
import os
import subprocess
import sys
import uuid
from urllib.parse import urlsplit

import psycopg
import pytest


@pytest.fixture(scope="module")
def seen(postgresql_url, tmp_path_factory):
    name = f"trust_{uuid.uuid4().hex[:8]}"
    with psycopg.connect(postgresql_url, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
    environment = os.environ | {
        "DATABASE_URL": urlsplit(postgresql_url)._replace(path=f"/{name}").geturl(),
        "VAR_DIR": str(tmp_path_factory.mktemp("var")),
        "DJANGO_SETTINGS_MODULE": "tests.settings",
    }
    line = [sys.executable, "-m", "tests.trust.on_postgresql"]
    done = subprocess.run(line, env=environment, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout)


@pytest.mark.long
def test_an_entry_that_commits_late_falls_into_a_later_seal(seen):
    act = seen["late_commit"]
    assert act["ordered"]
    assert act["while_running"] == {"late": False, "early": False, "errors": []}
    assert act["sealed"]
    assert act["errors"] == []


@pytest.mark.long
def test_a_hanging_sealer_delays_no_writer_and_nobody_seals_beside_it(seen):
    act = seen["held_lock"]
    assert act["wrote_in_s"] < 5
    assert not act["second"]
    assert act["after"]


@pytest.mark.long
def test_every_entry_of_many_writers_is_sealed_once(seen):
    assert seen["many_writers"] == {"once": True, "all": True, "errors": []}


@pytest.mark.long
def test_a_batch_splits_no_transaction(seen):
    assert seen["small_batches"] == {"sizes": [3, 1, 4], "errors": []}


@pytest.mark.long
def test_a_copy_in_another_cluster_goes_on_sealing(seen):
    act = seen["moved"]
    assert act["sealed"]
    assert act["errors"] == []
