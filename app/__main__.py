"""`python -m app <command>`; `./dev` calls it inside its own virtual environment."""

import sys

from app.cli.main import main

sys.exit(main(sys.argv[1:]))
