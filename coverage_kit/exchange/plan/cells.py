"""What a cell holds: nothing where it is a placeholder, one usable e-mail or phone of several, an amount, a full name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from html import unescape
from unicodedata import normalize

_SIGNS = ("-", "--", "---", "–", "—", ".", "?", "??", "/", "_")
_WORDS = (
    "n/a n.a. #n/a #ref! #name? #value! #div/0! #num! #null! #calc! #spill! null (null) <null> none (none) nil nan "
    "(blank) (empty) undefined unknown tbd tba 없음 미정 미상 불명 모름 미확인 해당없음 미지정 미등록 미입력 "
    "なし 無し 未定 不明 未登録 未設定 未入力 該当なし 无 暂无 未知 k.a. n.n. keine unbekannt inconnu aucun xxx"
).split()
_CASED = {spelling for word in (*_WORDS, "해당 없음", "not available", "not applicable", "k.A.", "k. A.", "keine angabe") for spelling in (word, word.upper(), word.title(), word.capitalize())}  # fmt: skip
_NOT_YET = (
    "확인중 확인필요 추후 추후확인 추후기재 추후입력 입력예정 미기재 해당사항없음 비어있음 tbc tobedetermined "
    "tobeconfirmed tobeadvised notknown notprovided notspecified 確認中 确认中 待定"
).split()
#: Such words without signs; those with dots may be names without them: Na, Ka.
_PLAIN_WORDS = frozenset((*_NOT_YET, *(word.strip("#()<>!?") for word in _WORDS if "." not in word), "notavailable", "notapplicable", "keineangabe"))  # fmt: skip
#: Single consonants and vowels, as in ㅇㅇ, are typed to fill a cell.
_ONLY_JAMO = re.compile("[\u1100-\u11ff]*")
#: =A1&B1, =VLOOKUP(…): a formula that a file has in place of its value.
_FORMULA = re.compile(r"=\s*[-+(]*(?:\$?[A-Z]{1,3}\$?\d+|'?[\w .]+'?!\$?[A-Z]|[A-Z][A-Z0-9.]+\()", re.IGNORECASE)
#: Cells that say nothing, in every usual spelling.
PLACEHOLDERS = frozenset((*_SIGNS, *_CASED, *_NOT_YET, "NaN", "확인 중", "확인 필요", "추후 확인", "TBC"))
#: Cells that repeat the one above.
DITTO = frozenset(("〃", "″", "''", "상동", "동상", "위와 같음", "ditto", "Ditto"))
#: Family and given names that are also such words.
_NAMES_TOO = frozenset({"Null", "None", "Nil", "Nan", "Unknown", "미정", "미상"})

#: A text that stops within a word after so many signs was cut short.
_CUT = 10
_LOST_LETTER = re.compile(
    r"\?\?|[\u1100-\u11ff\u3040-\u30ff\u3400-\u9fff가-힣]\?|\?[\u3040-\u30ff\u3400-\u9fff가-힣]|\w\?\w"
)
#: A number as a spreadsheet formats an amount: 1,012,345,678 or 1012345678.0.
_FORMATTED = re.compile(r"\d{1,3}(?:,\d{3}){2,}(?:\.0+)?|\d{7,}\.0+", re.ASCII)

_EMAIL = re.compile(r"[^@\s?*\ufffd<>()\[\],;:\"'|]+@[\w-]+(\.[\w-]+)+")
_SEVERAL = re.compile(r"\s*(?::::|[;,|\n])\s*")
#: As most numbers of a Korean list are written: nothing to clean, and all its digits count.
_USUAL_PHONE = re.compile(r"0\d{1,2}-\d{3,4}-\d{4}", re.ASCII)
#: A slash parts two numbers, never an area code from its number.
_SEVERAL_PHONES = re.compile(r"\s*(?::::|[;,\n|]|(?<=\d{4})\s*/\s*(?=\(?\+?\d[\d) .-]{6}))\s*")
_NO_PHONE = re.compile(r"[%€$£¥₩]")
#: A number that reaches somebody from outside has at least so many.
_DIGITS = 7
#: 1012345678 was 010-1234-5678, and 212345678 was 02-1234-5678. Eight digits may be a whole number without an area code.
_MOBILE_WITHOUT_ZERO = re.compile(r"(10)(\d{4})(\d{4})", re.ASCII)
_WITHOUT_ZERO = re.compile(r"(10|2|70)(\d{4})(\d{4})|(1[16-9]|3[1-3]|4[1-4]|5[1-5]|6[1-4])(\d{3,4})(\d{4})", re.ASCII)
_LOST_NUMBER = re.compile(r"\d+([.,]\d+)?E\+?\d+", re.IGNORECASE)
_CURRENCY = r"(?:US\$|[$€£¥₩￦]|USD|EUR|GBP|JPY|KRW|CNY|원|엔)"
_AMOUNT = re.compile(rf"(?P<sign>[-+])?\s*{_CURRENCY}?\s*(?P<number>[\d.,]*\d)\s*(?P<unit>억|만|천만|백만|조)?\s*(?:{_CURRENCY})?", re.IGNORECASE)  # fmt: skip
_UNITS = {"": 1.0, "만": 1e4, "백만": 1e6, "천만": 1e7, "억": 1e8, "조": 1e12}
_PLAIN = re.compile(r"(\d{1,18}|\d{1,3}(,\d{3})+)(\.\d+)?(E[-+]?\d{1,2})?", re.ASCII)
_EUROPEAN = re.compile(r"(\d{1,3}(\.\d{3})+(,\d+)?)|(\d{1,18},\d{1,2})", re.ASCII)
#: 2024-3-31, 2024.03.31, 2024년 3월 31일, 20240331.
_DATE = re.compile(
    r"(?<!\d)(\d{4})\s*[-./년]\s*(\d{1,2})\s*[-./월]\s*(\d{1,2})(?!\d)|(?<!\d)(\d{4})(\d{2})(\d{2})(?!\d)", re.ASCII
)
#: Signs that nobody sees.
NO_WIDTH = re.compile("[\u200b-\u200f\u2060\ufeff]")
#: Those of them that no script needs within a word; joiners are needed there, as in Persian.
_UNSEEN = re.compile("[\u200b\u200e\u200f\u2060\ufeff]|^[\u200c\u200d]+|[\u200c\u200d]+$")
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_BLANK = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_HAN_KANA = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")


def is_placeholder(text: str, column: str) -> bool:
    """Whether a cell says nothing."""
    return text in PLACEHOLDERS and not (text in _NAMES_TOO and column in ("first_name", "last_name", "middle_name"))


@lru_cache(maxsize=1024)
def plain_word(text: str) -> str:
    """A word without case, width, blanks and signs, but for the slash of n/a; "" if it has no letter."""
    plain = normalize("NFKC", text).casefold()
    if plain.isalnum():
        return plain
    return "".join(sign for sign in plain if sign.isalnum() or sign == "/").strip("/")


def is_nothing(text: str) -> bool:
    """Whether the name of a person or a company is a placeholder in any spelling, or a formula without its value."""
    plain = plain_word(text)
    if text.startswith("=") and _FORMULA.match(text):
        return True
    return plain in _PLAIN_WORDS or _ONLY_JAMO.fullmatch(plain) is not None


def has_lost_letters(text: str) -> bool:
    """Whether a wrong encoding turned letters into signs of replacement; a question mark may end a Latin name."""
    return "\ufffd" in text or ("?" in text and _LOST_LETTER.search(text) is not None)


def lost_letters_pattern(text: str) -> str:
    """A pattern of the texts that a text with lost letters may have been."""
    return "".join(".{0,2}" if sign in "?\ufffd" else re.escape(sign) for sign in text)


def is_worse_text(new: str, old: str) -> bool:
    """Whether a text is the old one cut short, or with lost letters."""
    if new == old:
        return False
    if "\ufffd" in new or "?" in new:
        is_lost = has_lost_letters(new) and not has_lost_letters(old)
        return is_lost or re.fullmatch(lost_letters_pattern(new), old) is not None
    start = re.sub(r"\s*(?:…|\.{2,})$", "", new)
    if not start or not old.startswith(start):
        return False
    return start != new or (len(start) >= _CUT and start[-1].isalnum() and old[len(start)].isalnum())


def is_worse(field: str, new: str, old: str) -> bool:
    """Whether the value of a field is a damaged form of the old one."""
    if field == "phone":
        return is_damaged(new, old)
    if field == "email":
        return old.casefold() != new.casefold() and old.casefold().startswith(new.casefold())
    return is_worse_text(new, old)


def decode_entities(text: str) -> str:
    """A cell without HTML entities, also where they were written twice."""
    if "&" not in text or ";" not in text:
        return text
    return unescape(unescape(text))


def without_unseen(text: str) -> str:
    """A cell with plain blanks and without signs that nobody sees: two cells that look the same are the same."""
    return text if text.isascii() else _UNSEEN.sub("", _BLANK.sub(" ", text))


def find_email(text: str) -> str | None:
    """The first usable address of a cell; None where it holds none."""
    if _EMAIL.fullmatch(text):
        return text.rstrip(".")
    text = _usual_width(text)
    for part in _SEVERAL.split(text):
        inside = re.search(r"<([^<>]*)>|\(([^()]*@[^()]*)\)", part)
        one = (inside[1] or inside[2]) if inside else part
        one = re.sub(r"^mailto:", "", without_unseen(one).strip(" .'\""), flags=re.IGNORECASE).strip(" .")
        if _EMAIL.fullmatch(one):
            return one
    # Blanks and slashes part addresses only where each part with an @ is one.
    parts = [part.strip("., ") for part in re.split(r"[\s/]+", text) if "@" in part]
    return parts[0] if len(parts) > 1 and all(map(_EMAIL.fullmatch, parts)) else None


def _usual_width(text: str) -> str:
    """A cell with letters, digits and signs of usual width for those of full width: ０１０ is 010."""
    return text if text.isascii() else text.translate(_FULL_WIDTH)


def find_phone(text: str) -> str:
    """The first number of a cell, its extension with it; "" for 1.02E+09 of a spreadsheet, a percentage or an amount."""
    if _USUAL_PHONE.fullmatch(text):
        return text
    if _FORMATTED.fullmatch(text):
        return text.split(".")[0].replace(",", "")
    text = re.sub("[\u2010-\u2015\u2212]", "-", _usual_width(text))
    first = next((part for part in _SEVERAL_PHONES.split(text) if part), "")
    return "" if _LOST_NUMBER.fullmatch(first) or _NO_PHONE.search(first) else without_unseen(first).strip(" /")


def restore_zero(phone: str, *, is_korean: bool) -> str:
    """A Korean number that lost its first zero in a number cell, with it; any other number as it is.

    Parameters
    ----------
    phone : str
    is_korean : bool
        Whether the row is Korean. Without that only a mobile number is restored: other countries have numbers like
        those of Korean area codes.
    """
    found = _WITHOUT_ZERO.fullmatch(phone) if is_korean else _MOBILE_WITHOUT_ZERO.fullmatch(phone)
    return "0" + "-".join(filter(None, found.groups())) if found else phone


def has_hangul(*texts: str) -> bool:
    """Whether one of some texts has a Korean syllable."""
    return any("가" <= sign <= "힣" for text in texts for sign in text)


def phone_digits(text: str) -> str:
    """The digits that reach somebody: without signs, extension, and Korea's +82; "" where all are the same."""
    if _USUAL_PHONE.fullmatch(text):
        return text.replace("-", "") if text.strip("0-") else ""
    text = re.split(r"(?i)\(?\s*(?:내선|교환|구내|内線|ext(?:ension)?\.?|durchwahl|x)\s*:?\s*\d", text, maxsplit=1)[0]
    digits = re.sub(r"\D+", "", text.replace("(0)", "") if text.startswith("+") else text)
    if text.startswith("+82"):
        digits = "0" + digits[2:].removeprefix("0")
    elif re.fullmatch(r"10\d{8}", text, re.ASCII):
        # A Korean mobile number without its zero: no area code of North America starts with 1.
        digits = f"0{digits}"
    return "" if digits == digits[:1] * len(digits) else digits


def is_damaged(new: str, old: str) -> bool:
    """Whether a number is a worse one: without its first zero, in E-notation, cut short, masked, or with lost digits."""
    if _LOST_NUMBER.fullmatch(new) and sum(map(str.isdigit, old)) >= 7:
        return True
    digits, others = phone_digits(old), phone_digits(new)
    if len(digits) >= _DIGITS and others != digits:
        is_part = len(others) < _DIGITS or digits.startswith(others) or digits.endswith(others)
        if is_part or any(sign in new and sign not in old for sign in "*?\ufffd"):
            return True
    return new.isdigit() and new != digits and new == digits.lstrip("0") and digits.startswith("0")


def is_lost_number(key: str) -> bool:
    """Whether a key is a number in E-notation as Excel writes it (1.71799E+10); 1E5 may be a code."""
    return re.fullmatch(r"\d([.,]\d+)?E\+\d{2,}", key, re.IGNORECASE) is not None


def parse_amount(text: str) -> float | None:
    """An amount with a currency sign, 만 or 억, in either decimal style; None where it can be read in two ways."""
    found = _AMOUNT.fullmatch(text.strip())
    if found is None:
        return float(text) if _PLAIN.fullmatch(text.strip()) else None
    number = found["number"]
    if _PLAIN.fullmatch(number):
        value = float(number.replace(",", ""))
    elif _EUROPEAN.fullmatch(number) and not re.fullmatch(r"\d{1,3},\d{1,2}|\d{1,3}\.\d{3}", number):
        value = float(number.replace(".", "").replace(",", "."))
    else:
        return None
    return (-1 if found["sign"] == "-" else 1) * value * _UNITS[found["unit"] or ""]


def day_of(text: str) -> str:
    """The day that a cell or a note names, the year first, as ``YYYY-MM-DD``; "" where it names none so."""
    found = _DATE.search(text)
    if found is None:
        return ""
    try:
        return date(*map(int, filter(None, found.groups()))).isoformat()
    except ValueError:
        return ""


def full_name(cells: Mapping[str, str]) -> str:
    """The name of a row that has its parts in columns: family name first for Hangul, Han and kana."""
    first, middle, last, suffix = (cells.get(part, "") for part in ("first_name", "middle_name", "last_name", "suffix"))
    if any("가" <= sign <= "힣" for sign in last + first) and (not last or not first or _is_eastern(last + first)):
        return f"{last}{first}"
    if last and first and _is_eastern(last + first):
        # Japanese names are written with a blank, Chinese ones without; both start with the family.
        return f"{last} {first}" if len(last) > 1 else f"{last}{first}"
    return " ".join(filter(None, (first, middle, last, suffix)))


def _is_eastern(text: str) -> bool:
    return all("가" <= sign <= "힣" or _HAN_KANA.match(sign) or sign in " ·々?\ufffd" for sign in text)
