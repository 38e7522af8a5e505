"""Industries that have several names: a role list says "제조", a CRM says "Manufacturing"; both mean the same."""

from __future__ import annotations

import re

from coverage_kit.domain.identifiers import name_key

#: The names of one industry a line, Korean and English as files have them; case, blanks and signs do not count.
_ALIKE = (
    ("manufacturing", "제조", "제조업"),
    ("machinery", "기계", "기계 제조", "제조 설비", "Industrial Machinery", "Manufacturing Equipment"),
    ("information_technology", "정보기술", "정보통신", "정보통신업", "IT", "ICT"),
    ("software", "소프트웨어", "소프트웨어 개발"),
    ("semiconductors", "반도체", "Semiconductor"),
    ("electronics", "전자", "전기전자", "Electronic Equipment"),
    ("automotive", "자동차", "자동차 부품", "Automobiles", "Automobile"),
    ("steel", "철강", "금속", "Metals"),
    ("bank", "은행", "은행업", "Banking", "Banks"),
    ("insurance", "보험", "보험업"),
    ("finance", "금융", "금융업", "Financials", "Financial Services"),
    ("finance_insurance", "금융·보험", "금융 및 보험업", "Finance and Insurance", "Finance & Insurance"),
    ("hospital", "병원", "의료기관", "Hospitals", "Hospitals & Clinics"),
    ("healthcare", "의료", "보건·의료", "보건업", "Health Care"),
    ("pharmaceuticals", "제약", "제약·바이오", "의약품", "Pharma", "Pharmaceutical"),
    ("biotechnology", "바이오", "생명공학", "Biotech"),
    ("public_sector", "공공", "공공기관", "공공 부문", "공공행정", "Public", "Public Administration"),
    ("government", "정부", "정부기관", "지방자치단체", "지자체", "중앙행정기관"),
    ("retail", "유통", "소매", "유통업", "도소매", "도매 및 소매업", "Retailing", "Wholesale and Retail"),
    ("consumer_goods", "소비재", "Consumer Products", "Consumer Staples", "CPG"),
    ("construction", "건설", "건설업", "Construction & Engineering"),
    ("plant", "플랜트", "플랜트 건설", "Plant Engineering"),
    ("energy", "에너지", "전력", "발전", "Power Generation", "Utilities", "Oil & Gas"),
    ("chemicals", "화학", "석유화학", "정유", "Chemical", "Petrochemicals"),
    ("logistics", "물류", "운송", "운수", "운수 및 창고업", "Transportation", "Transportation & Logistics"),
    ("telecommunications", "통신", "통신업", "Telecom", "Communication Services"),
    ("education", "교육", "교육 서비스업", "Education Services"),
    ("real_estate", "부동산", "부동산업"),
    ("food", "식품", "식음료", "Food & Beverage", "Food and Beverage"),
    ("agriculture", "농업", "농림어업", "Agriculture, Forestry and Fishing"),
    ("media", "미디어", "방송", "언론", "Media & Entertainment"),
)  # fmt: skip
_GROUPS = {name_key(name): names[0] for names in _ALIKE for name in names}
#: What stands between two industries of one value: "에너지·화학", "Banking & Insurance", "운송/물류".
_BETWEEN = re.compile(r"\s*[·ㆍ・･/／,，、&＆+＋;|]\s*|\s+(?:and|및|-|–)\s+", re.IGNORECASE)


def industry_key(industry: str) -> str:
    """A key that is the same for all names of one industry, in both languages; "" for none.

    Of several industries in one value that are all known, the key is the same in any order.
    """
    key = name_key(industry)
    if key in _GROUPS:
        return _GROUPS[key]
    parts = _parts(industry)
    are_known = len(parts) > 1 and all(part in _GROUPS for part in parts)
    return "+".join(sorted({_GROUPS[part] for part in parts})) if are_known else key


def industry_keys(industry: str) -> frozenset[str]:
    """The keys of every industry that one value names, and of the value as a whole; empty for none."""
    whole = industry_key(industry)
    parts = [] if whole in _GROUPS.values() else [_GROUPS.get(part, part) for part in _parts(industry)]
    return frozenset(key for key in (whole, *parts) if key)


def _parts(industry: str) -> list[str]:
    return [key for key in map(name_key, _BETWEEN.split(industry)) if key]
