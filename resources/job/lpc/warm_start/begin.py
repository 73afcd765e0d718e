"""What a run begins with, found from its training pairs and put on the policy. Facet's own engine finds the same."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from lpc.counter_random import Source
from lpc.evaluation import MakeRow
from lpc.job import Settings
from lpc.latent import Latent
from lpc.objectives import loss_scale, scales_means, wrong_label_share
from lpc.packing import Encoded, Shape, bin_pack
from lpc.parallel import Parallel, Wrapped, as_sharded
from lpc.warm_start.mixture import Data, Mixture
from lpc.warm_start.search import Found, Search, search_mixture
from lpc.warm_start.whiten import Whitening, whiten

# More pairs than this tell the directions no better; a draw of them is read.
MOST_PAIRS = 2048
# p(k|x) of a code that the fit has no use for is e to this, relative to the least likely one in use.
UNUSED_LOGIT = -20


@dataclass
class Features:
    prompts: np.ndarray
    """h_x, (n, d)."""
    differences: np.ndarray
    """a(y_w) − a(y_l), (n, d): what z earns between the replies of each pair, β left out."""
    prompt_ids: list[str]

    def by_prompt(self) -> np.ndarray:
        """One row for each prompt."""
        first: dict[str, int] = {}
        for place, prompt in enumerate(self.prompt_ids):
            first.setdefault(prompt, place)
        return self.prompts[list(first.values())]


def _pairs_read(training: list[Encoded], seed: int) -> list[Encoded]:
    if len(training) <= MOST_PAIRS:
        return training
    return Source(seed, "warm-start.pairs", 0).shuffled(training)[:MOST_PAIRS]


def _features(
    parallel: Parallel, wrapped: Wrapped, settings: Settings, training: list[Encoded], shape: Shape, make: MakeRow
) -> Features:
    pairs = _pairs_read(training, settings.seed)
    place_of = {pair.pair_id: place for place, pair in enumerate(pairs)}
    own: dict[int, list[tuple[int, np.ndarray, np.ndarray]]] = {}
    for row_place, row, counts in parallel.share(bin_pack(pairs, shape)):
        found = wrapped.module("features", make(row).to(parallel.device))
        prompt, earned = (found[name].double().cpu().numpy() for name in ["prompt", "earned"])
        if counts:
            own[row_place] = [
                (place_of[pair.pair_id], prompt[slot], _difference(settings, pair, earned[slot]))
                for slot, pair in enumerate(row)
            ]
    rows = sorted((item for part in parallel.gather(own) for item in part), key=lambda item: item[0])
    prompts, differences = (np.stack([item[column] for item in rows]) for column in [1, 2])
    return Features(prompts, differences, [pair.prompt_id for pair in pairs])


def _difference(settings: Settings, pair: Encoded, earned: np.ndarray) -> np.ndarray:
    if not scales_means(settings):
        return earned[0] - earned[1]
    return earned[0] / max(1, len(pair.chosen)) - earned[1] / max(1, len(pair.rejected))


def _is_fitted(latent: Latent) -> bool:
    """Codes and prior can be fitted where both are linear in what was read."""
    asked = latent.latent
    linear = asked.warmStart and asked.kind == "codebook" and asked.priorNetwork == "linear"
    return linear and latent.prompt_directions > 0 and latent.code_directions > 0


def _padded(shape: torch.Size, values: np.ndarray) -> np.ndarray:
    """At the top left of a larger matrix of zeros."""
    whole = np.zeros(shape)
    whole[: values.shape[0], : values.shape[1]] = values
    return whole


def _heads(latent: Latent, mixture: Mixture) -> dict[str, np.ndarray]:
    named = latent.named()
    bias = np.full(latent.latent.codes, mixture.bias.min() + UNUSED_LOGIT)
    bias[: len(mixture.bias)] = mixture.bias
    return {
        "codebook": _padded(named["codebook"].shape, mixture.codes),
        "prior.output.weight": _padded(named["prior.output.weight"].shape, mixture.weight),
        "prior.output.bias": bias,
    }


def _note(found: Found, codes: int) -> str:
    used = len(found.mixture.codes)
    unused = codes - used
    idle = f", {unused} {'is' if unused == 1 else 'are'} unused" if unused else ""
    span = found.span
    along = "" if span is None or span >= used else f" along {span} direction{'' if span == 1 else 's'}"
    loss = "" if found.loss is None else f" (loss {found.loss:.3f} on pairs set aside)"
    return f"Warm start: {used} of {codes} codes in use{along}{idle}{loss}."


def _search(features: Features, prompt: Whitening, codes: Whitening, settings: Settings) -> Found:
    data = Data(prompt.of(features.prompts), codes.of(features.differences))
    return search_mixture(
        Search(data, features.prompt_ids, settings.latent, wrong_label_share(settings), settings.seed)
    )


def _found(latent: Latent, features: Features, settings: Settings) -> tuple[dict[str, np.ndarray], str | None]:
    """Values by Facet's names of them, and a word for a person where codes were fitted."""
    fixed = latent.fixed()
    values: dict[str, np.ndarray] = {}
    prompt = codes = note = None
    if latent.prompt_directions:
        prompt = whiten(features.by_prompt(), latent.prompt_directions, centred=True)
        values["prompt.mean"] = prompt.mean
        values["prompt.directions"] = _padded(fixed["prompt.directions"].shape, prompt.directions)
    if latent.code_directions:
        codes = whiten(features.differences, latent.code_directions, centred=False)
        # Divided by β, so that codes are in units of the objective's margin.
        scaled = codes.directions / loss_scale(settings)
        values["codebook.directions"] = _padded(fixed["codebook.directions"].shape, scaled)
    if prompt is not None and codes is not None and _is_fitted(latent):
        found = _search(features, prompt, codes, settings)
        values |= _heads(latent, found.mixture)
        note = _note(found, settings.latent.codes)
    return values, note


def begin(
    parallel: Parallel, wrapped: Wrapped, settings: Settings, training: list[Encoded], shape: Shape, make: MakeRow
) -> str | None:
    """Finds directions and, where asked for, codes and prior. The first process searches, and all take what it found."""
    latent = wrapped.policy.latent
    if latent is None or not (latent.prompt_directions or latent.code_directions):
        return None
    features = _features(parallel, wrapped, settings, training, shape, make)
    found: Any = _found(latent, features, settings) if parallel.is_main else None
    values, note = parallel.agree(found)
    wrapped.settle()
    named = {**latent.named(), **latent.fixed()}
    with torch.no_grad():
        for name, value in values.items():
            named[name].copy_(as_sharded(torch.from_numpy(value).float(), named[name]))
    return note
