"""AdamW with a rate for each group (Loshchilov & Hutter 2019), by torch.optim."""

import re
from typing import Any

import torch

from lpc.job import Settings
from lpc.policy import Policy
from lpc.schedule import StepSettings


def _decays(name: str) -> bool:
    return not name.startswith("codebook") and not name.endswith(".bias") and not re.search(r"norm\.weight$", name)


def _rate_of(name: str, is_head: bool) -> str:
    if not is_head:
        return "learning_rate"
    return {"codebook": "codebook_rate", "codebook.length": "length_rate"}.get(name, "heads_rate")


def make_optimiser(policy: Policy, settings: Settings) -> torch.optim.AdamW:
    """Every group says by `rate` which of a step's rates it takes. Rates are set before each update."""
    groups: dict[tuple[str, bool], dict[str, Any]] = {}
    for is_head, named in [(True, policy.heads_named()), (False, policy.backbone_named())]:
        for name, value in named.items():
            rate, decays = _rate_of(name, is_head), _decays(name)
            decay = settings.weightDecay if decays else 0.0
            group = groups.setdefault((rate, decays), {"params": [], "rate": rate, "weight_decay": decay})
            group["params"].append(value)
    return torch.optim.AdamW(list(groups.values()), lr=0.0, betas=(0.9, 0.999), eps=1e-8)


def set_rates(optimiser: torch.optim.Optimizer, step: StepSettings) -> None:
    for group in optimiser.param_groups:
        group["lr"] = getattr(step, group["rate"])
