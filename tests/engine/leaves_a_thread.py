"""What a fork server must refuse to load: see ``test_what_cannot_be_preloaded_is_named``."""

from __future__ import annotations

import threading
import time


def start() -> None:
    """Leave a thread behind."""
    threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
