"""What a cell holds: nothing where it is a placeholder, one usable e-mail or phone of several, an amount, a full name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import unescape

_SIGNS = ("-", "--", "---", "–", "—", ".", "?", "??", "/", "_")
_WORDS = (
    "n/a n.a. #n/a #ref! #name? #value! #div/0! #num! #null! #calc! #spill! null (null) <null> none (none) nil nan "
    "(blank) (empty) undefined unknown tbd tba 없음 미정 미상 불명 모름 미확인 해당없음 미지정 미등록 미입력 "
    "なし 無し 未定 不明 未登録 未設定 未入力 該当なし 无 暂无 未知 k.a. n.n. keine unbekannt inconnu aucun xxx"
).split()
_CASED = {spelling for word in (*_WORDS, "해당 없음", "not available", "not applicable", "k.A.", "k. A.", "keine angabe") for spelling in (word, word.upper(), word.title(), word.capitalize())}  # fmt: skip
#: Cells that say nothing, in every usual spelling.
PLACEHOLDERS = frozenset((*_SIGNS, *_CASED, "NaN"))
#: Cells that repeat the one above.
DITTO = frozenset(("〃", "″", "''", "상동", "동상", "위와 같음", "ditto", "Ditto"))
#: Family and given names that are also such words.
_NAMES_TOO = frozenset({"Null", "None", "Nil", "Nan", "Unknown"})

_EMAIL = re.compile(r"[^@\s<>()\[\],;:\"'|]+@[\w-]+(\.[\w-]+)+")
_SEVERAL = re.compile(r"\s*(?::::|[;,|\n])\s*")
#: As most numbers of a Korean list are written: nothing to clean, and all its digits count.
_USUAL_PHONE = re.compile(r"0\d{1,2}-\d{3,4}-\d{4}", re.ASCII)
#: A slash parts two numbers, never an area code from its number.
_SEVERAL_PHONES = re.compile(r"\s*(?::::|[;,\n|]|(?<=\d{4})\s*/\s*(?=\(?\+?\d[\d) .-]{6}))\s*")
_LOST_NUMBER = re.compile(r"\d+([.,]\d+)?E\+?\d+", re.IGNORECASE)
_CURRENCY = r"(?:US\$|[$€£¥₩￦]|USD|EUR|GBP|JPY|KRW|CNY|원|엔)"
_AMOUNT = re.compile(rf"(?P<sign>[-+])?\s*{_CURRENCY}?\s*(?P<number>[\d.,]*\d)\s*(?P<unit>억|만|천만|백만|조)?\s*(?:{_CURRENCY})?", re.IGNORECASE)  # fmt: skip
_UNITS = {"": 1.0, "만": 1e4, "백만": 1e6, "천만": 1e7, "억": 1e8, "조": 1e12}
_PLAIN = re.compile(r"(\d{1,18}|\d{1,3}(,\d{3})+)(\.\d+)?(E[-+]?\d{1,2})?", re.ASCII)
_EUROPEAN = re.compile(r"(\d{1,3}(\.\d{3})+(,\d+)?)|(\d{1,18},\d{1,2})", re.ASCII)
_HAN_KANA = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")


def is_placeholder(text: str, column: str) -> bool:
    """Whether a cell says nothing."""
    return text in PLACEHOLDERS and not (text in _NAMES_TOO and column in ("first_name", "last_name", "middle_name"))


def decode_entities(text: str) -> str:
    """A cell without HTML entities, also where they were written twice."""
    if "&" not in text or ";" not in text:
        return text
    return unescape(unescape(text))


def find_email(text: str) -> str | None:
    """The first usable address of a cell; None where it holds none."""
    if _EMAIL.fullmatch(text):
        return text.rstrip(".")
    for part in _SEVERAL.split(text):
        inside = re.search(r"<([^<>]*)>|\(([^()]*@[^()]*)\)", part)
        one = (inside[1] or inside[2]) if inside else part
        one = re.sub(r"^mailto:", "", one.strip("\u200b\u200e\u200f\ufeff .'\""), flags=re.IGNORECASE).strip(" .")
        if _EMAIL.fullmatch(one):
            return one
    return None


def find_phone(text: str) -> str:
    """The first number of a cell, its extension with it; "" where a spreadsheet turned it into 1.02E+09."""
    if _USUAL_PHONE.fullmatch(text):
        return text
    text = re.sub("[\u2010-\u2015\u2212]", "-", text)
    first = next((part for part in _SEVERAL_PHONES.split(text) if part), "")
    return "" if _LOST_NUMBER.fullmatch(first) else first.strip("\u200b\u200e\u200f\ufeff ")


def phone_digits(text: str) -> str:
    """The digits that reach somebody: without signs, extension, and Korea's +82; "" where all are the same."""
    if _USUAL_PHONE.fullmatch(text):
        return text.replace("-", "") if text.strip("0-") else ""
    text = re.split(r"(?i)\(?\s*(?:내선|ext\.?|x)\s*\d", text, maxsplit=1)[0]
    digits = re.sub(r"\D+", "", text.replace("(0)", "") if text.startswith("+") else text)
    if text.startswith("+82"):
        digits = "0" + digits[2:].removeprefix("0")
    return "" if digits == digits[:1] * len(digits) else digits


def is_damaged(new: str, old: str) -> bool:
    """Whether a value is the old one as a spreadsheet spoils it: without its first zero, or in E-notation."""
    if _LOST_NUMBER.fullmatch(new) and sum(map(str.isdigit, old)) >= 7:
        return True
    digits = phone_digits(old)
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
    return all("가" <= sign <= "힣" or _HAN_KANA.match(sign) or sign in " ·々" for sign in text)
