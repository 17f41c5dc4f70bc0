"""One noun a file; everybody imports them from here."""

from tips.models.attachment import Attachment, Print
from tips.models.footage import Footage
from tips.models.mark import Mark
from tips.models.tip import Tip, TipMoveError, unit_for_tips
from tips.models.upload import Upload
from tips.models.witness import Witness

__all__ = [
    "Attachment", "Footage", "Mark", "Print", "Tip", "TipMoveError", "Upload", "Witness", "unit_for_tips",
]  # fmt: skip
