"""What importing a large contact list costs beside pandas reading the same file and writing it to SQLite.

Run: python bench/exchange.py [ROWS]
"""

from __future__ import annotations

import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
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


def pandas_way(path: Path) -> float:
    import pandas as pd
    from sqlalchemy import create_engine

    engine = create_engine(f"sqlite:///{path.with_suffix('.pandas.db')}")
    start = time.perf_counter()
    pd.read_csv(path, dtype=str).to_sql("contacts", engine, if_exists="replace", index=False)
    return time.perf_counter() - start


def our_way(path: Path, home: Path) -> list[float]:
    from coverage_kit import init_workspace

    with init_workspace(home, lang="ko", actor="bench") as ws:
        times = []
        for _ in range(2):
            start = time.perf_counter()
            counts = ws.import_file("contacts", path).counts
            times.append(time.perf_counter() - start)
        assert counts["unchanged"] == counts["rows"]
    return times


def in_process(what: str, *arguments: object) -> tuple[list[float], float]:
    """Times and the most memory of one way, in a process of its own."""
    done = subprocess.run([sys.executable, __file__, what, *map(str, arguments)], capture_output=True, text=True, check=True)  # fmt: skip
    times, peak = json.loads(done.stdout)
    return times, peak


if __name__ == "__main__":
    if sys.argv[1:2] == ["pandas"]:
        told: object = [pandas_way(Path(sys.argv[2]))]
    elif sys.argv[1:2] == ["ours"]:
        told = our_way(Path(sys.argv[2]), Path(sys.argv[3]))
    else:
        n_rows = int(sys.argv[1]) if len(sys.argv) > 1 else 210_000
        with tempfile.TemporaryDirectory() as folder:
            for n in (n_rows // 4, n_rows):
                path = Path(folder) / f"{n}.csv"
                write_contacts(path, n)
                base, first, again, peaks = [], [], [], []
                for run in range(3):
                    base += in_process("pandas", path)[0]
                    times, peak = in_process("ours", path, Path(folder) / f"ws-{n}-{run}")
                    first.append(times[0])
                    again.append(times[1])
                    peaks.append(peak)
                one = statistics.median(base)
                print(f"{n:,} contacts; pandas read_csv + to_sql: median {one:.2f} s")
                for label, times in (("first import", first), ("unchanged again", again)):
                    took = statistics.median(times)
                    print(f"  {label}: median {took:.2f} s, {took / one:.1f} x, {1e6 * took / n:.0f} µs a row")
                print(f"  most memory: {max(peaks):.0f} MB")
        sys.exit()
    print(json.dumps([told, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024]))
