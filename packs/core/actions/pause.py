import random as randomness
import time

from st2common.runners.base_action import Action


class PauseAction(Action):
    def run(self, max_pause, random=False):
        seconds = randomness.randint(1, max_pause) if random and max_pause > 1 else max_pause
        time.sleep(seconds)
        return seconds
