"""Preference objectives over log-probabilities of replies. P pairs; chosen is column 0, rejected column 1."""

from dataclasses import dataclass

from torch import Tensor
from torch.nn.functional import softplus

from lpc.job import JobError, Settings


@dataclass
class Scores:
    loss: Tensor
    """Of each pair, (P)."""
    rewards: Tensor
    """Implicit rewards, (P, 2)."""
    margin: Tensor
    """reward(chosen) − reward(rejected), (P)."""


def score_pairs(settings: Settings, logps: Tensor, reference: Tensor, lengths: Tensor) -> Scores:
    """`logps`, `reference` and `lengths` (P, 2): Σ_t log π(y_t | …), the same of the reference, reply tokens."""
    beta = settings.beta
    per_token = lengths.clamp(min=1)
    if settings.objective == "dpo":
        # −log σ(βΔ) (Rafailov et al. 2023, eq. 7), with label smoothing ε cDPO.
        rewards = (logps - reference) * beta
        margin = rewards[:, 0] - rewards[:, 1]
        smoothing = settings.labelSmoothing
        return Scores((1 - smoothing) * softplus(-margin) + smoothing * softplus(margin), rewards, margin)
    if settings.objective == "ipo":
        # (Δ' − 1/(2β))² (Azar et al. 2023, eq. 17), of means or sums.
        ratios = logps - reference
        used = ratios / per_token if settings.ipoAverage == "mean" else ratios
        difference = used[:, 0] - used[:, 1]
        return Scores((difference - 1 / (2 * beta)) ** 2, used * beta, difference * beta)
    if settings.objective == "simpo":
        # −log σ(margin − γ) on means per token (Meng et al. 2024, eq. 6); no reference.
        rewards = logps / per_token * beta
        margin = rewards[:, 0] - rewards[:, 1]
        return Scores(softplus(-(margin - settings.gammaBetaRatio * beta)), rewards, margin)
    raise JobError(f"These programs know no objective {settings.objective}. Run the job with those of its own Facet.")


def reads_reference(settings: Settings) -> bool:
    return settings.objective != "simpo"
