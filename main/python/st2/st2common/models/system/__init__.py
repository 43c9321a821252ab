"""What StackStorm makes of a shell action."""
