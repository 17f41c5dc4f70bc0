from tests.trust import flush

flush.install()
