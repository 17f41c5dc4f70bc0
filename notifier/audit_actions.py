from trust import audit

audit.declare(
    {
        "post.published": "A post appeared on a broadcast channel",
        "post.edited": "A post was given the words of an update",
        "post.edit_refused": "A provider would not change a post's words: they were posted anew",
        "post.removed_by_hand": "A person took a post back by hand",
        "post.recalled": "A post was taken back by its provider",
        "post.recall_task": "Taking a post back was handed to a person",
    }
)
