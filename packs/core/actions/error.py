#!/usr/bin/env python3
import sys

sys.stderr.buffer.write(sys.argv[1].encode("utf-8", "surrogateescape") + b"\n")
