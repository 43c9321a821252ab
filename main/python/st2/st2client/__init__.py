"""The client of StackStorm's API as packs use it, on the standard library alone. In an action or a sensor it finds the
app by its environment, so `Client()` needs no arguments there.
"""

__version__ = "3.9.0"
