"""Registering content. The app takes in what lies in a pack's folder as soon as it is saved."""
