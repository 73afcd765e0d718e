"""Preference objectives over log-probabilities of replies. P pairs; chosen is column 0, rejected column 1."""

from dataclasses import dataclass

from torch import Tensor
from torch.nn.functional import softplus

from lpc.job import Settings


@dataclass(frozen=True)
class Facts:
    """What an objective is, beside its formula."""

    reads_reference: bool = True
    scales: str = "sum"
    """What of a reply's log-probability it scales: its `sum`, its `mean` over tokens, or what `ipoAverage` says."""
    smooths: bool = False
    """Whether it reads `labelSmoothing`."""
    nll_weight: float = 0.0
    """Weight of −log π(y_w|x)/|y_w| in its own loss."""
    compares: str = "rewards"
    """What the log-sigmoid is taken of: the difference of `rewards`, β in it, or of log `odds`, which β weighs as a whole."""


OBJECTIVES = {
    "dpo": Facts(smooths=True),
    "ipo": Facts(scales="ipoAverage"),
    "simpo": Facts(reads_reference=False, scales="mean"),
    "orpo": Facts(reads_reference=False, scales="mean", nll_weight=1.0, compares="odds"),
    "cpo": Facts(reads_reference=False, smooths=True, nll_weight=1.0),
    "robust-dpo": Facts(smooths=True),
    "ln-dpo": Facts(scales="mean", smooths=True),
    "ld-dpo": Facts(smooths=True),
}
# A mean log-probability as near to 0 as float32 tells 1 − exp of it apart from 0.
SUREST = -1e-6


@dataclass
class Scores:
    loss: Tensor
    """Of each pair, (P)."""
    rewards: Tensor
    """Implicit rewards, (P, 2)."""
    margin: Tensor
    """reward(chosen) − reward(rejected), (P)."""


def reads_reference(settings: Settings) -> bool:
    return OBJECTIVES[settings.objective].reads_reference


def scales_means(settings: Settings) -> bool:
    scales = OBJECTIVES[settings.objective].scales
    return (settings.ipoAverage if scales == "ipoAverage" else scales) == "mean"


def wrong_label_share(settings: Settings) -> float:
    """ε: share of labels that the loss takes to be wrong."""
    return settings.labelSmoothing if OBJECTIVES[settings.objective].smooths else 0.0


def loss_scale(settings: Settings) -> float:
    """By how much the argument of the loss's sigmoid grows with (a mean or sum of) log-probabilities."""
    return 1.0 if OBJECTIVES[settings.objective].compares == "odds" else settings.beta


def nll_weight(settings: Settings) -> float:
    """The run's own, else the objective's."""
    return OBJECTIVES[settings.objective].nll_weight if settings.nllWeight is None else settings.nllWeight


def tail_weight(settings: Settings) -> float | None:
    """LD-DPO's α: what tokens beyond the length of the pair's shorter reply count (Liu et al. 2024)."""
    return settings.ldAlpha if settings.objective == "ld-dpo" else None


def _difference(values: Tensor) -> Tensor:
    return values[:, 0] - values[:, 1]


def _smoothed(margin: Tensor, smoothing: float) -> Tensor:
    """−log σ(βΔ) (Rafailov et al. 2023, eq. 7), with label smoothing ε cDPO."""
    return (1 - smoothing) * softplus(-margin) + smoothing * softplus(margin)


def _unbiased(margin: Tensor, smoothing: float) -> Tensor:
    """((1 − ε)·−log σ(βΔ) − ε·−log σ(−βΔ))/(1 − 2ε) (Chowdhury et al. 2024, eq. 12)."""
    return ((1 - smoothing) * softplus(-margin) - smoothing * softplus(margin)) / (1 - 2 * smoothing)


def _log_odds(means: Tensor) -> Tensor:
    """log(p/(1 − p)) of p = exp(mean)."""
    below = means.clamp(max=SUREST)
    return below - (-below.expm1()).log()


def score_pairs(settings: Settings, logps: Tensor, reference: Tensor, lengths: Tensor) -> Scores:
    """`logps`, `reference` and `lengths` (P, 2): Σ_t log π(y_t | …), the same of the reference, reply tokens."""
    beta, objective = settings.beta, settings.objective
    per_token = lengths.clamp(min=1)
    used = logps - reference if reads_reference(settings) else logps
    if scales_means(settings):
        used = used / per_token
    rewards = used * beta
    margin = _difference(rewards)
    if objective == "ipo":
        # (Δ' − 1/(2β))² (Azar et al. 2023, eq. 17), of means or sums.
        loss = (_difference(used) - 1 / (2 * beta)) ** 2
    elif objective == "simpo":
        # −log σ(margin − γ) on means per token (Meng et al. 2024, eq. 6).
        loss = softplus(-(margin - settings.gammaBetaRatio * beta))
    elif objective == "orpo":
        # −β log σ(log odds(y_w) − log odds(y_l)) (Hong et al. 2024, eqs. 4 and 7).
        loss = beta * softplus(-_difference(_log_odds(used)))
    elif objective == "robust-dpo":
        loss = _unbiased(margin, settings.labelSmoothing)
    else:
        # DPO; on means Lambert et al. 2024, section 5.1.2; without a reference CPO's (Xu et al. 2024, eq. 3).
        loss = _smoothed(margin, settings.labelSmoothing)
    weight = nll_weight(settings)
    if weight:
        loss = loss - weight * (logps / per_token)[:, 0]
    return Scores(loss, rewards, margin)
