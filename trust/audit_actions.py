from trust import audit

audit.declare(
    {
        "viewed": "looked at a case, a tip or an identity",
        "officer.logged_in": "logged in",
        "officer.logged_out": "logged out",
        "officer.login_failed": "tried to log in and failed",
        "officer.enrolled": "an account was made",
        "officer.roles_changed": "the roles of an account were changed",
        "officer.password_changed": "a password was changed",
        "officer.password_issued": "a one-time password was issued",
        "factor.added": "a second factor was set up",
        "factor.removed": "a second factor was removed",
        "factor.used": "a second factor was used",
        "factor.failed": "a wrong code was given for a second factor",
        "task.finished": "what was owed was done",
        "key.destroyed": "a data key was destroyed",
        "key.ring_rotated": "the ring of keys was renewed",
        "audit.exported": "a sealed segment of the log was exported",
    }
)
