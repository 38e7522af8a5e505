"""All slots of a team at one instant as arrays, so that half a year of weeks can be compared in a moment.

A slot's key is its account's code × number of roles + its role's code; every array over slots is dense over keys.
``domain/ladder.py`` defines the ladder for one slot; here it is climbed by all that anybody ever wrote about.
Source: the data model, sections 3 to 5 (docs/architecture.md).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from coverage_kit.measures.log import Array

#: The rung of a slot that is not in the count: not required, or agreed not to apply.
OUTSIDE = -1
CONDITIONS = ("named", "known", "represented", "assessed", "favorable")


@dataclass(frozen=True)
class Snapshot:
    """What is required and what is known at one instant.

    Attributes
    ----------
    day : int
        The local day as an ordinal number.
    account : ndarray of int
        For each account's code the row of its version, −1 where it does not count.
    owner : ndarray of int
        For each account's code its rep's code, −1 for none.
    window : ndarray of int
        For each slot its freshness window in days; 0 where nothing is required.
    row : ndarray of int
        For each slot the row of what is written about it, −1 where nothing is.
    met : ndarray of uint8
        For each slot the conditions of the ladder that hold, as bits, the lowest first.
    rung : ndarray of int8
        For each slot its rung, ``OUTSIDE`` where it is not in the count.
    employment : ndarray of int
        For each slot the row of its holder's employment, −1 where nobody is written or the slot is not open.
    holder : ndarray of int
        The same as the employment's code, which is the same at every instant.
    gone : ndarray of bool
        For each slot whether its holder has left.
    """

    day: int
    account: Array[np.int64]
    owner: Array[np.int64]
    window: Array[np.int32]
    row: Array[np.int64]
    met: Array[np.uint8]
    rung: Array[np.int8]
    employment: Array[np.int64]
    holder: Array[np.int64]
    gone: Array[np.bool]

    @property
    def n_roles(self) -> int:
        """How many roles a key counts for each account."""
        return len(self.window) // len(self.account) if len(self.account) else 0

    def owners(self) -> Array[np.int64]:
        """For each slot its rep's code, −1 for none."""
        return np.repeat(self.owner, self.n_roles)

    def counts(self, rep: int | None = None, account: int | None = None) -> dict[str, int]:
        """How many slots are required, and on each rung or above; of one rep's accounts, of one account, or of all.

        Parameters
        ----------
        rep : int, optional
            A rep's code.
        account : int, optional
            An account's code; −1 for one that is not there, which has no slots.

        Returns
        -------
        dict
            ``required named known represented assessed favorable``.
        """
        rung = self.rung.reshape(len(self.account), self.n_roles)
        if account is not None:
            there = account >= 0 and (rep is None or self.owner[account] == rep)
            rung = rung[[account]] if there else rung[:0]
        elif rep is not None:
            rung = rung[self.owner == rep]
        on = np.bincount(rung[rung > OUTSIDE], minlength=len(CONDITIONS) + 1)
        above = on[::-1].cumsum()[::-1]
        return dict(zip(("required", *CONDITIONS), map(int, above), strict=True))


def leading(met: Array[np.uint8]) -> Array[np.int8]:
    """The rung that conditions make: how many of them hold from the lowest up."""
    return np.asarray(_LEADING[met])


# The number of ones at the low end of each of the 32 patterns.
_LEADING = np.array([next(n for n in range(6) if not pattern >> n & 1) for pattern in range(32)], np.int8)
