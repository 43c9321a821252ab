import fnmatch

import psutil
from st2common.runners.base_action import Action

FACTS = ["pid", "name", "username", "memory_info", "cpu_times", "create_time"]
ORDER = {
    "memory": lambda process: -process["memory_bytes"],
    "cpu": lambda process: -process["cpu_seconds"],
    "name": lambda process: process["name"].lower(),
}


class ListProcessesAction(Action):
    """What belongs to others may be kept from us; it is listed with zeros then."""

    def run(self, name="*", sort="memory", count=20):
        found = [describe(process.info) for process in psutil.process_iter(FACTS)]
        fitting = sorted((each for each in found if fnmatch.fnmatch(each["name"], name)), key=ORDER[sort])
        listed = fitting[:count]
        first = f", first {listed[0]['name']}" if listed else ""
        noun = "process" if len(fitting) == 1 else "processes"
        return {"summary": f"{len(fitting)} {noun}{first}", "processes": listed}


def describe(facts):
    memory, cpu = facts["memory_info"], facts["cpu_times"]
    return {
        "pid": facts["pid"],
        "name": facts["name"] or "",
        "user": facts["username"],
        "memory_bytes": memory.rss if memory else 0,
        "cpu_seconds": round(cpu.user + cpu.system, 2) if cpu else 0,
        "started_at": facts["create_time"],
    }
