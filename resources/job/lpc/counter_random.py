"""Random numbers that are a function of (seed, stream, counter): Philox4x32-10 (Salmon et al. 2011), as Facet draws them.

Any step's noise can be made again after a restart, on any machine, whatever was drawn before it.
"""

from typing import Iterator, TypeVar

import numpy as np

T = TypeVar("T")
MASK = np.uint64(0xFFFFFFFF)
SHIFT = np.uint64(32)
TWO_POW_32 = 2**32


def hash32(text: str) -> int:
    """FNV-1a over UTF-16 code units, 32 bits."""
    value = 0x811C9DC5
    units = text.encode("utf-16-le", "surrogatepass")
    for index in range(0, len(units), 2):
        value = ((value ^ int.from_bytes(units[index : index + 2], "little")) * 0x01000193) & 0xFFFFFFFF
    return value


def _philox(first_block: int, blocks: int, counter: int, key: tuple[int, int]) -> np.ndarray:
    """`blocks` blocks of four 32-bit words each, in order: (4 · blocks,), uint32 values held as uint64."""
    number = np.arange(first_block, first_block + blocks, dtype=np.uint64)
    c0, c1 = number & MASK, number >> SHIFT
    c2 = np.full(blocks, counter & 0xFFFFFFFF, np.uint64)
    c3 = np.full(blocks, (counter >> 32) & 0xFFFFFFFF, np.uint64)
    k0, k1 = key
    for _ in range(10):
        product0 = np.uint64(0xD2511F53) * c0
        product1 = np.uint64(0xCD9E8D57) * c2
        c0, c1, c2, c3 = (
            (product1 >> SHIFT) ^ c1 ^ np.uint64(k0),
            product1 & MASK,
            (product0 >> SHIFT) ^ c3 ^ np.uint64(k1),
            product0 & MASK,
        )
        k0, k1 = (k0 + 0x9E3779B9) & 0xFFFFFFFF, (k1 + 0xBB67AE85) & 0xFFFFFFFF
    return np.stack([c0, c1, c2, c3], axis=1).reshape(-1)


class Source:
    """Draws one after another from the sequence that (seed, stream, counter) names."""

    def __init__(self, seed: int, stream: str, counter: int) -> None:
        self._key = (seed & 0xFFFFFFFF, hash32(stream))
        self._counter = counter
        self._block = 0
        self._left = np.empty(0, np.uint64)

    def words(self, count: int) -> np.ndarray:
        """The next `count` unsigned 32-bit words."""
        missing = count - len(self._left)
        if missing > 0:
            blocks = -(-missing // 4)
            drawn = _philox(self._block, blocks, self._counter, self._key)
            self._block += blocks
            self._left = np.concatenate([self._left, drawn])
        taken, self._left = self._left[:count], self._left[count:]
        return taken

    def uniforms(self, count: int) -> np.ndarray:
        """In the open interval (0, 1), float64."""
        return (self.words(count).astype(np.float64) + 0.5) / TWO_POW_32

    def integers(self, bound: int, count: int) -> np.ndarray:
        """In 0 … bound − 1, without modulo bias."""
        limit = TWO_POW_32 - TWO_POW_32 % bound
        kept = self.words(count)
        kept = kept[kept < limit]
        while len(kept) < count:
            more = self.words(count - len(kept))
            kept = np.concatenate([kept, more[more < limit]])
        return (kept % np.uint64(bound)).astype(np.int64)

    def integer(self, bound: int) -> int:
        return int(self.integers(bound, 1)[0])

    def shuffled(self, items: list[T]) -> list[T]:
        """A copy, Fisher–Yates from the end."""
        shuffled = list(items)
        for index, other in self._places(len(shuffled)):
            shuffled[index], shuffled[other] = shuffled[other], shuffled[index]
        return shuffled

    def _places(self, count: int) -> Iterator[tuple[int, int]]:
        ahead = self.words(max(0, count - 1))
        rest: list[np.ndarray] = [ahead]
        at = 0
        for index in range(count - 1, 0, -1):
            bound = index + 1
            limit = TWO_POW_32 - TWO_POW_32 % bound
            while True:
                if at == len(rest[0]):
                    rest[0], at = self.words(1), 0
                word = int(rest[0][at])
                at += 1
                if word < limit:
                    break
            yield index, word % bound
        self._left = np.concatenate([rest[0][at:], self._left])


def normals(seed: int, stream: str, counter: int, count: int, std: float = 1.0) -> np.ndarray:
    """Standard normal by Box–Muller, times `std`: float32."""
    pairs = Source(seed, stream, counter).uniforms(2 * (-(-count // 2))).reshape(-1, 2)
    radius = np.sqrt(-2 * np.log(pairs[:, 0]))
    angle = 2 * np.pi * pairs[:, 1]
    values = np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1).reshape(-1)
    return (std * values[:count]).astype(np.float32)


def gumbels(seed: int, stream: str, counter: int, count: int) -> np.ndarray:
    """Standard Gumbel, −log(−log u): float32."""
    return (-np.log(-np.log(Source(seed, stream, counter).uniforms(count)))).astype(np.float32)


def uniforms(seed: int, stream: str, counter: int, count: int, low: float = 0, high: float = 1) -> np.ndarray:
    """Uniform in [low, high]: float32."""
    return (low + (high - low) * Source(seed, stream, counter).uniforms(count)).astype(np.float32)
