from typing import Any


def ensure(**kwargs: Any) -> None: ...
