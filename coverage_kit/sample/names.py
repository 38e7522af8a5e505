"""Word lists for made-up companies and people; any likeness to real ones is chance."""

from __future__ import annotations

KO_FIRST = "가온 나래 다솜 라온 마루 바름 새솔 아라 자람 차오름 큰별 토담 푸름 하람 해솔 늘봄 온새 별하 여울 솔빛 미르 한결 도담 누리".split()
KO_SECOND = {
    "manufacturing": "정밀 기계 산업 테크 소재 화학 엔지니어링".split(),
    "information_technology": "시스템즈 데이터 소프트 네트웍스 클라우드".split(),
    "finance_insurance": "캐피탈 보험 저축은행 투자".split(),
    "logistics": "물류 해운 유통 로지스".split(),
    "pharmaceuticals": "제약 바이오 메디칼 헬스케어".split(),
}
EN_FIRST = "Alder Brindle Corvane Dunmore Elsworth Fernbank Garrow Hollin Ivoryd Juniper Kestrane Larkmoor".split()
EN_SECOND = {
    "manufacturing": "Precision Machinery Materials".split(),
    "information_technology": "Systems Software Networks".split(),
    "finance_insurance": "Capital Mutual Trust".split(),
    "logistics": "Freight Logistics Lines".split(),
    "pharmaceuticals": "Pharma Biologics Medical".split(),
}
INDUSTRIES = tuple(KO_SECOND)
SEGMENTS = ("enterprise", "mid_market", "growth")
REGIONS = ("seoul", "gyeonggi", "incheon", "chungcheong", "yeongnam", "honam")
#: What a company's facts are called in a workspace's language.
FACTS = {
    "ko": {
        "manufacturing": "제조",
        "information_technology": "정보기술",
        "finance_insurance": "금융·보험",
        "logistics": "물류",
        "pharmaceuticals": "제약·바이오",
        "enterprise": "대기업",
        "mid_market": "중견기업",
        "growth": "성장기업",
        "seoul": "서울",
        "gyeonggi": "경기",
        "incheon": "인천",
        "chungcheong": "충청",
        "yeongnam": "영남",
        "honam": "호남",
    },
    "en": {
        "manufacturing": "Manufacturing",
        "information_technology": "Information technology",
        "finance_insurance": "Finance and insurance",
        "logistics": "Logistics",
        "pharmaceuticals": "Pharmaceuticals",
        "enterprise": "Enterprise",
        "mid_market": "Mid-market",
        "growth": "Growth",
        "seoul": "Seoul",
        "gyeonggi": "Gyeonggi",
        "incheon": "Incheon",
        "chungcheong": "Chungcheong",
        "yeongnam": "Yeongnam",
        "honam": "Honam",
    },
}
#: Key, name in Korean, name in English of what the made-up team sells.
OFFERINGS = (
    ("remote_inspection", "원격 점검 서비스", "Remote inspection"),
    ("data_platform", "데이터 플랫폼", "Data platform"),
)
#: What our people write, in a workspace's language; what customers said stays in theirs.
WRITTEN = {
    "ko": {
        "no_such_position": "본사가 겸임하여 이 사업장에는 없는 직책",
        "help": "임원끼리 인사할 자리를 한 번 만들어 주기",
        "done": "담당 부서와 확인하고 일정을 다시 잡았다",
        "need": "정지 시간을 줄일 방법",
        "insight": "같은 업종 세 곳의 정지 원인을 정리해 드렸다",
        "saving": "점검 주기를 바꾸면 줄어드는 비용을 계산해 드렸다",
        "problem_solved": "막혀 있던 부품 교체를 하루 만에 끝냈다",
        "training": "교대조 두 곳에 점검 교육을 했다",
        "received": "덕분에 다음 달 계획에 바로 넣었습니다",
        "gives_way": "금요일 실적 취합은 월요일로 미룬다",
        "declined": "지난달에 이미 만나 뵀고, 내년 초로 미루자고 하셨습니다",
    },
    "en": {
        "no_such_position": "Held by the head office; no such position at this site",
        "help": "Arrange one meeting between the executives",
        "done": "Agreed with the department and set a new date",
        "need": "Ways to shorten standstills",
        "insight": "Showed why three plants like theirs stood still",
        "saving": "Worked out what another inspection interval saves",
        "problem_solved": "Replaced the part that was stuck within a day",
        "training": "Trained two shifts in the inspection",
        "received": "That went straight into next month's plan",
        "gives_way": "Friday's sales summary moves to Monday",
        "declined": "I met them last month, and they asked to wait until next year",
    },
}

KO_FAMILY = "김 이 박 최 정 강 조 윤 장 임 한 오 서 신 권 황 안 송 류 홍".split()
KO_GIVEN = (
    "가은 나윤 다현 도윤 라희 민재 보라 서준 선우 소율 수현 승아 시우 아린 영훈 예진 우진 유나 윤서 은호 재민 정우 주원 지안 지후 채원 태오 하준 현서 혜민"
).split()
EN_GIVEN = "Adele Brian Carla Dennis Elena Frank Grace Henry Irene Jonas Karen Liam Mona Nigel Olive Paula".split()
EN_FAMILY = "Abbott Barlow Carver Dalton Everly Foster Graham Hadley Ingram Keller Lawson Mercer Norton Porter".split()
KO_TITLES = {
    "executive": ("전무", "상무", "이사"),
    "manager": ("팀장", "부장", "차장"),
    "practitioner": ("과장", "책임", "대리"),
}
EN_TITLES = {
    "executive": ("Director", "Vice President"),
    "manager": ("Manager", "Team Lead"),
    "practitioner": ("Specialist", "Engineer"),
}

#: Key, name in Korean, name in English of the made-up reps, in the order they are used.
REPS = (
    ("jihye.kim", "김지혜"),
    ("minsoo.park", "박민수"),
    ("sarah.lee", "Sarah Lee"),
    ("dohyun.choi", "최도현"),
    ("eunji.jung", "정은지"),
    ("hanul.kang", "강하늘"),
    ("junho.yoon", "윤준호"),
    ("nara.lim", "임나라"),
    ("sejin.han", "한세진"),
    ("taeyang.oh", "오태양"),
    ("yerin.seo", "서예린"),
    ("david.shin", "David Shin"),
)
COLLEAGUES = (
    ("coach.lee", "이정훈", "coach"),
    ("manager.han", "한동석", "manager"),
    ("exec.yoon", "윤미경", "executive"),
    ("support.jang", "장유진", "support"),
    ("service.moon", "문성호", "service"),
)
