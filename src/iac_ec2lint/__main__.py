"""``python -m iac_ec2lint``."""

import os
import sys

if __name__ == "__main__" and sys.path[0] in {"", os.getcwd()}:  # noqa: PTH109 - to start fast
    # ``python -m`` searches the working folder first, where whatever is scanned may lie: modules
    # that shadow others, and packages with checks. From here only the search for this package
    # itself cannot be undone.
    del sys.path[0]

from iac_ec2lint.cli.main import main

if __name__ == "__main__":
    main()
