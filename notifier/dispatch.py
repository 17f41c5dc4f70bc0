"""Working the queue off (see work)."""


def work(channel: str, budget_s: float = 5.0) -> bool:
    """Send what is due on `channel` for about `budget_s` seconds; say whether more is due now."""
    raise NotImplementedError
