import os

import psutil
from st2common.runners.base_action import Action

GIBIBYTE = 1024**3


class DiskUsageAction(Action):
    def run(self, path="~"):
        path = os.path.abspath(os.path.expanduser(path))
        try:
            usage = psutil.disk_usage(path)
        except OSError as error:
            return (False, str(error))
        free_percent = round(100 - usage.percent, 1)
        return {
            "summary": f"{usage.free / GIBIBYTE:.1f} GiB ({free_percent} %) free of {usage.total / GIBIBYTE:.1f} GiB",
            "path": path,
            "free_percent": free_percent,
            "free_bytes": usage.free,
            "used_bytes": usage.used,
            "total_bytes": usage.total,
        }
