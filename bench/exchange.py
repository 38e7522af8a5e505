"""What importing a large contact list costs beside pandas reading the same file and writing it to SQLite.

Run: python bench/exchange.py [ROWS]
Whether reading stays linear up to 400,000 rows, all the same or in an HTML list: python bench/exchange.py linear
"""

from __future__ import annotations

import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

_HEADER = "연락처ID,이름,회사,부서,직책,이메일,휴대폰,주소,최근접촉일,메모"
_FAMILY, _FIRST = "김이박최정강조윤장임한오서신권황안송류전", "가나다라마바사아자차하온빛솔해달별샘결훈민준서연우진"
_TITLES = ("상무", "구매팀장", "연구소장", "CFO", "IT 담당", "공장장", "재무이사", "품질 파트장")


def write_contacts(path: Path, n_rows: int) -> None:
    """A list as a CRM exports it: ten columns, about ten people a company, UTF-8 with a mark."""
    with path.open("w", encoding="utf-8-sig") as file:
        file.write(_HEADER + "\n")
        for i in range(n_rows):
            name = _FAMILY[i % len(_FAMILY)] + _FIRST[i // 20 % len(_FIRST)] + _FIRST[i // 500 % len(_FIRST)]
            file.write(
                f"C{i:07d},{name},(주)한빛{i // 10}전자,영업{i % 9}부,{_TITLES[i % 8]},p{i}@co{i // 10}.example,"
                f"010-{i // 10000:04d}-{i % 10000:04d},서울시 강남구 테헤란로 {i % 500},2025-{i % 12 + 1:02d}-11,"
                f"{'반송됨' if i % 7 == 0 else ''}\n"
            )


def write_same(path: Path, n_rows: int) -> None:
    """One contact, again and again."""
    row = "C1,김하나,(주)한빛전자,영업부,상무,p1@co1.example,010-1234-5678,서울시,2025-01-11,\n"
    path.write_text(_HEADER + "\n" + row * n_rows, encoding="utf-8-sig")


def write_html(path: Path, n_rows: int) -> None:
    """A list of accounts as an exchange exports it: an HTML table named .xls."""
    with path.open("w", encoding="utf-8") as file:
        file.write("<html><meta charset='utf-8'><table><tr><th>고객번호</th><th>회사명</th><th>업종</th></tr>\n")
        for i in range(n_rows):
            file.write(f"<tr><td>A{i:06d}</td><td>한빛{i}전자</td><td>전자부품 {i % 9}</td></tr>\n")
        file.write("</table></html>")


_LINEAR = {"identical rows": ("contacts", ".csv", write_same), "HTML list": ("accounts", ".xls", write_html)}
_SIZES = (25_000, 50_000, 100_000, 200_000, 400_000)


def dry_way(kind: str, path: Path, home: Path) -> list[tuple[float, float]]:
    from coverage_kit import init_workspace

    with init_workspace(home, lang="ko", actor="bench") as ws:
        return [took(lambda: ws.import_file(kind, path, dry_run=True))]


def is_linear(folder: Path) -> None:
    """Print what a row costs at each size: where reading is linear, it stays the same."""
    for label, (kind, ending, write) in _LINEAR.items():
        for n in _SIZES:
            path = folder / f"{kind}-{n}{ending}"
            write(path, n)
            [(clock, processor)], peak = in_process("dry", kind, path, folder / f"ws-{kind}-{n}")
            each = f"{1e6 * clock / n:.0f} µs a row ({1e6 * processor / n:.0f} of this process)"
            print(f"{label}, {n:,} rows: {clock:.2f} s, {each}, {peak:.0f} MB")


def took(act: Callable[[], object]) -> tuple[float, float]:
    """Seconds on the clock, and of the processor: on a busy machine the second says more."""
    clock, processor = time.perf_counter(), time.process_time()
    act()
    return time.perf_counter() - clock, time.process_time() - processor


def pandas_way(path: Path) -> list[tuple[float, float]]:
    import pandas as pd
    from sqlalchemy import create_engine

    engine = create_engine(f"sqlite:///{path.with_suffix('.pandas.db')}")
    return [took(lambda: pd.read_csv(path, dtype=str).to_sql("contacts", engine, if_exists="replace", index=False))]


def our_way(path: Path, home: Path) -> list[tuple[float, float]]:
    from coverage_kit import init_workspace

    with init_workspace(home, lang="ko", actor="bench") as ws:
        times = [took(lambda: ws.import_file("contacts", path)) for _ in range(2)]
        counts = ws.import_file("contacts", path, dry_run=True).counts
        assert counts["unchanged"] == counts["rows"]
    return times


def in_process(what: str, *arguments: object) -> tuple[list[tuple[float, float]], float]:
    """Times and the most memory of one way, in a process of its own."""
    done = subprocess.run([sys.executable, __file__, what, *map(str, arguments)], capture_output=True, text=True, check=True)  # fmt: skip
    times, peak = json.loads(done.stdout)
    return times, peak


def medians(times: list[tuple[float, float]]) -> tuple[float, float]:
    clock, processor = zip(*times, strict=True)
    return statistics.median(clock), statistics.median(processor)


if __name__ == "__main__":
    if sys.argv[1:2] == ["pandas"]:
        told = pandas_way(Path(sys.argv[2]))
    elif sys.argv[1:2] == ["ours"]:
        told = our_way(Path(sys.argv[2]), Path(sys.argv[3]))
    elif sys.argv[1:2] == ["dry"]:
        told = dry_way(sys.argv[2], Path(sys.argv[3]), Path(sys.argv[4]))
    elif sys.argv[1:2] == ["linear"]:
        with tempfile.TemporaryDirectory() as folder:
            is_linear(Path(folder))
        sys.exit()
    else:
        n_rows = int(sys.argv[1]) if len(sys.argv) > 1 else 210_000
        with tempfile.TemporaryDirectory() as folder:
            for n in (n_rows // 4, n_rows):
                path = Path(folder) / f"{n}.csv"
                write_contacts(path, n)
                base, first, again, peaks = [], [], [], []
                for run in range(3):
                    base += in_process("pandas", path)[0]
                    took_, peak = in_process("ours", path, Path(folder) / f"ws-{n}-{run}")
                    first.append(took_[0])
                    again.append(took_[1])
                    peaks.append(peak)
                one = medians(base)
                print(f"{n:,} contacts; pandas read_csv + to_sql: median {one[0]:.2f} s, {one[1]:.2f} s of processor")
                for label, times in (("first import", first), ("unchanged again", again)):
                    ours = medians(times)
                    ratios = f"{ours[0] / one[0]:.1f} x on the clock, {ours[1] / one[1]:.1f} x of the processor"
                    print(
                        f"  {label}: median {ours[0]:.2f} s, {ours[1]:.2f} s of processor: {ratios}; {1e6 * ours[1] / n:.0f} µs a row"
                    )
                print(f"  most memory: {max(peaks):.0f} MB")
        sys.exit()
    print(json.dumps([told, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024]))
