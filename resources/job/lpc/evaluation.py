"""Figures on held-out pairs; every accuracy without a prefix is the prior's, and strict (margin > 0)."""

import base64
import hashlib
from dataclasses import dataclass
from typing import Any, Callable

import numpy as np
import torch
from torch import Tensor

from lpc import figures
from lpc.job import Pair, Prompt, Settings
from lpc.packing import Encoded, Limits, Shape, bin_pack, cut
from lpc.parallel import Parallel, Wrapped
from lpc.rows import Row
from lpc.tokens import Tokenizer

MakeRow = Callable[[list[Encoded]], Row]


@dataclass
class Measured:
    pair: Encoded
    result: dict[str, Any]
    loss: float
    logit_shift: float | None
    prior: list[float] | None
    state: list[float] | None


def reference_tensor(row: list[Encoded], references: dict[str, tuple[float, float]] | None, device: torch.device) -> Tensor:
    """log π_ref of a row's replies, (P, 2); 0 where the objective reads none."""
    if references is None:
        return torch.zeros(len(row), 2, device=device)
    return torch.tensor([references[pair.pair_id] for pair in row], device=device)


def _prompt_key(prompt: list[int]) -> str:
    """Names a prompt by its token ids."""
    ids = np.array(prompt, "<i4").tobytes()
    digest = hashlib.sha256(f"{len(prompt)};".encode() + ids).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def inference_noise(wrapped: Wrapped, settings: Settings, row: list[Encoded], device: torch.device) -> Tensor | None:
    """The same for a prompt's tokens and a seed, wherever it is read; None unless z is sampled in use."""
    latent = wrapped.policy.latent
    if latent is None or settings.latent.inference != "sample" or latent.noise_width == 0:
        return None
    draws = latent.noise("inference", 0, [_prompt_key(pair.prompt) for pair in row])
    return None if draws is None else draws.to(device)


def references(parallel: Parallel, wrapped: Wrapped, pairs: list[Encoded], shape: Shape, make: MakeRow) -> dict[str, tuple[float, float]]:
    """log π_ref of every pair by the untrained policy without z."""
    own: dict[int, list[tuple[str, float, float]]] = {}
    for place, row, counts in parallel.share(bin_pack(pairs, shape)):
        logps = wrapped.module("reference", make(row).to(parallel.device))["logps"].tolist()
        if counts:
            own[place] = [(pair.pair_id, *values) for pair, values in zip(row, logps)]
    return {id: (chosen, rejected) for part in parallel.gather(own) for id, chosen, rejected in part}


def measure(
    parallel: Parallel,
    wrapped: Wrapped,
    settings: Settings,
    held_out: list[Encoded],
    shape: Shape,
    known: dict[str, tuple[float, float]] | None,
    make: MakeRow,
) -> list[Measured]:
    own: dict[int, list[Measured]] = {}
    for place, row, counts in parallel.share(bin_pack(held_out, shape)):
        device = parallel.device
        found = wrapped.module(
            "evaluate",
            make(row).to(device),
            reference=reference_tensor(row, known, device),
            noise=inference_noise(wrapped, settings, row, device),
        )
        values = {name: value.float().tolist() for name, value in found.items()}
        if counts:
            own[place] = [_measured(pair, slot, values) for slot, pair in enumerate(row)]
    return [one for part in parallel.gather(own) for one in part]


def _strongest(weights: list[float] | None) -> dict[str, Any] | None:
    if weights is None:
        return None
    code = int(np.argmax(weights))
    return {"code": code, "weight": weights[code]}


def _measured(pair: Encoded, slot: int, values: dict[str, list[Any]]) -> Measured:
    def at(name: str) -> Any:
        return values[name][slot] if name in values else None

    result = {
        "pairId": pair.pair_id,
        "margin": at("margin"),
        "rewardChosen": at("rewards")[0],
        "rewardRejected": at("rewards")[1],
        "logpChosen": at("logps")[0],
        "logpRejected": at("logps")[1],
        "posteriorMargin": at("posterior_margin"),
        "swappedMargin": at("swapped_margin"),
        "kl": at("kl"),
        "prior": _strongest(at("prior")),
        "posterior": _strongest(at("posterior")),
    }
    return Measured(pair, result, at("loss"), at("logit_shift"), at("prior"), at("state"))


def evaluation_frame(step: int, measured: list[Measured], settings: Settings, pairs: dict[str, Pair]) -> dict[str, Any]:
    results = [one.result for one in measured]

    def mean(name: str) -> float:
        return figures.mean([result[name] for result in results])

    def share_right(name: str) -> float | None:
        return figures.mean([float(result[name] > 0) for result in results]) if settings.has_posterior else None

    margins = [result["margin"] for result in results]
    hits = [int(margin > 0) for margin in margins]
    accuracy, low, high = figures.accuracy_interval([one.pair.prompt_id for one in measured], hits, step)
    posterior = share_right("posteriorMargin")
    shifts = [one.logit_shift for one in measured if one.logit_shift is not None]
    return {
        "type": "evaluation",
        "step": step,
        "pairs": len(measured),
        "loss": figures.mean([one.loss for one in measured]),
        "accuracy": accuracy,
        "accuracyLow": low,
        "accuracyHigh": high,
        "posteriorAccuracy": posterior,
        "swappedAccuracy": share_right("swappedMargin"),
        "priorPosteriorGap": None if posterior is None else posterior - accuracy,
        "causalRecovery": None,
        "margin": figures.mean(margins),
        "marginStd": figures.deviation(margins),
        "rewardChosen": mean("rewardChosen"),
        "rewardRejected": mean("rewardRejected"),
        "logpChosen": mean("logpChosen"),
        "logpRejected": mean("logpRejected"),
        "kl": mean("kl") if settings.has_posterior else 0,
        **_code_figures(measured, settings, pairs),
        "logitShift": figures.mean(shifts) if shifts else None,
        "lengthCorrelation": figures.pearson(margins, [len(one.pair.chosen) - len(one.pair.rejected) for one in measured]),
    }


def _code_figures(measured: list[Measured], settings: Settings, pairs: dict[str, Pair]) -> dict[str, Any]:
    """Each prompt counted once however many pairs it has."""
    if settings.codes is None:
        return {**figures.no_usage(), "codesInUse": None, "nmiSource": None, "nmiAspect": None}
    # The place of a prompt's first pair, the values of its last, as Facet's map of them has it.
    by_prompt = list({one.pair.prompt_id: one for one in measured}.values())
    priors = np.array([one.prior for one in by_prompt], np.float64)
    strongest = priors.argmax(1)
    origins = [pairs[one.pair.pair_id] for one in by_prompt]
    return {
        **figures.usage(priors),
        "codesInUse": figures.codes_in_use(strongest),
        "nmiSource": figures.nmi(strongest.tolist(), [origin.source for origin in origins]),
        "nmiAspect": figures.nmi(strongest.tolist(), [origin.aspect for origin in origins]),
    }


def encode_prompts(tokenizer: Tokenizer, prompts: list[Prompt], limits: Limits) -> list[Encoded]:
    return [
        Encoded(prompt.id, prompt.id, *cut((tokenizer.prompt(prompt.messages), [], []), limits, tokenizer.bos))
        for prompt in prompts
    ]


def codes_of(parallel: Parallel, wrapped: Wrapped, prompts: list[Encoded], shape: Shape, make: MakeRow) -> np.ndarray:
    """p(z|x) of every prompt in the order given, (n, K), float32."""
    place_of = {prompt.pair_id: place for place, prompt in enumerate(prompts)}
    own: dict[int, list[tuple[int, list[float]]]] = {}
    for place, row, counts in parallel.share(bin_pack(prompts, shape)):
        found = wrapped.module("prior", make(row).to(parallel.device))["prior"].float().tolist()
        if counts:
            own[place] = [(place_of[pair.pair_id], weights) for pair, weights in zip(row, found)]
    rows = sorted(item for part in parallel.gather(own) for item in part)
    return np.array([weights for _, weights in rows], "<f4")
