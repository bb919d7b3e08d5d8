"""What is looked for before anything that needs it is imported, so that one error says it."""

from constructs_lib._framework import choose_framework
from deploy_access.extras import require_extra

require_extra("constructs")
choose_framework()
