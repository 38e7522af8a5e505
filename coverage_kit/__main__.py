"""``python -m coverage_kit``."""

from coverage_kit.cli import main

main()
