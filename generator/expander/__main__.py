"""`python -m generator.expander`: what the expander's container runs."""

import os
import sys

from generator.expander.step import main

code = main()
sys.stdout.flush()
sys.stderr.flush()
# The interpreter takes half a second to put itself away, of the processor time that the run's first pod is waiting for.
os._exit(code)
