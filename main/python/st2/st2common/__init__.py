"""What StackStorm's packs import, as far as it means something on one machine. Names and behaviour are StackStorm's,
the code is ours, on the standard library alone; so it also serves a pack's own unit tests, with this folder on
PYTHONPATH.
"""
