"""Make the fonts that the screens bring: the Korean of NanumGothic in both weights, and its Hanja.

Run: python tests/workbook/web_fonts.py — they are fetched only by a browser whose machine has no Korean font.
"""

from __future__ import annotations

import io
from pathlib import Path

from fontTools.ttLib import TTFont

import coverage_kit
from coverage_kit.assets.letters import subset

FOLDER = Path(coverage_kit.__file__).parent / "workbook/share/voila/templates/coverage-kit/static"
#: Hangul, its letters, and the signs of Korean text; then the Chinese characters, which are rare and many.
KOREAN = [*range(0x1100, 0x1200), *range(0x3000, 0x3400), *range(0xAC00, 0xD7A4), *range(0xFF00, 0xFFF0)]
HANJA = [*range(0x4E00, 0xA000), *range(0xF900, 0xFB00)]
FILES = {"korean-400.woff2": (400, KOREAN), "korean-700.woff2": (700, KOREAN), "hanja-400.woff2": (400, HANJA)}


def as_woff2(truetype: bytes) -> bytes:
    font = TTFont(io.BytesIO(truetype), recalcTimestamp=False)
    font.flavor = "woff2"
    out = io.BytesIO()
    font.save(out)
    return out.getvalue()


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name, (weight, codepoints) in FILES.items():
        (FOLDER / name).write_bytes(as_woff2(subset(weight, codepoints)))
        print(FOLDER / name, (FOLDER / name).stat().st_size)
