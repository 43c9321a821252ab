"""Names of StackStorm's commands that packs import; the commands themselves are `stormlet`."""
