"""What is looked for before anything that needs it is imported, so that one error says it."""

from deploy_access.extras import require_extra

require_extra("constructs")
