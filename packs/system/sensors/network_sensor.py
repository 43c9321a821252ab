import ipaddress
import socket

import psutil
from st2reactor.sensor.base import PollingSensor


class NetworkSensor(PollingSensor):
    def setup(self):
        self._addresses = None

    def poll(self):
        before, after = self._addresses, reachable_addresses()
        self._addresses = after
        if before is None or before == after:
            return
        payload = {
            "event": "changed" if before and after else "up" if after else "down",
            "interfaces": sorted(after),
            "addresses": sorted(address for addresses in after.values() for address in addresses),
            "added": sorted(after.keys() - before.keys()),
            "removed": sorted(before.keys() - after.keys()),
        }
        self.sensor_service.dispatch(trigger="system.network", payload=payload)

    def cleanup(self):
        pass

    def add_trigger(self, trigger):
        """Called for triggers with parameters, which this sensor has not; so are the next two."""

    def update_trigger(self, trigger):
        pass

    def remove_trigger(self, trigger):
        pass


def reachable_addresses():
    """Addresses by interface, of interfaces that are up and have one that others can reach."""
    states = psutil.net_if_stats()
    addresses = {}
    for interface, entries in psutil.net_if_addrs().items():
        if interface in states and states[interface].isup:
            own = {entry.address for entry in entries if entry.family in (socket.AF_INET, socket.AF_INET6)}
            reachable = sorted(address for address in own if is_reachable(address))
            if reachable:
                addresses[interface] = reachable
    return addresses


def is_reachable(address):
    """Not the computer's own loopback, and not what an interface gives itself without a network."""
    parsed = ipaddress.ip_address(address.partition("%")[0])
    return not (parsed.is_loopback or parsed.is_link_local)
