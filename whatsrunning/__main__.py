"""`python -m whatsrunning`."""

import sys

from whatsrunning.cli.entry import main

if __name__ == "__main__":
    sys.exit(main())
