"""What packs import of StackStorm's models."""
