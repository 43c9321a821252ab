import sys

from st2common.runners.base_action import Action


class EchoAction(Action):
    def run(self, message):
        # Without a line end: StackStorm's `core.echo` gives `stdout` exactly as the message.
        sys.stdout.write(message)
        return message
