"""All models in one place, as packs import them."""

from st2client.models.action import *  # noqa: F403
from st2client.models.action_alias import *  # noqa: F403
from st2client.models.aliasexecution import *  # noqa: F403
from st2client.models.auth import *  # noqa: F403
from st2client.models.config import *  # noqa: F403
from st2client.models.core import *  # noqa: F403
from st2client.models.inquiry import *  # noqa: F403
from st2client.models.keyvalue import *  # noqa: F403
from st2client.models.pack import *  # noqa: F403
from st2client.models.policy import *  # noqa: F403
from st2client.models.reactor import *  # noqa: F403
from st2client.models.timer import *  # noqa: F403
from st2client.models.trace import *  # noqa: F403
from st2client.models.webhook import *  # noqa: F403
