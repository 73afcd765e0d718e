"""Leading whitened directions of rows: along each of them, the rows have variance 1. Double precision."""

from dataclasses import dataclass

import numpy as np

# Directions whose variance is below this share of the largest are left out: blown up to variance 1, they would move the
# model far without telling replies apart.
LEAST_SHARE = 1e-3


@dataclass
class Whitening:
    mean: np.ndarray
    """(d); zero where rows are not centred."""
    directions: np.ndarray
    """(r, d): x ↦ directions · (x − mean) has unit variance in each."""

    def of(self, rows: np.ndarray) -> np.ndarray:
        """(n, d) → (n, r)"""
        return rows @ self.directions.T - self.directions @ self.mean


def symmetric_eigen(of: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Eigenvalues, the largest first, and eigenvectors as rows, the largest entry of each above 0."""
    values, vectors = np.linalg.eigh(of)
    rows = vectors.T[::-1].copy()
    largest = np.abs(rows).argmax(1)
    rows *= np.where(rows[np.arange(len(rows)), largest] < 0, -1.0, 1.0)[:, None]
    return values[::-1], rows


def whiten(rows: np.ndarray, count: int, centred: bool) -> Whitening:
    """The `count` directions of the largest second moment of `rows` (n, d), each divided by its standard deviation."""
    n, d = rows.shape
    mean = rows.mean(0) if centred else np.zeros(d)
    moved = rows - mean
    wide = d > n
    values, vectors = symmetric_eigen(moved @ moved.T if wide else moved.T @ moved)
    values, vectors = values[:count], vectors[:count]
    kept = int(((values > 0) & (values >= LEAST_SHARE * values[0])).sum())
    values, vectors = values[:kept], vectors[:kept]
    # A vector u of X·Xᵀ with value v is Xᵀu/√v as one of XᵀX; then each is divided by its deviation √(v/n).
    directions = (vectors @ moved) / np.sqrt(values)[:, None] if wide else vectors
    return Whitening(mean, directions * np.sqrt(n / values)[:, None])
