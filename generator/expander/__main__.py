"""`python -m generator.expander`: what the expander's container runs."""

import sys

from generator.expander.step import main

sys.exit(main())
