"""Our columns, and the names under which they are met in files."""

from __future__ import annotations

COLUMNS: dict[str, dict[str, tuple[str, ...]]] = {
    "accounts": {
        "key": ("Symbol", "Account ID", "customerID", "고객사 코드", "거래처코드", "종목코드", "코드", "id"),
        "name": ("Security", "Account Name", "Company name", "companyName", "고객사", "회사명", "거래처명", "회사"),
        "industry": ("GICS Sector", "업종", "산업"),
        "segment": ("GICS Sub-Industry", "세그먼트", "구분"),
        "region": ("Headquarters Location", "Address 1: City", "지역", "소재지"),
        "value": ("Annual Revenue", "매출", "가치", "연매출"),
        "owner": ("Owner", "담당", "담당 영업", "담당자", "영업담당", "Account Owner", "rep"),
    },
    "contacts": {
        "account": (
            "companyName",
            "Company name",
            "Account Name",
            "ACCOUNT.NAME",
            "Company",
            "회사",
            "회사명",
            "고객사",
            "거래처명",
        ),
        "name": ("contactName", "Full Name", "이름", "성명", "고객 이름", "고객명"),
        "first_name": ("First Name", "FIRST_NAME", "FirstName"),
        "last_name": ("Last Name", "LAST_NAME", "LastName"),
        "title": ("contactTitle", "Job Title", "직책", "직위", "직함"),
        "department": ("부서", "소속"),
        "email": ("이메일", "메일", "E-mail", "Email Address"),
        "phone": ("휴대폰", "휴대전화", "전화", "Mobile Phone", "Phone Number", "연락처", "유선전화"),
    },
    "staff": {
        "key": ("login", "사번", "아이디", "id"),
        "name": ("이름", "성명"),
        "function": ("역할", "직무"),
        "manager": ("관리자", "팀장", "manager_id"),
    },
}
REQUIRED = {"accounts": ("name",), "contacts": ("account",), "staff": ("key",)}
