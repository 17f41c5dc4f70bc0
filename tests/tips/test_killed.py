"""A worker that takes in what the public sends is killed again and again, and nothing is lost."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).parents[2]
ACKNOWLEDGED_S = 5.0


@pytest.fixture(scope="module")
def empty(tmp_path_factory, django_db_setup, django_db_blocker):
    """A copy of the tests' empty database, made before any test has begun its transaction."""
    path = tmp_path_factory.mktemp("killed") / "empty.sqlite3"
    copy = sqlite3.connect(path)
    with django_db_blocker.unblock():
        connection.ensure_connection()
        connection.connection.backup(copy)
    copy.close()
    return path


@pytest.fixture
def database(empty, tmp_path):
    return shutil.copy(empty, tmp_path / "killed.sqlite3")


def run(arguments, folder):
    own = {"DJANGO_SETTINGS_MODULE": "tests.settings", "VAR_DIR": str(folder), "DATABASE_URL": ""}
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=os.environ | own,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    return done.stdout


@pytest.mark.parametrize("rounds", [3, pytest.param(100, marks=pytest.mark.long)])
def test_a_worker_killed_again_and_again_loses_no_tip_and_doubles_no_answer_twice(database, tmp_path, rounds):
    outbox = tmp_path / "outbox"
    told = json.loads(run(["-m", "tests.tips.killed_worker", database, outbox, str(rounds), "7"], tmp_path))
    assert told["events"] == 1 + 4 * rounds
    assert told["tips"] == told["different"] == told["said"] == told["events"]
    assert told["unhandled"] == 0
    assert min(told["answers"]) == 1
    assert max(told["answers"]) <= 2
    assert sum(told["answers"]) - told["events"] <= rounds  # at most what was in flight, one a kill
    assert told["first_answer_s"] < ACKNOWLEDGED_S
