"""Candidates for one person among 210,000 contacts of 7,000 accounts, 3 % of them there twice; the limit is 60 s and 2 GB.

Run: python -m bench.duplicates
"""

from __future__ import annotations

import random
import resource
import time

from coverage_kit.rules.same import Job, PersonRecord, find_same_people
from coverage_kit.sample.names import KO_FAMILY, KO_GIVEN

ACCOUNTS, CONTACTS, DOUBLE = 7_000, 210_000, 0.03


def records(seed: int = 1) -> list[PersonRecord]:
    """Made-up contacts, Korean and Latin names, of whom some are there twice."""
    draw = random.Random(seed)
    made: list[PersonRecord] = []
    while len(made) < CONTACTS:
        n = len(made)
        account = f"A{draw.randrange(ACCOUNTS)}"
        name = draw.choice(KO_FAMILY) + draw.choice(KO_GIVEN)
        email = f"u{n}@{account}.kr" if draw.random() < 0.6 else None
        phone = f"010-{draw.randrange(10**8):08d}" if draw.random() < 0.5 else None
        title = draw.choice(["구매팀장", "과장", "부장", "생산본부장", None])
        made.append(PersonRecord(f"p{n}", name, email, phone, (Job(account, account, title),)))
        if draw.random() < DOUBLE:
            made.append(PersonRecord(f"p{n}x", name, email, None, (Job(account, account, title),)))
    return made


def main() -> None:
    """Print one line."""
    people = records()
    start = time.process_time()
    found = find_same_people(people)
    seconds = time.process_time() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{len(people):,} contacts: {len(found):,} candidates in {seconds:.1f} s of CPU, peak {peak:,.0f} MB")


if __name__ == "__main__":
    main()
