"""``python -m nevbook.cli``."""

import sys

from nevbook.cli.main import main

sys.exit(main())
