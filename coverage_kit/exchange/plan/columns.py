"""Our columns, and the names under which they are met in files of any origin; the first name is the best."""

from __future__ import annotations

from coverage_kit.domain.identifiers import name_key

#: Columns of family names; where one of them stands, the name beside it is the given name alone.
FAMILY_NAMES = ("성", "姓")
GIVEN_NAME = "이름"
#: Names of a column of companies in languages other than English and Korean.
COMPANY = ("会社名", "会社", "Firma", "Unternehmen", "Société", "Entreprise", "公司", "公司名称")

COLUMNS: dict[str, dict[str, tuple[str, ...]]] = {
    "accounts": {
        "key": (
            "Symbol",
            "Account ID",
            "Organization Id",
            "Company ID",
            "customerID",
            "supplierID",
            "고객사 코드",
            "고객사코드",
            "거래처 코드",
            "종목코드",
            "코드",
            "id",
        ),
        "name": (
            "Security",
            "Account Name",
            "Account",
            "Customer",
            "Client",
            "Company name",
            "companyName",
            "Company",
            "Organization",
            "Organization Name",
            "고객사",
            "고객사명",
            "회사명",
            "거래처명",
            "거래처",
            "업체명",
            "상호",
            "회사",
            *COMPANY,
        ),
        "industry": ("GICS Sector", "업종", "산업", "業種", "Branche", "行业"),
        "segment": ("GICS Sub-Industry", "세그먼트", "구분", "규모", "기업 규모", "기업규모"),
        "region": ("Headquarters Location", "Address 1: City", "지역", "소재지"),
        "value": ("Annual Revenue", "Revenue", "매출", "매출액", "가치", "연매출"),
        "offerings": ("상품·서비스", "상품", "판매 상품", "거래 상품", "Offering"),
        "owner": (
            "Owner",
            "담당",
            "담당 영업",
            "영업담당",
            "영업 담당자",
            "영업대표",
            "영업사원",
            "Account Owner",
            "Account Manager",
            "Sales Rep",
            "Sales Representative",
            "rep",
        ),
        "status": (),
        "deleted": ("IsDeleted",),
        "modified_on": ("LastModifiedDate", "Last Modified Date", "Modified On", "수정일", "최종 수정일"),
    },
    "contacts": {
        "record": ("Contact ID", "연락처ID", "고객ID", "고객번호", "id"),
        "account_key": (
            "Account ID",
            "Company ID",
            "Organization Id",
            "고객사 코드",
            "고객사코드",
            "거래처 코드",
            "종목코드",
        ),
        "account": (
            "companyName",
            "Company name",
            "Account Name",
            "ACCOUNT.NAME",
            "Company",
            "Organization",
            "Organization Name",
            "회사",
            "회사명",
            "고객사",
            "고객사명",
            "거래처명",
            "거래처",
            "업체명",
            "소속회사",
            *COMPANY,
        ),
        "name": (
            "contactName",
            "Full Name",
            "이름",
            "성명",
            "성함",
            "고객 성함",
            "고객 이름",
            "고객명",
            "담당자",
            "담당자명",
            "업체 담당자",
            "거래처 담당자",
            "고객 담당자",
            "구매 담당자",
            "Contact Name",
            "Contact Person",
            "Primary Contact",
            "대표자",
            "대표자명",
            "氏名",
            "姓名",
            "Ansprechpartner",
            "Nom complet",
        ),
        "first_name": ("First Name", "FIRST_NAME", "FirstName", "Given Name", "名", "Vorname", "Prénom"),
        "last_name": (
            "Last Name",
            "LAST_NAME",
            "LastName",
            "Family Name",
            *FAMILY_NAMES,
            "Nachname",
            "Nom",
            "Nom de famille",
        ),
        "middle_name": ("Middle Name", "MiddleName", "Additional Name"),
        "suffix": ("Suffix", "Name Suffix"),
        "title": (
            "Job Title",
            "contactTitle",
            "Position",
            "직책",
            "직위",
            "직함",
            "직급",
            "役職",
            "Funktion",
            "Fonction",
            "职务",
            "职位",
        ),
        "department": ("부서", "부서명", "소속", "部署", "Abteilung", "Département", "部门"),
        "email": (
            "이메일",
            "메일",
            "이메일 주소",
            "E-mail",
            "Email Address",
            "E-mail Address",
            "Email 1",
            "Email 2",
            "E-mail 1",
            "전자 메일 주소",
            "전자 메일 2 주소",
            "電子メール アドレス",
            "メールアドレス",
            "Courriel",
            "邮箱",
            "电子邮箱",
        ),
        "phone": (
            "휴대폰",
            "휴대전화",
            "핸드폰",
            "Mobile Phone",
            "MobilePhone",
            "Mobile",
            "Phone Number",
            "Phone 1",
            "Phone 2",
            "Business Phone",
            "전화",
            "전화번호",
            "연락처",
            "유선전화",
            "근무처 전화",
            "携帯電話",
            "会社電話",
            "電話番号",
            "Telefon",
            "Telefonnummer",
            "Mobiltelefon",
            "Téléphone",
            "Téléphone portable",
            "手机",
            "电话",
        ),
        "owner": ("Contact owner", "OWNER_FULL_NAME", "Owner"),
        "status": ("Contact status", "상태", "재직 상태", "재직여부"),
        "deleted": ("IsDeleted",),
        "modified_on": ("LastModifiedDate", "Last Modified Date", "Modified On", "수정일", "최종 수정일"),
        "created_on": (
            "CreatedDate",
            "Created Date",
            "Created On",
            "Create Date",
            "Date Created",
            "생성일",
            "등록일",
            "최초 등록일",
        ),
    },
    "staff": {
        "key": ("login", "사번", "아이디", "id"),
        "name": ("이름", "성명", "성함"),
        "function": ("역할", "직무", "Role"),
        "manager": ("관리자", "팀장", "manager_id"),
    },
}

#: Columns whose own name is a worse sign than another of their names.
LAST = frozenset({"title"})

#: Of these every column of theirs counts, the first that is filled; of the others, the first that is there.
SEVERAL = frozenset({"email", "phone"})

#: One column of each group must be there.
REQUIRED: dict[str, tuple[tuple[str, ...], ...]] = {
    "accounts": (("name",),),
    "contacts": (("account", "account_key"), ("name", "last_name", "first_name")),
    "staff": (("key",),),
}

#: Every usual name of a column, in small letters.
KNOWN_NAMES = frozenset(
    name.casefold() for kinds in COLUMNS.values() for ours, names in kinds.items() for name in (ours, *names)
)


def is_usual(theirs: str, kind: str, ours: str) -> bool:
    """Whether a column of theirs is read as ours without a mapping."""
    return name_key(theirs) in {name_key(name) for name in (ours, *COLUMNS[kind][ours])}
