"""What the wrappers are made of. Runs inside a pack's virtualenv, next to the pack's own code: so the standard library
only, one package name only, nothing in front of the pack on `sys.path`, and no import that the pack did not need.
"""
