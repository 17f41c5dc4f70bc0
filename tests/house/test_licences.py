from bin import licences
from bin.licences import Package


def test_permissive_licence_passes() -> None:
    assert licences.check([Package("plain", ("MIT",)), Package("older", ("BSD License",))]) == []


def test_gpl_is_refused_by_name() -> None:
    for licence in ("GPL-3.0-only", "AGPL-3.0-or-later", "GNU General Public License v2 (GPLv2)"):
        assert licences.check([Package("viral", (licence,))]) == [f"viral: {licence}"]


def test_library_inside_a_wheel_counts_as_much_as_the_wheel() -> None:
    assert licences.check([Package("wheel", ("BSD-3-Clause", "GPLv2"))]) == ["wheel: GPLv2"]


def test_package_that_states_nothing_is_refused() -> None:
    assert licences.check([Package("silent", ("",))]) == ["silent: no licence stated"]


def test_one_side_of_or_is_enough_and_both_of_and_are_needed() -> None:
    assert licences.check([Package("choice", ("GPL-2.0-only OR MIT",))]) == []
    assert licences.check([Package("both", ("MIT AND GPL-2.0-only",))]) != []


def test_exception_holds_for_its_package_and_its_licence_only() -> None:
    assert licences.check([Package("psycopg", ("LGPL-3.0-only",))]) == []
    assert licences.check([Package("other", ("LGPL-3.0-only",))]) != []
    assert licences.check([Package("psycopg", ("AGPL-3.0-only",))]) != []


def test_names_are_read_from_a_lock() -> None:
    lock = "# header\namqp==5.4.2 \\\n    --hash=sha256:aa\nzope.event==1\n"
    assert licences.locked_names([lock, lock]) == ["amqp", "zope.event"]


def test_every_exception_is_for_a_locked_package() -> None:
    names = licences.locked_names((licences.ROOT / lock).read_text() for lock in licences.LOCKS)
    assert set(licences.EXCEPTIONS) <= set(names)
