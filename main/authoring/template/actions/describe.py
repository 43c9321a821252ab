import mimetypes
import os

from st2common.runners.base_action import Action


class DescribeAction(Action):
    """What `run` returns is the result. A pair of False and a message, or an exception, makes the execution fail."""

    def run(self, path):
        path = os.path.expanduser(path)
        if not os.path.isfile(path):
            return (False, f"there is no file {path}")
        kind, _ = mimetypes.guess_type(path)
        # Goes to the execution's log, not into its result.
        self.logger.info("looked at %s", path)
        return {"name": os.path.basename(path), "size": os.path.getsize(path), "kind": kind or "unknown"}
