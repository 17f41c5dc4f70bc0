from notifier.models.batch import Batch
from notifier.models.chunk import Chunk
from notifier.models.delivery import Delivery
from notifier.models.health import AliasHealth
from notifier.models.inbound import InboundEvent
from notifier.models.lease import Leased
from notifier.models.post import Post
from notifier.models.rate import Rate, Reached
from notifier.models.receipt import Receipt

__all__ = [
    "AliasHealth",
    "Batch",
    "Chunk",
    "Delivery",
    "InboundEvent",
    "Leased",
    "Post",
    "Rate",
    "Reached",
    "Receipt",
]
