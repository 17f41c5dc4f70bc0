"""One line that the bench of media says."""

import json
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Figure:
    """Hold one line of the output; case is what was done to the picture, rival who looked."""

    case: str
    rival: str
    n: int
    value: float
    unit: str

    @property
    def line(self) -> str:
        return json.dumps({"bench": "media", **asdict(self), "value": round(self.value, 4)})

    @property
    def told(self) -> str:
        return f"{self.case:<26} {self.rival:<14} {self.unit:<16} {self.value:9.3f}   of {self.n}"
