"""The server behind ``coverage-kit lab``: JupyterLab as it is, started sooner."""

from __future__ import annotations

import sys

from coverage_kit.engine.quick_start import skip_iri_grammar

if __name__ == "__main__":
    skip_iri_grammar()
    from jupyterlab.labapp import main

    sys.exit(main())
