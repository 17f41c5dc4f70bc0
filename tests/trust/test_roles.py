import pytest
from django.contrib import admin, auth
from django.contrib.auth.models import AnonymousUser, Group
from django.core.exceptions import ImproperlyConfigured
from django.test import RequestFactory

from alerts import issue
from alerts.refusals import IssueRefused
from cases.models import Case
from tests import people
from tests.alerts import scene
from trust import checks, clock
from trust.auth import RolesBackend
from trust.models import Glass, Officer, Task
from trust.roles import ROLES, Role
from trust.scope import ScopedQuerySet

pytestmark = pytest.mark.django_db


def superuser():
    return Officer.objects.create_user("root", people.PASSWORD, display_name="Root", is_superuser=True)


def test_every_role_is_a_group_with_its_permissions():
    assert set(Role) == set(ROLES) <= set(Group.objects.values_list("name", flat=True))
    for role, permissions in ROLES.items():
        group = Group.objects.get(name=role)
        held = {f"{p.content_type.app_label}.{p.codename}" for p in group.permissions.all()}
        assert held == set(permissions)


def test_an_officer_proposes_and_does_not_sign():
    assert people.ines().has_perm("alerts.propose_version")
    assert not people.ines().has_perm("alerts.sign_version")


def test_an_approver_signs_and_does_not_propose():
    assert people.omar().has_perms(["alerts.sign_version", "cases.view_case"])
    assert not people.omar().has_perm("alerts.propose_version")


def test_an_administrator_has_no_case_content_even_with_another_role():
    nadia = people.nadia()
    nadia.groups.add(Group.objects.get(name=Role.APPROVER))
    assert nadia.roles == {Role.ADMINISTRATOR}
    assert nadia.has_perm("trust.change_officer")
    assert not nadia.has_module_perms("cases")
    assert not nadia.has_perm("alerts.sign_version")


def test_is_superuser_opens_nothing():
    root = superuser()
    assert not root.has_perm("alerts.sign_version")
    assert not root.has_module_perms("cases")
    assert root.get_all_permissions() == set()
    assert not root.is_staff
    backend = RolesBackend()
    assert not backend.has_perm(root, "alerts.sign_version")
    assert not backend.has_module_perms(root, "cases")
    assert backend.get_all_permissions(root) == set()


@pytest.mark.parametrize("roles", [(), (Role.ADMINISTRATOR,), (Role.AUDITOR,)])
def test_a_superuser_has_at_no_register_more_than_the_roles_give(roles):
    """Held against every page of the admin there is, also those registered later."""
    plain, root = people.officer("plain", *roles), superuser()
    root.groups.set(plain.groups.all())
    for register in admin.site._registry.values():
        assert may(register, root) == may(register, plain), register


def test_a_fresh_superuser_reads_and_changes_nothing_anywhere():
    root = superuser()
    assert {
        name: may(register, root) for name, register in admin.site._registry.items() if may(register, root)
    } == {}
    assert not Case.objects.for_officer(root, to_read=True).exists()


def test_an_administrator_who_is_superuser_opens_no_register_of_content():
    nadia = people.nadia()
    Officer.objects.filter(pk=nadia.pk).update(is_superuser=True)
    nadia = Officer.objects.get(pk=nadia.pk)
    registers = admin.site._registry.items()
    opened = {model._meta.label for model, register in registers if may(register, nadia) - {"module"}}
    content = {name for name in opened if name.startswith(("cases.", "alerts.", "tips."))}
    assert content <= {"cases.StepCount", "alerts.Partner", "alerts.Relay"}  # screens shown; who is told
    assert not may(admin.site._registry[Glass], nadia) - {"module"}


def test_a_superuser_does_not_sign():
    version, root = scene.proposed(), superuser()
    Officer.objects.filter(pk=root.pk).update(unit=people.unit())
    root = Officer.objects.get(pk=root.pk)
    with pytest.raises(IssueRefused):
        issue.sign(version, root, digest=version.digest, factor_at=clock.now())
    root.groups.add(Group.objects.get(name=Role.ADMINISTRATOR))
    with pytest.raises(IssueRefused):
        issue.sign(version, Officer.objects.get(pk=root.pk), digest=version.digest, factor_at=clock.now())


def may(register, officer):
    """Return which of the five questions of the admin the register answers with yes."""
    request = RequestFactory().get("/police/")
    request.user = Officer.objects.get(pk=officer.pk)
    asked = ("module", "view", "add", "change", "delete")
    return {name for name in asked if getattr(register, f"has_{name}_permission")(request)}


def test_every_backend_in_use_is_ours():
    assert [type(backend) for backend in auth.get_backends()] == [RolesBackend]


def test_a_superuser_row_stops_the_start():
    assert checks.superusers(None, ["default"]) == []
    superuser()
    assert [found.id for found in checks.superusers(None, ["default"])] == ["trust.E001"]


def test_no_command_makes_a_superuser():
    assert not hasattr(Officer.objects, "create_superuser")


def test_a_group_that_is_no_role_gives_nothing():
    ines = people.officer("outsider", at=people.unit())
    ines.groups.add(Group.objects.create(name="friends"))
    assert ines.roles == frozenset()
    assert not ines.is_staff


def test_an_inactive_officer_may_nothing():
    omar = people.omar()
    omar.is_active = False
    assert not omar.has_perm("alerts.sign_version")
    assert not omar.is_staff


def test_a_service_account_has_no_desk():
    assert not people.officer("gateway", Role.SERVICE).is_staff


def test_rights_are_read_once_a_request(django_assert_num_queries):
    ines = Officer.objects.get(pk=people.ines().pk)
    with django_assert_num_queries(1):
        for _ in range(3):
            ines.has_perm("cases.view_case")
        assert ines.roles


def test_an_anonymous_visitor_may_nothing():
    assert not RolesBackend().has_perm(AnonymousUser(), "cases.view_case")


class TestScope:
    @pytest.fixture
    def tasks(self):
        here, beside = people.unit(), people.unit("hay-riad")
        elsewhere = people.lea().unit
        kinds = {"here": here, "beside": beside, "elsewhere": elsewhere, "nowhere": None}
        for kind, unit in kinds.items():
            Task.open(kind, people.ines().pk, unit=unit)

    def seen(self, officer):
        return set(Task.objects.for_officer(officer).values_list("kind", flat=True))

    def test_officer_and_intake_see_their_unit(self, tasks):
        assert self.seen(people.ines()) == {"here"}
        assert self.seen(people.lea()) == {"elsewhere"}

    @pytest.mark.parametrize("role", [Role.APPROVER, Role.AUDITOR, Role.COMMUNICATOR])
    def test_who_answers_for_the_agency_sees_the_agency(self, tasks, role):
        assert self.seen(people.officer("someone", role, at=people.unit())) == {"here", "beside"}

    def test_administrator_service_and_nobody_see_none(self, tasks):
        gateway = people.officer("gateway", Role.SERVICE, at=people.unit())
        for officer in (people.nadia(), gateway, AnonymousUser(), None, superuser()):
            assert self.seen(officer) == set()

    def test_an_inactive_or_unitless_officer_sees_none(self, tasks):
        ines = people.ines()
        ines.is_active = False
        assert self.seen(ines) == set()
        assert self.seen(people.officer("adrift", Role.OFFICER)) == set()

    def test_a_queryset_without_a_path_to_the_unit_is_refused(self):
        with pytest.raises(ImproperlyConfigured, match="scope_path"):
            ScopedQuerySet(Task).for_officer(people.ines())
