"""Whole numbers shared out by fractions so that not one is lost: the method of the largest remainder."""

import math
from collections.abc import Sequence
from fractions import Fraction

import numpy as np
import numpy.typing as npt

# Below this, a remainder times a numerator stays within 64 bits.
_LARGEST_DENOMINATOR = 2**31


def apportion(total: int, shares: Sequence[Fraction]) -> tuple[int, ...]:
    """Parts of a whole number: each at most one away from its exact share, together exactly the number.

    Where remainders are equal, the earlier share is served first. Shares that sum to less than 1 leave something over:
    that is what one more share would have got.

    Example:
        >>> apportion(100, [Fraction(1, 3)] * 3)
        (34, 33, 33)
    """
    rest = 1 - sum(shares, Fraction(0))
    every = [*shares, rest] if rest else [*shares]
    exact = [total * share for share in every]
    parts = [math.floor(part) for part in exact]
    order = sorted(range(len(every)), key=lambda turn: (parts[turn] - exact[turn], turn))
    for turn in order[: total - sum(parts)]:
        parts[turn] += 1
    return tuple(parts[: len(shares)])


def apportion_block(values: npt.NDArray[np.int64], shares: Sequence[Fraction]) -> npt.NDArray[np.int64]:
    """Each number of a block by itself; the first axis of the answer is that of the shares."""
    denominator = math.lcm(*(share.denominator for share in shares))
    numerators = [share.numerator * (denominator // share.denominator) for share in shares]
    if (rest := denominator - sum(numerators)) != 0:
        numerators.append(rest)
    if denominator >= _LARGEST_DENOMINATOR:
        one_by_one = [apportion(int(value), shares) for value in values.flat]
        return np.array(one_by_one, dtype=np.int64).T.reshape(len(shares), *values.shape)
    wholes, over = np.divmod(values, denominator)
    floors = np.stack([wholes * numerator + over * numerator // denominator for numerator in numerators])
    remainders = np.stack([over * numerator % denominator for numerator in numerators])
    left = values - floors.sum(axis=0)
    # The rank of each remainder, the largest first; a stable sort serves the earlier share first.
    ranks = np.argsort(np.argsort(-remainders, axis=0, kind="stable"), axis=0, kind="stable")
    parts: npt.NDArray[np.int64] = floors + (ranks < left)
    return parts[: len(shares)]
