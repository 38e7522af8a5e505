"""What counts as value given to a person, and what never does.

Source: the method, section 1 (docs/reference/method.md): relationship is a lubricant, never a substitute for value.
"""

from __future__ import annotations

import re

from coverage_kit.i18n import N_

#: How many days back the balance of a person looks.
WINDOW_DAYS = 90

#: The list of a team that has written none of its own.
VALUE_LABELS: dict[str, str] = {
    "insight": N_("an insight"),
    "saving": N_("a saving shown"),
    "problem_solved": N_("a problem solved"),
    "introduction": N_("an introduction"),
    "training": N_("a training"),
}

#: Hospitality, gifts, golf and family occasions. A golf course, a gift shop or a caterer may be the customer's trade, so
#: longer words that begin the same are left out.
_FAVOURS = re.compile(
    r"식사(?!\s*(?:업|사업))|회식|접대|술자리|술\s?한\s?잔|오찬|만찬"
    r"|(?:점심|저녁|밥|커피|술)(?:을|를|도)?\s?(?:대접|사\s?드|샀|사기|함께|같이|한\s?끼)"
    r"|선물(?!환|거래|시장|\s*포장)|상품권|기프티콘|기프트\s?카드|명절\s?세트"
    r"|골프(?!장|웨어|존|용품|공)|라운딩|경조사|경조금|조의금|부의금|축의금|부조금|조문|화환|돌잔치|결혼식"
    r"|\b(?:lunch(?:es)?|dinners?|breakfasts?|drinks|hospitality|wedding|funeral|condolences?|wreaths?)\b"
    r"|\b(?:gift\s?cards?|vouchers?|gifts?(?!\s+(?:wrapping|shops?)))\b"
    r"|\bgolf\b(?!\s+(?:courses?|clubs?|resorts?|carts?)\b)"
    r"|\b(?:a|the|paid\s+for)\s+meals?\b",
    re.IGNORECASE,
)


def favour_in(text: str) -> str | None:
    """The first word of a text that names a meal, a gift, golf or a family occasion; None if there is none."""
    found = _FAVOURS.search(text)
    return found.group().strip() if found else None
