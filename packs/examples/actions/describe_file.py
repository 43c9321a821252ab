import mimetypes
import os
from datetime import datetime, timezone

import humanize
from st2common.runners.base_action import Action


class DescribeFileAction(Action):
    """The values returned are the action's result. A pair of False and a message says that it failed."""

    def run(self, path):
        path = os.path.expanduser(path)
        if not os.path.isfile(path):
            return (False, f"not a file: {path}")
        facts = os.stat(path)
        modified_at = datetime.fromtimestamp(facts.st_mtime, tz=timezone.utc)
        age = humanize.naturaltime(datetime.now(tz=timezone.utc) - modified_at)
        size_text = humanize.naturalsize(facts.st_size, binary=True)
        kind = mimetypes.guess_type(path)[0] or "unknown kind"
        name = os.path.basename(path)
        self.logger.info("described %s", path)
        return {
            "summary": f"{name}: {size_text}, {kind}, changed {age}",
            "name": name,
            "size": facts.st_size,
            "size_text": size_text,
            "kind": kind,
            "modified_at": modified_at.isoformat(),
        }
