"""The letters we bring: parts of NanumGothic for machines that have no Korean font.

A part of the font is a modified version, and its licence keeps the family's name for the whole one; so a part keeps
only the copyright and the licence of the name records, and pages call it ``Coverage Kit Gothic``.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path

import uharfbuzz as hb

#: The name pages give to a part of the font.
FAMILY = "Coverage Kit Gothic"
#: Weight → the whole font's file.
WEIGHTS = {400: "NanumGothic.ttf", 700: "NanumGothicBold.ttf"}
FONTS = Path(__file__).parent / "fonts"
#: Copyright and licence.
_NAME_IDS = (0, 13, 14)


def subset(weight: int, codepoints: Iterable[int]) -> bytes:
    """The font with these characters only, as TrueType.

    Parameters
    ----------
    weight : int
        400 or 700.
    codepoints : iterable of int
        Those the font does not have are left out.
    """
    wanted = hb.SubsetInput()
    wanted.sets(hb.SubsetInputSets.UNICODE).set(set(codepoints))
    names = wanted.sets(hb.SubsetInputSets.NAME_ID)
    names.clear()
    names.update(_NAME_IDS)
    wanted.flags = hb.SubsetFlags.NO_HINTING
    return bytes(hb.subset(_face(weight), wanted).blob.data)


@cache
def _face(weight: int) -> hb.Face:
    return hb.Face(hb.Blob((FONTS / WEIGHTS[weight]).read_bytes()))
