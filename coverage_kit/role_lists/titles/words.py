"""The words of job titles in Korean and English: what a person works on, at which level, and whether they still do.

Data only. A word that is missing here still counts as it is written, so a role list may name any function.
"""

from __future__ import annotations

from coverage_kit.domain.vocabulary import Level


def _table(lines: str) -> dict[str, str]:
    """Word to its concept, from lines of ``concept: word word``."""
    rows = (line.split(":") for line in lines.strip().splitlines())
    return {word: concept.strip() for concept, words in rows for word in words.split()}


#: What somebody works on. Words of one line mean the same; an underscore stands for a blank in English.
CONCEPTS = _table("""
purchasing: purchasing purchase procurement sourcing procure 구매 조달
materials: materials material 자재
foreign_purchasing: 외자
subcontracting: subcontracting outsourcing 외주
scm: scm supply_chain 공급망
logistics: logistics logistic 물류 로지스틱스
warehouse: warehouse warehousing distribution_center fulfillment_center logistics_center 창고 물류센터 풀필먼트센터
transport: transport transportation 운송 수송 배송
dispatch: dispatch 배차
finance: finance financial 재무 재경 파이낸스
accounting: accounting 회계 경리
treasury: treasury 자금
tax: tax taxation 세무
investor_relations: investor_relations investor investors ir
production: production manufacturing 생산 제조
process: process 공정
plant: plant factory 공장
site: site 현장
maintenance: maintenance 보전 설비보전 정비
equipment: equipment 설비
facilities: facilities facility 시설
utilities: utilities utility 공무
quality: quality qa quality_assurance 품질 품질보증 품질관리 품질경영
qc: qc quality_control 품질시험
safety: safety ehs hse she esh health_and_safety safety_and_health occupational_health_and_safety 안전 안전보건 안전환경 환경안전 안전관리 보건안전 산업안전 안전보건환경
environment: environment environmental 환경
security: security 보안
information_security: information_security cybersecurity cyber_security it_security infosec 정보보안 정보보호 사이버보안 it보안
it: it ict mis information_technology information_systems information_system it_systems management_information_systems 전산 정보화 정보시스템 정보전략 정보기술 정보통신 아이티
network: network networks 네트워크
server: server servers 서버
systems: systems system 시스템
infrastructure: infrastructure 인프라
software: software 소프트웨어 sw
application: application applications
digital: digital 디지털
ecommerce: ecommerce e_commerce 이커머스 온라인
data: data 데이터
ai: ai 인공지능
rnd: rnd research research_and_development 연구개발 연구 알앤디
development: development developing 개발
business_development: business_development bizdev
corporate_planning: corporate_planning strategic_planning business_planning corporate_strategy 경영기획 전략기획 사업기획 경영전략
management_control: 경영관리
management_support: 경영지원 management_support
administration: general_affairs administration administrative 총무
clerical: 행정
hr: hr human_resources human_resource people_operations 인사 인적자원
training: training learning education 교육 연수
sales: sales 영업 세일즈
marketing: marketing 마케팅
brand: brand branding 브랜드
merchandising: merchandising 머천다이징
goods: 상품
product: product products 제품
buying: buying 바잉
legal: legal law 법무
compliance: compliance 준법감시 준법 컴플라이언스
risk: risk risk_management 리스크 위험 리스크관리 위험관리
audit: audit auditing internal_audit 감사
public_relations: public_relations communications communication pr 홍보
customer: customer client customers 고객
construction: construction 건설 시공 공사
civil: civil 토목
architecture: architectural 건축
estimating: estimating estimation estimate 견적 적산
design: design 설계
engineering: engineering 엔지니어링
technical: technical 기술
technology: technology technologies
electrical: electrical electric 전기
mechanical: mechanical 기계
instrumentation: instrument instrumentation 계장
clinical: clinical 진료 임상
medical: medical 의료 의학
nursing: nursing 간호
pharmacy: pharmacy 약제
budget: budget 예산
contracts: contract contracts 계약
lending: lending loan loans 여신
deposits: deposit deposits 수신
credit: credit 심사
claims: claims 보상
project: project
program: program programme
event: event events 행사
store: store stores 점포 매장
shop: shop shops
retail: retail 리테일
account: account accounts
branch: branch branches 지점 영업점
office: office offices
export: export exports 수출
import: import imports 수입
investment: investment investments 투자
content: content media creative art film music 콘텐츠 미디어
""")

#: A function that belongs to a wider one, which stands for it where no role names it.
BROADER = {
    "qc": "quality", "accounting": "finance", "treasury": "finance", "network": "it", "server": "it", "systems": "it",
    "infrastructure": "it", "environment": "safety", "foreign_purchasing": "purchasing",
    "materials": "purchasing", "maintenance": "equipment", "equipment": "maintenance", "utilities": "maintenance",
}  # fmt: skip

#: Words that say how a function is worked on; a title may have one more of them than a role's name.
SOFT = _table("""
management: management managing_of 관리
planning: planning 기획
strategy: strategy strategic 전략
operations: operations operation operating 운영
support: support 지원
service: service services 서비스
business: business
undertaking: 사업
affairs: affairs
innovation: innovation excellence 혁신
control: control
""")

#: Words that change nothing: how senior, where, and the words between the others.
NEUTRAL = frozenset(
    """senior sr snr junior jr global group corporate worldwide co joint principal tactical operational linux windows i ii iii iv the of for in and a an our my
    korea asia apac emea seoul pacific europe japan china america usa north south east west hq headquarters plc inc ltd
    department dept division team unit section function company board corp mr ms mrs dr current currently now present
    전사 본사 글로벌 그룹 총 현 現 현직 대우 서울 부산 인천 대구 대전 광주 울산 경기 한국 코리아""".split()
)
#: Words that narrow a title to a part of its function: never the head of the whole.
NARROW = frozenset(
    "regional area district zone local international overseas national domestic 해외 국내 지역 권역 지사".split()
)

EXECUTIVE, MANAGER, PRACTITIONER = (Level.EXECUTIVE,), (Level.MANAGER,), (Level.PRACTITIONER,)
#: Between a head of a division and a manager: the role list decides, then the higher one is tried first.
HEAD_OR_MANAGER = (Level.EXECUTIVE, Level.MANAGER)

#: English words of a level, the one that decides first.
ENGLISH_LEVELS: dict[str, tuple[Level, ...]] = {
    "chief": EXECUTIVE, "vp": EXECUTIVE, "head": EXECUTIVE, "director": EXECUTIVE, "general_manager": EXECUTIVE,
    "manager": MANAGER, "leader": MANAGER,
    **dict.fromkeys(
        """specialist officer engineer analyst coordinator administrator clerk agent technician representative
        practitioner staff executive""".split(), PRACTITIONER),
    "assistant": PRACTITIONER, "associate": PRACTITIONER, "lead": MANAGER,
}  # fmt: skip
#: A word that is both: the function and the level.
ENGLISH_NOUNS = {
    "buyer": ("purchasing", "specialist"),
    "accountant": ("accounting", "specialist"),
    "controller": ("finance", "manager"),
}
#: Below the one who is named: neither a head nor a manager.
ENGLISH_DEPUTIES = frozenset("deputy vice assistant associate sub avp under".split())
#: A title that many hold by another word beside it: President of Sales, Product Owner.
ENGLISH_GENERIC = frozenset("president owner chairman proprietor commissioner mayor controller".split())

#: How English titles shorten their words.
ENGLISH_SHORT = {
    "mgr": "manager", "mngr": "manager", "mgmt": "management", "mgt": "management", "dir": "director", "asst": "assistant",
    "assoc": "associate", "exec": "executive", "ops": "operations", "fin": "finance", "acctg": "accounting",
    "mfg": "manufacturing", "engr": "engineer", "engg": "engineering", "purch": "purchasing", "proc": "procurement",
    "supv": "supervisor", "spec": "specialist", "rep": "representative", "info": "information", "sys": "systems",
    "maint": "maintenance", "admin": "administration", "qual": "quality", "coord": "coordinator", "tech": "technical",
    "svp": "vp", "evp": "vp", "gm": "general_manager", "sysadmin": "system administrator", "procurment": "procurement", "dy": "deputy", "chairperson": "chairman", "chairwoman": "chairman",
}  # fmt: skip
#: Short for a chief; roles name one form, people write the other.
ENGLISH_CHIEFS = {
    "ceo": "chief executive officer", "cfo": "chief finance officer", "cio": "chief information officer",
    "coo": "chief operations officer", "cto": "chief technology officer", "ciso": "chief information_security officer",
    "chro": "chief hr officer",
}  # fmt: skip

#: Korean endings of a level, and the level: of a position (it heads something) or of a rank.
KOREAN_POSITIONS: dict[str, tuple[Level, ...]] = {
    **dict.fromkeys("본부장 부문장 총괄 총괄책임자 그룹장 사업부장 총괄임원 담당임원 임원".split(), EXECUTIVE),
    **dict.fromkeys("실장 책임자".split(), HEAD_OR_MANAGER),
    **dict.fromkeys("팀장 부장 부서장 리더 팀리더".split(), MANAGER),
    **dict.fromkeys("담당자 실무자 관리자 주무관 엔지니어 기사 기술자".split(), PRACTITIONER),
    # Their level differs from one function to the next: only the role list says it.
    **dict.fromkeys("센터장 소장 처장 국장 원장 단장 파트장 담당관 공장장 병원장 연구소장 현장소장".split(), ()),
}
KOREAN_RANKS: dict[str, tuple[Level, ...]] = {
    **dict.fromkeys("부사장 전무 상무 상무보 이사 전무이사 상무이사".split(), EXECUTIVE),
    **dict.fromkeys(
        "과장 차장 대리 주임 사원 매니저 프로 책임 선임 수석 책임매니저 선임매니저 수석매니저 직원 팀원 실무".split(),
        PRACTITIONER,
    ),
}
#: Heads a department in a government office or a hospital, and is a practitioner in a company.
SECTION_HEAD = "과장"
#: Ends of departments; a title names its function before them.
KOREAN_UNITS = (
    "총괄",
    "부서",
    "사업본부",
    "사업부",
    "본부",
    "부문",
    "그룹",
    "센터",
    "파트",
    "담당",
    "업무",
    "팀",
    "실",
    "부",
    "과",
)
#: Ends of companies and places: a title without a function may stand after them.
KOREAN_COMPANIES = (
    "그룹", "공장", "현장", "연구소", "사업장", "법인", "캠퍼스", "병원", "은행", "전자", "화학", "건설", "제약", "산업", "물산",
    "중공업", "상사", "테크", "시스템즈", "홀딩스", "시", "도", "군", "구", "청",
)  # fmt: skip
#: Before another function these say where somebody works: Plant Maintenance Manager.
AT_A_SITE = frozenset(("plant", "site"))
#: Beside these words a title is of somebody outside the account, or no position at all.
KOREAN_DENIED = (
    "협력사", "협력업체", "거래처", "대리점", "하청", "자회사", "노조", "노동조합", "근로자", "입주자", "학생", "동문", "사외", "고문",
    "자문", "인턴", "수습", "실습", "지원자", "컨설턴트", "강사", "기자", "고객", "대행", "협회", "위원", "조사원", "보좌",
)  # fmt: skip
ENGLISH_DENIED = frozenset(
    """consultant consulting advisor adviser coach recruiter recruiting recruitment intern internship trainee student
    professor lecturer union non candidate applicant freelance wife husband friend""".split()
)

FORMER = frozenset(
    """former formerly ex past previous previously retired retd ret emeritus departed resigned onetime was until left late longer
    전 前 이전 예전 故""".split()
)
#: Korean words of leaving or not having begun, anywhere in a word.
KOREAN_FORMER = (
    "퇴직",
    "퇴사",
    "퇴임",
    "은퇴",
    "출신",
    "역임",
    "사임",
    "전임",
    "전직",
    "前",
    "해임",
    "이직",
    "부서이동",
    "전출",
)
KOREAN_FUTURE = ("내정", "후보", "예정자", "지망")
FUTURE = frozenset("차기 incoming elect designate designated candidate nominee aspiring future prospective".split())
CURRENT = frozenset("현 現 현재 현직 current currently now".split())
ACTING = frozenset("acting interim 대행 직무대행 권한대행 서리 직무대리 직대".split())
GATEKEEPERS = frozenset("secretary receptionist ea pa".split())
GATEKEEPER_PHRASES = (
    "assistant to", "executive assistant", "personal assistant", "administrative assistant", "chief of staff",
)  # fmt: skip
#: A secretary who is an officer, and opens no door.
NO_GATEKEEPERS = (
    "secretary general",
    "general secretary",
    "company secretary",
    "corporate secretary",
    "state secretary",
)
KOREAN_GATEKEEPERS = ("비서", "수행기사", "보좌관", "보좌역", "수행원")
KOREAN_ACTING = ("직무대행", "권한대행", "직무대리", "대행", "서리", "직대")

#: What is bought says little about the buyer's function: IT, raw material, indirect purchasing. Not at the head of all.
ANY_KIND = frozenset("purchasing purchase procurement 구매 조달".split())
#: English words of a level in a Korean title, as Koreans would write them.
KOREAN_FOR = {"manager": "팀장", "lead": "리더", "leader": "리더", "head": "총괄", "director": "본부장"}
#: A name with one of these is that of the group's head, not of any company's.
GROUP = frozenset(("group", "그룹"))
#: Heads of a site, also under its place: 평택공장장.
SITES = ("공장장", "병원장", "연구소장", "물류센터장", "현장소장", "사업장장", "발전소장", "대표이사")
