"""Registering sensors, which is done once their metadata lies in the pack's `sensors/`."""

import os

__all__ = ["SensorsRegistrar"]


class SensorsRegistrar:
    def __init__(self, use_pack_cache=True, fail_on_failure=False):
        self._fail_on_failure = fail_on_failure

    def register_from_pack(self, pack_dir):
        """How many sensors the pack has."""
        folder = os.path.join(pack_dir, "sensors")
        names = sorted(os.listdir(folder)) if os.path.isdir(folder) else []
        return sum(1 for name in names if name.endswith(".yaml"))

    def _register_sensor_from_pack(self, pack, sensor):
        if not os.path.isfile(sensor) and self._fail_on_failure:
            raise ValueError(f'Failed to register sensor "{sensor}" from pack "{pack}": the file does not exist')
