"""What packs read of StackStorm's own configuration. A pack that requires oslo.config gets the real one, which is found
first.
"""
