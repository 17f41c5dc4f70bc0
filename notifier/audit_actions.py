from trust import audit

audit.declare(
    {
        "post.published": "A post appeared on a broadcast channel",
        "post.recalled": "A post was taken back by its provider",
        "post.recall_task": "Taking a post back was handed to a person",
    }
)
