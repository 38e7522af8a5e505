"""A text is read in the encoding its bytes speak for, Korean first; a guess is called one and can be overruled."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from coverage_kit import BadInput
from coverage_kit.exchange.plan.imports import read_import
from coverage_kit.exchange.read.encodings import _find_hanja, decode
from coverage_kit.store.entities import Person
from coverage_kit.workspace import Workspace

KOREAN = "회사,이름,직책\n한빛전자,김가온,구매팀장\n㈜새벽,이하늘,연구소장\n"


@pytest.mark.parametrize(
    ("encoding", "told", "is_guess"),
    [
        ("utf-8", "utf-8", False),
        ("utf-8-sig", "utf-8", False),
        ("cp949", "cp949", True),
        ("utf-16", "utf-16", False),
        ("utf-16-le", "utf-16-le", True),
        ("utf-16-be", "utf-16-be", True),
        ("utf-32", "utf-32", False),
    ],
)
def test_korean_in_any_encoding_is_the_same_text(encoding: str, told: str, is_guess: bool) -> None:
    found = decode(KOREAN.encode(encoding), "f")
    assert (found.text, found.encoding, found.is_guess) == (KOREAN, told, is_guess)


def test_euc_kr_is_read_as_cp949_which_holds_it() -> None:
    text = KOREAN.replace("㈜", "(주)")
    assert decode(text.encode("euc-kr"), "f").text == text


@pytest.mark.parametrize("text", ["name\n" + "plain,row\n" * 5_000 + "Crédito Inmobiliario, 26 5º\n", "name\nO’Neil & Søn – Größe\n", "name\nMünchen\n"])  # fmt: skip
def test_western_letters_that_show_late_are_not_read_as_korean(text: str) -> None:
    found = decode(text.encode("cp1252"), "f")
    assert (found.text, found.encoding, found.is_guess) == (text, "cp1252", True)


def test_one_spoilt_byte_does_not_turn_a_file_into_another_encoding() -> None:
    for encoding in ("utf-8", "cp949"):
        data = (KOREAN * 10).encode(encoding)
        data = data[: data.rindex(b"\n", 0, -1)] + b"\n\xff\xff,x,y\n"
        with pytest.raises(BadInput, match=rf"line 30: this is not {encoding.upper()}"):
            decode(data, "f")


def test_what_the_user_says_overrules_and_what_cannot_be_is_refused() -> None:
    assert decode("é".encode("mac_roman"), "f", "mac_roman").text == "é"
    for encoding, message in [("no-such", "not an encoding"), ("base64", "not an encoding"), ("utf-8", "line 1")]:
        with pytest.raises(BadInput, match=message):
            decode(KOREAN.encode("cp949"), "f", encoding)


@pytest.mark.slow
def test_a_guess_is_said_and_shown_on_three_rows_that_tell(ws: Workspace, write) -> None:
    text = "account,name\n" + "Plain,Ann\n" * 5 + "".join(f"한빛,김가온{i}\n" for i in range(5))
    path = write(text.encode("cp949"))
    plan = ws.import_file("contacts", path)
    assert plan.counts["encoding_is_guess"]
    assert plan.samples == [["한빛", f"김가온{i}"] for i in range(3)]
    assert ws.import_file("contacts", path, encoding="cp949").counts["encoding_is_guess"] is False


def test_letters_that_were_taken_apart_are_put_together(ws: Workspace, write) -> None:
    ws.import_file("contacts", write(unicodedata.normalize("NFD", "회사,이름\n한빛,홍길동\n")))
    assert ws.import_file("contacts", write("회사,이름\n한빛,홍길동\n", "c.csv")).counts["added"] == 0
    assert [row.name for row in ws.ledger.as_of(Person)] == ["홍길동"]


@pytest.mark.parametrize(
    "text",
    [
        "연락처 목록\n2026-11-24 출력\n\n회사,이름\n한빛,김가온\n",
        "회사;이름\r\n한빛;김가온\r\n",
        "회사\t이름\r한빛\t김가온\r",
        '"회사","이름"\r\n"한빛","김가온"\n\n\n',
        "번호,회사,이름,비고\n1,한빛,김가온\n",
    ],
)
def test_preamble_separators_line_ends_and_short_rows_do_not_matter(write, text: str) -> None:
    table = read_import("contacts", write(text))
    assert [cells[table.columns["name"][0]] for _, cells in table.rows] == ["김가온"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("이메일,회사,회사,이름\na@b.co,한빛,새벽,김가온\n", "2 columns are called 회사"),
        ("한빛,김가온\n새벽,이하늘\n", "--map"),
        ("\n\n \n", "empty"),
    ],
)
def test_a_header_that_is_missing_or_double_is_named(write, text: str, message: str) -> None:
    with pytest.raises(BadInput, match=message):
        read_import("contacts", write(text))


def test_columns_nobody_reads_may_stand_there_twice(ws: Workspace, write) -> None:
    plan = ws.import_file("contacts", write("메모,메모,회사,이름\n1,2,한빛,김가온\n"))
    assert plan.counts["added"] == 1


def test_a_mapping_is_asked_once_and_kept(ws: Workspace, write) -> None:
    path = write("업체,누구\n한빛,김가온\n")
    with pytest.raises(BadInput, match="--map"):
        ws.import_file("contacts", path)
    ws.import_file("contacts", path, mapping={"업체": "account", "누구": "name"})
    from coverage_kit import open_workspace

    with open_workspace(ws.path, actor="bob") as again:
        assert again.import_file("contacts", path).counts["unchanged"] == 1


@pytest.mark.parametrize(
    ("encoding", "text"),
    [("iso2022_kr", "이름,회사\n김하나,한빛전자\n박둘,미르\n"), ("iso2022_jp", "氏名,会社\n山田太郎,東京電機\n")],
)
def test_an_encoding_of_seven_bits_is_read_by_its_marks(encoding: str, text: str) -> None:
    read = decode(text.encode(encoding), "list.csv")
    assert (read.text, read.encoding, read.is_guess) == (text, encoding, False)


def test_a_broken_text_of_seven_bits_is_refused_by_its_name() -> None:
    data = "이름,회사\n김하나,한빛전자\n".encode("iso2022_kr").replace(b"\x0e", b"\x0e\x20\x21", 1)
    with pytest.raises(BadInput, match="ISO2022_KR"):
        decode(data, "list.csv")


POLISH = "firma,imię,stanowisko\nHuta Łódź,Małgorzata Żółkiewska,Dyrektor zakupów\nŚląsk,Świętosław Gąsior,Kierownik\n"
CZECH = "firma,jméno,funkce\nŠkoda Plzeň,Jiří Dvořák,Ředitel nákupu\nŽelezárny,Šárka Nováková,Vedoucí účtárny\n"
CHINESE = "公司,姓名,职务\n宝山钢铁,张伟,采购经理\n北京银行,李娜,信息总监\n上海电气,王芳,财务主管\n"


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("big5", "公司,姓名,職稱\n台灣積體電路,陳志明,採購經理\n鴻海精密,林美玲,資訊長\n"),
        ("gb18030", CHINESE),
        ("cp932", "会社,氏名,役職\n株式会社日立,田中太郎,購買部長\n三菱電機,佐藤花子,代表取締役\n"),
        ("cp1250", POLISH),
        ("iso8859_2", POLISH),
        ("cp1250", CZECH),
        ("mac_roman", "société,nom,fonction\nÉlectricité,François Müller,Directeur général\nZoë,Søren,Señor\n"),
        ("cp1251", "компания,имя,должность\nСевер,Иван Петров,Директор по закупкам\n"),
    ],
)
def test_an_encoding_from_elsewhere_is_read_right_and_called_a_guess(encoding: str, text: str) -> None:
    read = decode((text + text.split("\n", 1)[1] * 3).encode(encoding), "list.csv")
    assert (read.text[: len(text)], read.is_guess) == (text, True)


WORDS = [POLISH, CZECH, CHINESE, KOREAN, "Şükrü Öztürk,Satın alma müdürü\n", "Fűzfa Béla,Győr\n", "Иван Петров\n"]
ENCODINGS = [
    "cp949",
    "big5",
    "gb18030",
    "cp932",
    "euc_jp",
    "cp1250",
    "iso8859_2",
    "cp1252",
    "cp1254",
    "mac_roman",
    "koi8_r",
]


@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=5), st.sampled_from(ENCODINGS))
def test_text_that_is_read_wrong_is_never_called_certain(words: list[str], encoding: str) -> None:
    text = "".join(words)
    try:
        data = text.encode(encoding)
    except UnicodeEncodeError:
        return
    try:
        read = decode(data, "list.csv")
    except BadInput:
        return
    assert read.text == text or read.is_guess


LISTS = {
    "cp1250": ["Kovács István", "Szőke Ágnes", "Fűtő Péter", "Győri Zoltán", "Kürtös Béla", "Tűzoltó Kft.", "beszerzési vezető", "ügyvezető igazgató", "Erdős Lőrinc", "Bőrgyár Zrt."],
    "cp1254": ["Ayşe Yılmaz", "Çağrı Öztürk", "İbrahim Şahin", "Satın Alma Müdürü", "Güneş Çelik A.Ş.", "Genel Müdür", "Uğur Doğan", "Işık Holding", "Oğuz Kılıç"],
}  # fmt: skip
WESTERN = [
    ["Société Générale", "Benoît Dûment", "Hôpital", "Directeur des achats", "Août", "François Lefèvre", "Brûlé"],
    ["João Simões", "José Antônio Camões", "Diretor de operações", "Petróleo", "Conceição Guimarães", "Lúcia Brandões"],
    ["Guðrún Jónsdóttir", "Sigurður Þórsson", "Innkaupastjóri", "Björn Ýmir", "Ægir hf."],
    ["Jõgi", "Kõiv Peeter", "Müürsepp", "Tõnu Õispuu", "Pärnu", "ostujuht"],
]


@pytest.mark.parametrize("encoding", LISTS)
@given(data=st.data())
def test_hungarian_and_turkish_lists_are_read_right_and_called_a_guess(encoding: str, data: st.DataObject) -> None:
    names = LISTS[encoding]
    rows = data.draw(st.lists(st.sampled_from(names), min_size=6, max_size=40, unique_by=lambda name: name[:3]) | st.permutations(names))  # fmt: skip
    text = "account,name\n" + "".join(f"{name},{other}\n" for name, other in zip(rows, reversed(rows), strict=True))
    read = decode(text.encode(encoding), "list.csv")
    assert (read.text, read.encoding, read.is_guess) == (text, encoding, True)


@pytest.mark.parametrize("names", WESTERN)
@given(data=st.data())
def test_western_lists_with_the_same_bytes_stay_western(names: list[str], data: st.DataObject) -> None:
    rows = data.draw(st.lists(st.sampled_from(names), min_size=3, max_size=40))
    text = "account,name\n" + "".join(f"{name},Plain\n" for name in rows)
    assert decode(text.encode("cp1252"), "list.csv").text == text


FULL_WIDTH = st.text(st.characters(min_codepoint=0xFF01, max_codepoint=0xFF5D, exclude_characters="￦＄￥"), min_size=1, max_size=6)  # fmt: skip
SIGNS = st.sampled_from(["㈜ABC", "ABC㈜", "A·B", "①", "５㎡", "→ Seoul", "「Ann」", "Ⅱ", "½", "No.１"])


@given(st.lists(FULL_WIDTH | SIGNS, min_size=1, max_size=5))
def test_korean_signs_and_full_width_letters_alone_are_read_as_korean(words: list[str]) -> None:
    text = "account,name\n" + "".join(f"{word},Ann Example\n" for word in words)
    doubled = any(one[0] == one[1] for one in re.findall(rb"([\xa1-\xa8])([\xa1-\xa8])", text.encode("cp949")))
    read = decode(text.encode("cp949"), "list.csv")
    assert read.is_guess
    assert doubled or (read.text, read.encoding) == (text, "cp949")


PLAIN_WESTERN = ["Müller", "São Paulo", "Größe", "Ångström", "££", "¡Única!", "¡Él!", "£100", "5º ª", "O’Neil", "©2026"]


@given(st.lists(st.sampled_from(PLAIN_WESTERN), min_size=1, max_size=5))
@example(["Größe", "¡Única!"])
def test_western_signs_and_names_stay_western(words: list[str]) -> None:
    text = "account,name\n" + "".join(f"{word},Ann Example\n" for word in words)
    assert decode(text.encode("cp1252"), "list.csv").text == text


HANJA = [
    "山田太朗",
    "李明博士",
    "鈴木一夫",
    "高橋健",
    "日本電氣",
    "會長",
    "金永哲",
    "ソニ",
    "トヨタ",
    "さくら",
    "佐藤花子",
    "韓國電力",
]


@given(st.lists(st.sampled_from(HANJA), min_size=2, max_size=5, unique=True))
def test_a_few_chinese_characters_or_kana_are_read_as_korean(words: list[str]) -> None:
    text = "account,name\n" + "".join(f"Acme,{word}\n" for word in words)
    read = decode(text.encode("cp949"), "list.csv")
    assert (read.text, read.encoding, read.is_guess) == (text, "cp949", True)


@given(st.sampled_from(["회사,이름", "업체명,성명,", '"거래처","담당자"']), st.sampled_from(HANJA))
def test_the_korean_name_of_a_column_decides(head: str, word: str) -> None:
    text = f"{head}\nAcme,{word}\nAcme,張偉\n"
    assert decode(text.encode("cp949"), "list.csv").text == text


ELSEWHERE = {
    "gb18030": ["张伟", "王芳", "李娜", "张婷", "王鑫", "赵雪", "陈静", "杨洋"],
    "big5": ["陳志明", "林美玲", "王小明", "張偉"],
    "cp932": ["田中太郎", "トヨタ", "山田"],
    "euc_jp": ["田中太郎", "トヨタ", "山田花子"],
    "cp1251": ["Пётр Иванов", "Анна", "Север", "директор", "Олег"],
    "koi8_r": ["Пётр Иванов", "Анна", "Север", "директор", "Олег"],
    "cp1253": ["Γιώργος", "Ελένη", "Αθήνα"],
    "cp1252": ["Müller", "Élise", "Ñuñez", "Größe"],
}


def test_two_chinese_names_with_rare_characters_are_not_read_as_korean() -> None:
    assert _find_hanja("account,name\nAcme,张婷\nAcme,王鑫\n".encode("gb18030")) is None


@pytest.mark.parametrize("encoding", ELSEWHERE)
@given(data=st.data())
def test_short_lists_from_elsewhere_are_not_read_as_korean(encoding: str, data: st.DataObject) -> None:
    words = data.draw(st.lists(st.sampled_from(ELSEWHERE[encoding]), min_size=2, max_size=6, unique=True))
    text = "account,name\n" + "".join(f"Acme,{word}\n" for word in words)
    assert _find_hanja(text.encode(encoding)) is None
