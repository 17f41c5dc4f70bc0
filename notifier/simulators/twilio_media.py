"""Media at the simulated Twilio: below a message, with our credentials; from there to a CDN without them."""

import itertools

from notifier.simulators.forms import File
from notifier.simulators.server import Answered, Asked
from notifier.simulators.whatsapp_media import Shelf


class Files:
    """What came with messages."""

    def __init__(self) -> None:
        self.shelf = Shelf()
        self.kept: dict[str, str] = {}  # a media's path: its id on the shelf
        self._numbers = itertools.count(1)

    def keep(self, file: File, account: str, message: str, host: str) -> str:
        """Where the file lies, as the call-back names it."""
        path = f"/2010-04-01/Accounts/{account}/Messages/{message}/Media/ME{next(self._numbers):032x}"
        self.kept[path] = self.shelf.keep(file[1], file[2]).id
        return f"http://{host}{path}"

    def answer(self, asked: Asked) -> Answered:
        """GET and DELETE of one media; whoever asks has shown credentials."""
        if asked.path not in self.kept:
            return Answered(404)
        if asked.method == "DELETE":
            del self.kept[asked.path]
            return Answered(204)
        file = self.shelf.files[self.kept[asked.path]]
        place = self.shelf.told(file, f"http://{asked.headers.get('host', '')}")["url"]
        return Answered(307, headers={"Location": str(place)})

    def cdn(self, asked: Asked) -> Answered:
        """The bytes, for a while; credentials have no business here."""
        if "authorization" in asked.headers:
            return Answered(400, b"Only one auth mechanism allowed")
        file = self.shelf.at(asked.path.removeprefix("/_sim/media/"))
        return Answered(200, file.body, file.media_type) if file else Answered(403)
