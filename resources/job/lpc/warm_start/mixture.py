"""Codes and prior fitted to linear rewards: each pair is explained by one of K codes, chosen by its prompt.

n pairs, p numbers of a prompt, r of a pair's difference, K codes.
"""

from dataclasses import dataclass, replace

import numpy as np

from lpc.counter_random import normals

RATE, BETA1, BETA2, EPSILON = 0.03, 0.9, 0.999, 1e-8
FIRST_STD = 0.1
# A code with less of the mean of p(k|x) is not in use.
LEAST_USE = 1e-3
# Iterations between looks for codes without use.
LOOK_EVERY = 20


@dataclass(frozen=True)
class Data:
    prompts: np.ndarray
    """Whitened h_x, (n, p)."""
    differences: np.ndarray
    """Whitened a(y_w) − a(y_l), (n, r)."""


@dataclass(frozen=True)
class Mixture:
    codes: np.ndarray
    """C (K, r): m_k = difference · C_k is the margin under code k."""
    weight: np.ndarray
    """W (K, p), with b: p(k|x) = softmax(W·h_x + b)."""
    bias: np.ndarray
    """(K)"""

    def parts(self) -> list[np.ndarray]:
        return [self.codes, self.weight, self.bias]

    def at(self, kept: list[int]) -> "Mixture":
        """These codes alone."""
        return Mixture(self.codes[kept], self.weight[kept], self.bias[kept])

    def sharpened(self, sharpness: float) -> "Mixture":
        """p(k|x) ∝ p(k|x)^sharpness."""
        return replace(self, weight=self.weight * sharpness, bias=self.bias * sharpness)

    def priors(self, prompts: np.ndarray) -> np.ndarray:
        """p(k|x) of every prompt, (n, K)."""
        logits = prompts @ self.weight.T + self.bias
        shares = np.exp(logits - logits.max(1, keepdims=True))
        return shares / shares.sum(1, keepdims=True)

    def in_use(self, prompts: np.ndarray) -> "Mixture":
        """Of the codes in use alone, the most used first."""
        return self.at(codes_in_use(self.priors(prompts).mean(0)))


@dataclass(frozen=True)
class Ridges:
    """Settings of a fit."""

    code: float
    prior: float
    """In pairs: each weighs this / n."""
    code_cost: float
    """ρ: each prompt pays ρ/2 · Σ_k p(k|x)·|C_k|²."""
    smoothing: float
    """ε: share of labels that may be wrong."""


def random_mixture(data: Data, codes: int, seed: int, restart: int) -> Mixture:
    r = data.differences.shape[1]
    drawn = normals(seed, "warm-start", restart, codes * r, FIRST_STD).astype(np.float64)
    return Mixture(drawn.reshape(codes, r), np.zeros((codes, data.prompts.shape[1])), np.zeros(codes))


def sigmoid(x: np.ndarray) -> np.ndarray:
    small = np.exp(-np.abs(x))
    return np.where(x >= 0, 1, small) / (1 + small)


def loss_and_gradient(data: Data, mixture: Mixture, ridges: Ridges) -> tuple[float, Mixture, np.ndarray]:
    """−mean log Σ_k p(k|x)·P(m_k) + ρ/2·mean Σ_k p(k|x)|C_k|² + ridges, its gradient, and the mean of p(k|x).

    P(m) is (1 − ε)σ(m) + εσ(−m). The posterior over codes in it is exact, so that this is LPC's bound at its best q.
    """
    n = len(data.prompts)
    epsilon = ridges.smoothing
    squares = (mixture.codes**2).sum(1)
    right = sigmoid(data.differences @ mixture.codes.T)
    prior = mixture.priors(data.prompts)
    likelihood = epsilon + (1 - 2 * epsilon) * right
    joint = prior * likelihood
    total = np.maximum(joint.sum(1), 1e-300)
    cost = prior @ squares
    use = prior.mean(0)
    loss = float((-np.log(total) + ridges.code_cost / 2 * cost).mean())
    loss += ridges.code / n * float((mixture.codes**2).sum()) + ridges.prior / n * float((mixture.weight**2).sum())
    posterior = joint / total[:, None]
    slope = (1 - 2 * epsilon) * right * (1 - right) / np.maximum(likelihood, 1e-300)
    margins = -posterior * slope / n
    logits = (prior - posterior + ridges.code_cost / 2 * prior * (squares - cost[:, None])) / n
    codes = margins.T @ data.differences + (ridges.code_cost * use)[:, None] * mixture.codes
    gradient = Mixture(
        codes + 2 * ridges.code / n * mixture.codes,
        logits.T @ data.prompts + 2 * ridges.prior / n * mixture.weight,
        logits.sum(0),
    )
    return loss, gradient, use


def codes_in_use(use: np.ndarray) -> list[int]:
    """The codes with a mean p(k|x) that counts, the most used first; one at least."""
    order = np.argsort(-use, kind="stable").tolist()
    return [code for place, code in enumerate(order) if place == 0 or use[code] >= LEAST_USE]


def fit(data: Data, start: Mixture, ridges: Ridges, iterations: int) -> tuple[Mixture, float]:
    """Full-batch Adam on the loss above. Codes that have lost all use don't come back, and leave the fit."""
    mixture = start
    first = Mixture(*[np.zeros_like(part) for part in start.parts()])
    second = first
    for t in range(1, iterations + 1):
        _, gradient, use = loss_and_gradient(data, mixture, ridges)
        moved = []
        for value, g, m, v in zip(mixture.parts(), gradient.parts(), first.parts(), second.parts()):
            m = BETA1 * m + (1 - BETA1) * g
            v = BETA2 * v + (1 - BETA2) * g * g
            step = m / (1 - BETA1**t) / (np.sqrt(v / (1 - BETA2**t)) + EPSILON)
            moved.append((value - RATE * step, m, v))
        mixture, first, second = (Mixture(*parts) for parts in zip(*moved))
        if t % LOOK_EVERY == 0:
            kept = codes_in_use(use)
            if len(kept) < len(use):
                mixture, first, second = mixture.at(kept), first.at(kept), second.at(kept)
    return mixture, loss_and_gradient(data, mixture, ridges)[0]
