"""`python -m app <command>`; `./dev` calls it inside its own virtual environment."""

import gc
import sys

from app.cli.main import main

# What a command imports stays to its end: looking for garbage among it is in vain.
gc.set_threshold(100_000, 50, 1000)
sys.exit(main(sys.argv[1:]))
