"""Which encoding a text is in: decided by what its bytes say, Korean first; a guess is called one."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from charset_normalizer import from_bytes

from coverage_kit.errors import BadInput
from coverage_kit.i18n import N_

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
#: Encodings of seven bits announce their letters by these bytes; read as plain text they would be valid and wrong.
_ANNOUNCED = ((b"\x1b$)C", "iso2022_kr"), (b"\x1b$B", "iso2022_jp"), (b"\x1b$@", "iso2022_jp"))
_UTF8_MANY = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
#: The 2,350 syllables of KS X 1001: nearly all of any Korean text, and of no Western text read as Korean.
_COMMON_HANGUL = re.compile(rb"[\xb0-\xc8][\xa1-\xfe]")
#: Signs such as ㈜ and ·, which say neither.
_SIGN_OR_HANGUL = re.compile(rb"([\xa1-\xac][\xa1-\xfe])|([\xb0-\xc8][\xa1-\xfe])")
#: Letters of full width and signs such as ㈜, ① and ㎡, with nothing else but plain letters.
_ONLY_SIGNS = re.compile(rb"(?:[\x00-\x7f]++|[\xa1-\xa3\xa7\xa8][\xa1-\xfe]|\xa5[\xa1-\xb9])*+")
#: Kana and Chinese characters as Korean encodings have them, with such signs and plain letters, and with nothing else.
_ONLY_HANJA = re.compile(
    rb"(?:[\x00-\x7f]++|[\xca-\xfd][\xa1-\xfe]|\xaa[\xa1-\xf3]|\xab[\xa1-\xf6]|[\xa1-\xa3\xa7\xa8][\xa1-\xfe]|\xa5[\xa1-\xb9])*+"
)
_HANJA = re.compile(rb"[\xca-\xfd][\xa1-\xfe]|[\xaa\xab][\xa1-\xf6]")
#: Within a word of plain letters they are Western ones, as in Größe.
_WITHIN_WORD = re.compile(rb"[A-Za-z](?:[\x80-\xff]{2})+[a-z]")
#: Those of them that are kana, or rare characters to a Chinese encoding: most of a Korean text, few of a Chinese one.
_NOT_CHINESE = re.compile(rb"[\xaa\xab\xd8-\xfd]")
#: What Korean lists call their columns: one of these in a cell of its own.
_KOREAN_HEAD = re.compile(
    rb"(?:^|[,;\t|\"\r\n])(?:%s)(?=[,;\t|\"\r\n])"
    % b"|".join(
        word.encode("cp949")
        for word in "회사 회사명 고객사 업체명 거래처 거래처명 상호 이름 성명 고객명 담당자 직책 직위 직급 부서 부서명 업종 지역 전화 전화번호 휴대폰 이메일 주소 비고 메모".split()
    )
)
#: Alphabets whose words a Korean reading turns into Chinese characters.
_ALPHABETS = ("cp1251", "koi8_r", "cp1253")
#: What speaks against them, read as Western: a word that begins with a letter such as É, or a sign twice, as in ££.
_WESTERN_WORD = re.compile(r"(?<![¢£¥¨])[\u00c0-\u00ff][A-Za-z]|([¡-¨])\1")
#: A byte order mark at the beginning of a line.
_MARK = re.compile(r"(?<=[\r\n])\ufeff+")
_LOOKED_AT = 200_000
_WESTERN = re.compile(r"[A-Za-z][\u00c0-\u017f’]|[\u00c0-\u017f’][A-Za-z]|[0-9][°º²³]|[°©®™€£–—“”]")
#: A sign within a word, or a letter that Western languages do without: Central European text read as Western has them.
_NOT_WESTERN = re.compile(r"[A-Za-z][³¹¿£¥¯¶¼±¾][a-z]|[šžŠŽ][a-z]")
#: Hungarian and Turkish have few letters of their own, which Western encodings give to others. Their neighbours tell:
#: what else the language writes must be there, and nothing that only a Western language writes. In Portuguese an e
#: follows õ; French and Estonian have no á; Icelandic has neither ü nor ç. In order: the letters, what speaks for it, what against.
_FEW_LETTERS = (
    ("cp1250", re.compile("[õûÕÛ]"), re.compile("[áíóúÁÍÓÚ]"), re.compile("[àâãäåæçèêëìîïðñòôøùþÿßÀÂÃÄÅÆÇÈÊËÌÎÏÐÑÒÔØÙÞ]|õe")),
    ("cp1254", re.compile("[ðþýÐÞÝ]"), re.compile("[üçÜÇ]"), re.compile("[áéíóúàèêëìïñòôøùÿßãäåæõÁÉÍÓÚÀÈÊËÌÏÑÒÔØÙÃÄÅÆÕ]")),
)  # fmt: skip
_LATIN = ("cp1250", "iso8859_2", "cp1252")
#: What programs save lists in; rarer ones, such as Celtic, are thought of last.
_SAVED_IN = (
    *_LATIN,
    "cp949",
    "big5",
    "gb18030",
    "cp932",
    "euc_jp",
    "cp1251",
    "koi8_r",
    "cp1253",
    "cp1254",
    "mac_roman",
)
#: Half of the Chinese characters of GB 2312 have the bytes of Korean syllables.
_EAST_ASIAN = ("cp949", "gb18030")


@dataclass(frozen=True)
class Decoded:
    """A text, the encoding it was read in, and whether that is only what its bytes make likely."""

    text: str
    encoding: str
    is_guess: bool


def decode(data: bytes, file: str, encoding: str | None = None) -> Decoded:
    """Read bytes as text.

    A byte order mark decides, then the marks of ISO-2022, then valid UTF-8; else Korean (CP949, which holds EUC-KR) where the bytes are mostly
    common syllables, Western (CP1252) where single letters stand among plain ones, else what statistics say.

    Parameters
    ----------
    data : bytes
    file : str
        For the message.
    encoding : str, optional
        Overrules everything.

    Raises
    ------
    BadInput
        The encoding is unknown or does not fit, or a few bytes spoil what otherwise is clear; with the line.
    """
    if encoding is not None:
        return _as_told(data, file, encoding)
    for mark, name in _BOMS:
        if data.startswith(mark):
            return Decoded(_unmarked(_strictly(data, file, name)), name.removesuffix("-sig"), False)
    wide = _find_utf16(data)
    if wide is not None:
        return Decoded(data.decode(wide), wide, True)
    if data.count(0) > len(data) / 100:
        raise BadInput(
            "import.binary",
            N_("{file} is not a text file; save it in Excel as 'CSV UTF-8' and import that file."),
            file=file,
        )
    for mark, name in _ANNOUNCED:
        if mark in data and data.isascii():
            return Decoded(_strictly(data, file, name), name, False)
    try:
        return Decoded(_unmarked(data.decode("utf-8")), "utf-8", False)
    except UnicodeDecodeError as exc:
        if _spoilt(len(_UTF8_MANY.findall(data)), data, "utf-8"):
            raise _broken(data, exc.start, file, "utf-8") from exc
    return _guess(data, file)


def _as_told(data: bytes, file: str, encoding: str) -> Decoded:
    try:
        "".encode(encoding)
    except (LookupError, TypeError, ValueError, UnicodeError) as exc:
        raise BadInput(
            "import.encoding_unknown",
            N_("'{encoding}' is not an encoding; try cp949, utf-8, utf-16 or cp1252."),
            encoding=encoding[:40],
        ) from exc
    return Decoded(_unmarked(_strictly(data, file, encoding)), codecs.lookup(encoding).name, False)


def _unmarked(text: str) -> str:
    """A text without byte order marks: at its beginning, and at that of a line where files with one header were joined."""
    text = text.lstrip("\ufeff")
    head = re.match(r"[^\r\n]+", text)
    is_joined = head is not None and re.search(rf"[\r\n]\ufeff+{re.escape(head[0])}[\r\n]", text) is not None
    return _MARK.sub("", text) if is_joined else text


def _strictly(data: bytes, file: str, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except (UnicodeDecodeError, LookupError) as exc:
        raise _broken(data, getattr(exc, "start", 0), file, encoding) from exc


def _find_utf16(data: bytes) -> str | None:
    """UTF-16 without a mark: separators and line ends have a zero beside them, always on the same side."""
    if b"\0" not in data or len(data) % 2:
        return None
    head = data[: 1 << 16]
    signs = {name: sum(head.count(sign.encode(name)) for sign in "\n,;\t ") for name in ("utf-16-le", "utf-16-be")}
    name = max(signs, key=lambda each: signs[each])
    try:
        text = data.decode(name)
    except UnicodeDecodeError:
        return None
    return name if signs[name] and "\0" not in text else None


def _guess(data: bytes, file: str) -> Decoded:
    start = next(i for i, byte in enumerate(data) if byte > 0x7F)
    part = data[start : start + _LOOKED_AT]
    korean = _find_signs(data) or _find_hanja(data)
    if korean is not None:
        return Decoded(korean, "cp949", True)
    high = sum(byte > 0x7F for byte in part)
    pairs = _SIGN_OR_HANGUL.findall(part)
    hangul = sum(1 for _, syllable in pairs if syllable)
    share = 2 * hangul / max(high - 2 * (len(pairs) - hangul), 1)
    if hangul and (share >= 0.9 or (share >= 0.6 and _likeliest(data, *_EAST_ASIAN) == "cp949")):
        try:
            return Decoded(data.decode("cp949"), "cp949", True)
        except UnicodeDecodeError as exc:
            if _spoilt(len(_COMMON_HANGUL.findall(data)), data, "cp949"):
                raise _broken(data, exc.start, file, "cp949") from exc
    try:
        western = data.decode("cp1252")
    except UnicodeDecodeError:
        western = ""
    if len(_WESTERN.findall(western)) >= 0.5 * sum(byte > 0x7F for byte in data):
        name = _likeliest(data, *_LATIN) if _NOT_WESTERN.search(western) else _find_by_letters(western)
        return Decoded(data.decode(name) if name else western, name or "cp1252", True)
    best = from_bytes(data, cp_isolation=list(_SAVED_IN)).best() or from_bytes(data).best()
    if best is None:
        raise BadInput(
            "import.encoding_unclear",
            N_("{file}: its bytes do not show the encoding; name it, like --encoding cp949."),
            file=file,
        )
    return Decoded(_unmarked(str(best)), best.encoding, True)


def _find_signs(data: bytes) -> str | None:
    """The text, where Korean signs and letters of full width are all it has beside plain letters."""
    if not _ONLY_SIGNS.fullmatch(data) or _WESTERN_WORD.search(data.decode("cp1252", "replace")):
        return None
    return _as_korean(data)


def _find_hanja(data: bytes) -> str | None:
    """The text, where its columns have Korean names, or where its kana and Chinese characters can only be Korean ones.

    A short list of names in Chinese characters is too little for statistics.
    """
    if _KOREAN_HEAD.search(data):
        return _as_korean(data)
    if not _ONLY_HANJA.fullmatch(data) or _WITHIN_WORD.search(data):
        return None
    found = _HANJA.findall(data)
    if 2 * sum(map(bool, map(_NOT_CHINESE.match, found))) <= len(found) or _is_alphabet(data):
        return None
    return _as_korean(data)


def _is_alphabet(data: bytes) -> bool:
    """Whether some alphabet makes words of the bytes: each of letters only, with capitals where words have them."""
    runs = re.findall(rb"[\x80-\xff]+", data)
    for name in _ALPHABETS:
        words = [run.decode(name, "replace") for run in runs]
        if all(word.isalpha() and (word.istitle() or word.islower() or word.isupper()) for word in words):
            return True
    return False


def _as_korean(data: bytes) -> str | None:
    try:
        return data.decode("cp949")
    except UnicodeDecodeError:
        return None


def _find_by_letters(western: str) -> str | None:
    """The encoding of a language with few letters of its own, where a text that was read as Western is in it."""
    return next(
        (
            name
            for name, own, speaks_for, speaks_against in _FEW_LETTERS
            if own.search(western) and speaks_for.search(western) and not speaks_against.search(western)
        ),
        None,
    )


def _likeliest(data: bytes, *among: str) -> str | None:
    """Which of these encodings do the letters make most likely? None if none of them fits."""
    best = from_bytes(data, cp_isolation=list(among)).best()
    return best.encoding if best else None


def _spoilt(n_good: int, data: bytes, encoding: str) -> bool:
    """Whether only a few bytes do not fit: then the text is in this encoding and damaged, not in another."""
    n_bad = data.decode(encoding, errors="replace").count("\ufffd")
    return n_good >= 10 * n_bad


def _broken(data: bytes, start: int, file: str, encoding: str) -> BadInput:
    return BadInput(
        "import.encoding",
        N_("{file}, line {line}: this is not {encoding}; save the file as 'CSV UTF-8', or say --encoding, like cp949."),
        file=file,
        line=data[:start].count(b"\n") + 1,
        encoding=encoding.upper().removesuffix("-SIG"),
    )
