"""What a witness types: the tip, the receipt typed again, and what is added later."""

from tips.forms.receipt import ReceiptForm
from tips.forms.thread import AddForm
from tips.forms.tip import TipForm

__all__ = ["AddForm", "ReceiptForm", "TipForm"]
