#!/usr/bin/env python3
import sys

# As bytes, since a message may hold what the terminal's own encoding has no word for.
sys.stdout.buffer.write(sys.argv[1].encode("utf-8", "surrogateescape") + b"\n")
