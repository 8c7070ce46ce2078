"""`python -m whatsrunning`."""

import sys

from whatsrunning._entry import main

if __name__ == "__main__":
    sys.exit(main())
