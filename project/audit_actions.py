"""What the audit log says of the deployment itself."""

from trust import audit

audit.declare({"project.purged": "Retention forgot what its term was over for"})
