"""Where a push may go: an endpoint is an address that a stranger chose."""

import json

import pytest

from notifier.exceptions import CannotCarry
from notifier.message import Accepted
from notifier.simulators.webpush import subscription
from tests.notifier.test_backends_webpush import FCM, alert, answering


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://fcm.googleapis.com/x",
        "https://127.0.0.1/x",
        "https://[::1]/x",
        "https://2130706433/x",
        "https://0x7f.1/x",
        "https://localhost/x",
        "https://169.254.169.254/latest/meta-data/",
        "https://user:pass@fcm.googleapis.com/x",
        "https://fcm.googleapis.com@evil.example/x",
        "https://fcm.googleapis.com\\@evil.example/x",
        "https://fcm.googleapis.com:8443/x",
        "https://fcm.googleapis.com:0443:1/x",
        "https://fcm.googleapis.com.evil.example/x",
        "https://evilfcm.googleapis.com/x",
        "https://fcm.googleapis.com./x",
        "https://FCM.googleapis.com/x",
        "https://fcm.googleapis.com/x#y",
        "https://fcm.googleapis.com/x\r\nHost: evil.example",
        "https://fcm.googleapis.com/x y",
        "https://fcm.googleapis.com",
        "https://notify.windows.com/x",
        "file:///etc/passwd",
        "gopher://fcm.googleapis.com/",
        "",
    ],
)
def test_an_endpoint_that_is_no_push_service_never_leaves(endpoint):
    backend, asked = answering((201, ""))
    address = json.dumps({**json.loads(subscription("x")), "endpoint": endpoint})
    (given,) = backend.send([alert(address)])
    assert isinstance(given, CannotCarry)
    assert given.kind == "bad_address"
    assert not asked


@pytest.mark.parametrize("host", [FCM, "web.push.apple.com", "am3p.notify.windows.com",
                                  "updates.push.services.mozilla.com"])  # fmt: skip
def test_the_services_of_todays_browsers_are_let_through_and_to_public_addresses_alone(host):
    backend, asked = answering((201, ""))
    assert backend.send([alert(host=host)]) == [Accepted("r-1")]
    assert asked[0].url == f"https://{host}/sim-ok"
    assert asked[0].public_only


def test_further_hosts_and_ports_are_the_deployments_choice():
    backend, asked = answering((201, ""), hosts=("push.najda.example",), ports=(443, 8443))
    inside, outside = backend.send([alert(host="push.najda.example:8443"), alert(host=FCM)])
    assert inside == Accepted("r-1")
    assert isinstance(outside, CannotCarry)
    assert len(asked) == 1
