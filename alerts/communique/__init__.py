"""What was done, told to the press without persons: counted, drafted as a statement, signed by two."""

from alerts.communique.drafting import draft
from alerts.communique.gathering import TIPS, gather, scope_of
from alerts.communique.model import Figures, Scope, TipFigures

__all__ = ["TIPS", "Figures", "Scope", "TipFigures", "draft", "gather", "scope_of"]
