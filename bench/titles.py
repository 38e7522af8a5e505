"""How many titles a second find their roles, beside the likeness of the whole text to every name (rapidfuzz alone).

Run: python bench/titles.py
"""

from __future__ import annotations

import statistics
import sys
from collections.abc import Callable
from pathlib import Path

import psutil
from rapidfuzz import fuzz, process

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from coverage_kit.exchange import read_role_lists  # noqa: E402
from coverage_kit.role_lists.titles import TitleMatcher  # noqa: E402
from tests.role_lists.labelled import read_all  # noqa: E402

N = 10_000


def cpu(work: Callable[[], object]) -> float:
    """The CPU seconds of the middle one of three runs."""
    taken = []
    for _ in range(3):
        before = sum(psutil.Process().cpu_times()[:2])
        work()
        taken.append(sum(psutil.Process().cpu_times()[:2]) - before)
    return statistics.median(taken)


def main() -> None:
    """Ten thousand different titles against all lists that ship."""
    lists = [one.model_dump() for one in read_role_lists(ROOT / "templates" / "roles")]
    labelled = read_all()
    titles = [f"{labelled[n % len(labelled)].title} {n // len(labelled) or ''}".strip() for n in range(N)]
    names = [str(title) for one in lists for role in one["roles"] for title in role["title"].values()]
    names += [a for one in lists for role in one["roles"] for own in role["aliases"].values() for a in own]

    def read() -> None:
        # A new one each time, since it keeps the titles that it has read.
        matcher = TitleMatcher(lists)
        for title in titles:
            matcher.suggest(title)

    ours = cpu(read)
    plain = cpu(
        lambda: [process.extract(title, names, scorer=fuzz.ratio, score_cutoff=70, limit=3) for title in titles]
    )
    print(f"{N:,} titles, {len(names):,} names: {N / ours:,.0f} a second a core; rapidfuzz alone {N / plain:,.0f}")


if __name__ == "__main__":
    main()
