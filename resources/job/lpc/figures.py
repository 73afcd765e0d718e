"""Statistics under the names and by the formulas of Facet's frames. Entropies and information in nats."""

import math
from collections import Counter
from typing import Any, Hashable, Sequence

import numpy as np

from lpc.counter_random import Source

DEAD_CODE_SHARE = 0.001
RESAMPLES = 1000


def mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


def deviation(values: Sequence[float]) -> float:
    """Sample standard deviation; 0 for fewer than two values."""
    if len(values) < 2:
        return 0.0
    centre = mean(values)
    return math.sqrt(sum((value - centre) ** 2 for value in values) / (len(values) - 1))


def pearson(x: Sequence[float], y: Sequence[float]) -> float | None:
    if len(x) < 2:
        return None
    a, b = np.asarray(x, np.float64), np.asarray(y, np.float64)
    a, b = a - a.mean(), b - b.mean()
    spread = math.sqrt(float((a**2).sum())) * math.sqrt(float((b**2).sum()))
    return None if spread == 0 else float((a * b).sum()) / spread


def entropy(weights: np.ndarray) -> float:
    total = float(weights.sum())
    shares = weights[weights > 0] / total if total > 0 else np.empty(0)
    return float(-(shares * np.log(shares)).sum())


def usage(priors: np.ndarray) -> dict[str, Any]:
    """What codes do, from p(z|x) of many prompts, (n, K)."""
    share = priors.astype(np.float64).mean(0)
    return {
        "codePerplexity": math.exp(entropy(share)),
        "promptEntropy": mean([entropy(row) for row in priors.astype(np.float64)]),
        "topCodeShare": float(share.max()),
        "deadCodes": int((share < DEAD_CODE_SHARE).sum()),
    }


def no_usage() -> dict[str, Any]:
    return dict.fromkeys(["codePerplexity", "promptEntropy", "topCodeShare", "deadCodes"])


def _label_entropy(labels: Sequence[Hashable]) -> float:
    return entropy(np.array(list(Counter(labels).values()), np.float64))


def nmi(codes: Sequence[int], labels: Sequence[str | None]) -> float | None:
    """NMI(strongest code; label) over the prompts that have one; None where all have the same."""
    known = [(code, label) for code, label in zip(codes, labels) if label is not None]
    if len({label for _, label in known}) < 2:
        return None
    a, b = [code for code, _ in known], [label for _, label in known]
    ha, hb = _label_entropy(a), _label_entropy(b)
    if ha == 0 or hb == 0:
        return 0.0
    return max(0.0, ha + hb - _label_entropy(known)) / ((ha + hb) / 2)


def accuracy_interval(prompt_ids: Sequence[str], hits: Sequence[int], seed: int) -> tuple[float, float, float]:
    """Mean and its 95 % interval, prompts drawn anew with all their pairs."""
    sums: dict[str, list[int]] = {}
    for prompt, hit in zip(prompt_ids, hits):
        known = sums.setdefault(prompt, [0, 0])
        known[0] += hit
        known[1] += 1
    table = np.array(list(sums.values()), np.float64)
    source = Source(seed, "bootstrap", 0)
    means = []
    for _ in range(RESAMPLES):
        drawn = table[source.integers(len(table), len(table))].sum(0)
        means.append(drawn[0] / drawn[1])
    low, high = np.quantile(means, [0.025, 0.975])
    whole = table.sum(0)
    return float(whole[0] / whole[1]), float(low), float(high)


def codes_in_use(strongest: np.ndarray) -> int:
    """Codes that are the strongest for at least one prompt in a hundred."""
    return sum(count >= 0.01 * len(strongest) for count in Counter(strongest.tolist()).values())
