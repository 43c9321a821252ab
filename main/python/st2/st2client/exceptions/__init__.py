"""What goes wrong with a command of the client."""
