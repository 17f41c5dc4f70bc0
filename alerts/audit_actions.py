"""The acts on alerts that the log knows."""

from trust import audit

audit.declare(
    {
        "alert.live": "An alert went live",
        "alert.ended": "An alert ended",
        "alert.withheld": "A channel was left out because consent was gone",
        "case.declined": "It was decided not to alert",
        "report.exported": "A report on what was done was exported",
        "partner.changed": "An administrator made or changed a CAP partner",
        "release.asked": "It was asked to release words of an alert",
        "release.granted": "Words of an alert were released",
        "release.refused": "A release of words was refused",
        "version.drafted": "An alert was drafted",
        "version.revised": "A draft was changed",
        "version.proposed": "An alert was proposed",
        "version.signed": "An alert was signed",
        "version.provisional": "One officer sent an alert alone, on the ground named",
        "order.recorded": "A magistrate's order was recorded",
        "order.release_asked": "An officer asked to release a magistrate's hold",
        "order.released": "A second officer released a magistrate's hold",
        "order.kept": "A second officer kept a magistrate's hold",
        "version.returned": "A proposal was sent back",
        "version.refused": "A proposal was refused",
        "version.lapsed": "A proposal lapsed",
        "version.superseded": "A version was superseded",
        "subscription.confirmed": "A subscription was confirmed",
        "subscription.ended": "A subscription was ended",
        "subscription.address_added": "A subscriber confirmed a further address",
        "subscription.address_ended": "One address of a subscriber was ended",
    }
)
