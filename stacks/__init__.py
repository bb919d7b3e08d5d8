from deploy_access.extras import require_extra

require_extra("constructs")
