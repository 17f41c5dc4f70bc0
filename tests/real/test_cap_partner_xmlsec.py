"""A signed document reaches its partner so that a foreign reader, xmlsec1, still believes it."""

import json
import subprocess
from pathlib import Path

from notifier.backends.cap_partner import CapPartnerBackend
from notifier.message import Accepted, Message, Text
from tests.real.authority import Authority, receiving

TEMPLATE = """<?xml version="1.0" encoding="UTF-8"?>
<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">
  <identifier>a-1</identifier><sender>najda.invalid</sender><sent>2026-11-22T02:00:00-00:00</sent>
  <status>Actual</status><msgType>Alert</msgType><scope>Public</scope>
  <note>طفلة مفقودة\t à Rabat &amp; Salé </note>
  <Signature xmlns="http://www.w3.org/2000/09/xmldsig#"><SignedInfo>
    <CanonicalizationMethod Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"/>
    <SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256"/>
    <Reference URI=""><Transforms>
      <Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"/>
      <Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"/></Transforms>
      <DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/><DigestValue/></Reference>
  </SignedInfo><SignatureValue/></Signature>
</alert>
"""


def run(xmlsec1: Path, *line: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([str(xmlsec1), *line], capture_output=True, timeout=20, check=False)


def test_what_was_signed_arrives_signed(xmlsec1: Path, tmp_path: Path) -> None:
    theirs = Authority(tmp_path, "Partner authority")
    signer = theirs.issue("signer")
    template, arrived = tmp_path / "template.xml", tmp_path / "arrived.xml"
    template.write_text(TEMPLATE)
    signing = run(xmlsec1, "--sign", "--privkey-pem", str(signer), str(template))
    assert signing.returncode == 0, signing.stderr
    with receiving(theirs.issue("127.0.0.1")) as receiver:
        receiver.answer = (200, {}, json.dumps({"identifier": "a-1"}).encode())
        partner = {
            "url": f"https://127.0.0.1:{receiver.port}/",
            "secret": "s",
            "authorities": str(theirs.bundle),
        }
        backend = CapPartnerBackend("cap", {"partners": {"centre": partner}})
        message = Message("r-1", "centre", "ar", Text(document=signing.stdout.decode()))
        assert backend.send([message]) == [Accepted("r-1")]
    arrived.write_bytes(receiver.heard[0][3])
    assert arrived.read_bytes() == signing.stdout
    verify = ("--verify", "--pubkey-cert-pem", str(signer))
    assert run(xmlsec1, *verify, str(arrived)).returncode == 0
    arrived.write_bytes(arrived.read_bytes().replace(b"Rabat", b"Fes"))
    assert run(xmlsec1, *verify, str(arrived)).returncode != 0
