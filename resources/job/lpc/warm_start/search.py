"""From whitened features to the mixture that explains pairs set aside best: directions, ridge and sharpness chosen on them."""

import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from lpc.counter_random import Source
from lpc.warm_start.mixture import Data, Mixture, Ridges, fit, random_mixture, sigmoid
from lpc.warm_start.space import Space, View, spaces_tried, view_of, within_span

FOLDS = 3
# Fewer prompts are not worth being set aside.
FEWEST_PROMPTS = 12
# All restarts begin at the lightest ridge; the best one goes on, to one ridge after the other.
FIRST_ITERATIONS, RIDGE_ITERATIONS, SPAN_ITERATIONS = 80, 60, 80
# With the ridge chosen, on all pairs.
LAST_ITERATIONS = 150
# Along fewer of the codes' own directions, from where a fit has come to.
SPANS: list[int | None] = [1, 2, 4, None]
# By what the prior's logits are multiplied once all is fitted.
SHARPNESSES = [1, 1.5, 2, 3, 4]
# Several codes must be better than one, or none, by as many standard errors.
CONFIRMED = 1.64
# From light to heavy: a heavier ridge lets codes go that a lighter one needs, and none comes back.
RIDGE_FACTORS, RIDGE_FACTORS_OF_FEW = [0.5, 1, 3], [1 / 16, 1 / 4, 1, 3]
# Fewer prompts are few.
MANY_PROMPTS = 256


@dataclass
class Search:
    """What is searched through. `latent` holds the settings under Facet's names."""

    data: Data
    prompt_ids: list[str]
    latent: Any
    smoothing: float
    seed: int

    def ridges(self, factor: float) -> Ridges:
        latent = self.latent
        return Ridges(latent.codeRidge * factor, latent.priorRidge * factor, latent.codeCost, self.smoothing)

    def ridge_factors(self) -> list[float]:
        return RIDGE_FACTORS_OF_FEW if len(set(self.prompt_ids)) < MANY_PROMPTS else RIDGE_FACTORS

    def at(self, places: list[int]) -> Data:
        return Data(self.data.prompts[places], self.data.differences[places])


@dataclass
class Candidate:
    space: Space
    factor: float
    span: int | None
    losses: list[list[float]] = field(default_factory=lambda: [[] for _ in SHARPNESSES])
    """Of each pair, once set aside; by sharpness."""

    def lowest(self) -> list[float]:
        """With the sharpness that suits it: a heavy ridge leaves the prior unsure of codes that it tells well."""
        return min(self.losses, key=np.mean)


@dataclass
class Found:
    mixture: Mixture
    """Of the codes in use alone, the most used first, in the directions of the data."""
    span: int | None
    loss: float | None
    """Mean loss on pairs set aside; None where there were too few to set any aside."""


def folds_of(prompt_ids: list[str], seed: int) -> list[list[int]] | None:
    """Places of pairs by fold, those of one prompt together; None where there are too few prompts."""
    prompts = list(dict.fromkeys(prompt_ids))
    if len(prompts) < FEWEST_PROMPTS:
        return None
    order = Source(seed, "warm-start.folds", 0).shuffled(prompts)
    fold_of = {prompt: place % FOLDS for place, prompt in enumerate(order)}
    return [[place for place, id in enumerate(prompt_ids) if fold_of[id] == fold] for fold in range(FOLDS)]


def _fits(search: Search, view: View, space: Space, restarts: int, factors: list[float], spans: list[int | None]):
    """Fits of one space by ridge, from light to heavy, and span; the lightest is the best of several first draws."""
    data = view.data
    lightest = search.ridges(factors[0])
    # One code has one best fit, wherever it begins.
    begun = [
        fit(data, random_mixture(data, space.codes, search.seed, restart), lightest, FIRST_ITERATIONS)
        for restart in range(1 if space.codes == 1 else restarts)
    ]
    mixture, _ = min(begun, key=lambda one: one[1])
    for factor in factors:
        ridges = search.ridges(factor)
        mixture, _ = fit(data, mixture, ridges, RIDGE_ITERATIONS)
        for span in spans:
            yield within_span(data, mixture.in_use(data.prompts), span, ridges, SPAN_ITERATIONS)


def _held_out_losses(aside: Data, mixture: Mixture, ridges: Ridges) -> list[float]:
    """Of each pair −log P of the margin under the mean code, and what the codes cost."""
    prior = mixture.priors(aside.prompts)
    right = sigmoid((prior * (aside.differences @ mixture.codes.T)).sum(1))
    likelihood = ridges.smoothing + (1 - 2 * ridges.smoothing) * right
    cost = prior @ (mixture.codes**2).sum(1)
    return (-np.log(np.maximum(likelihood, 1e-300)) + ridges.code_cost / 2 * cost).tolist()


def _further_than_error(losses: list[float], lower: list[float], errors: float = 1) -> bool:
    """By more than `errors` standard errors of the difference: a gain that pairs set aside don't show is none."""
    further = np.array(losses) - np.array(lower)
    return bool(further.mean() > errors * further.std(ddof=1) / math.sqrt(len(further)))


def _best(candidates: list[Candidate]) -> Candidate:
    return min(candidates, key=lambda one: np.mean(one.lowest()))


def _choice(candidates: list[Candidate]) -> Candidate:
    """One code for all, where that, or none at all, is as good as the best of several codes, as far as can be told."""
    single = _best([one for one in candidates if one.space.codes == 1])
    several = [one for one in candidates if one.space.codes > 1]
    if not several:
        return single
    best = _best(several)
    found = best.lowest()
    others = [single.lowest(), [math.log(2)] * len(found)]
    return best if all(_further_than_error(other, found, CONFIRMED) for other in others) else single


def _choose(search: Search, folds: list[list[int]]) -> tuple[Candidate, float, float]:
    """The best candidate, its sharpness, and its mean loss with that."""
    factors = search.ridge_factors()
    spaces = spaces_tried(search.data, search.prompt_ids, search.latent.codes)
    candidates = [[Candidate(space, factor, span) for factor in factors for span in SPANS] for space in spaces]
    for fold in folds:
        aside = search.at(fold)
        rest = search.at([place for other in folds if other is not fold for place in other])
        for space, row in zip(spaces, candidates):
            view = view_of(rest, space)
            fits = _fits(search, view, space, min(2, search.latent.warmStartRestarts), factors, SPANS)
            for candidate, mixture in zip(row, fits, strict=True):
                fitted = view.widened(mixture, aside.prompts.shape[1])
                for losses, sharpness in zip(candidate.losses, SHARPNESSES):
                    losses += _held_out_losses(aside, fitted.sharpened(sharpness), search.ridges(candidate.factor))
    best = _choice([one for row in candidates for one in row])
    # The first within a standard error of the lowest.
    lowest = best.lowest()
    place = next(at for at, own in enumerate(best.losses) if not _further_than_error(own, lowest))
    return best, SHARPNESSES[place], float(np.mean(best.losses[place]))


def search_mixture(search: Search) -> Found:
    """Chooses directions, ridge and sharpness by pairs set aside in folds, and fits with them to all pairs."""
    folds = folds_of(search.prompt_ids, search.seed)
    if folds is None:
        widest = spaces_tried(search.data, search.prompt_ids, search.latent.codes)[-1]
        choice, sharpness, loss = Candidate(widest, 1, None), 1.0, None
    else:
        choice, sharpness, loss = _choose(search, folds)
    view = view_of(search.data, choice.space)
    factors = [factor for factor in search.ridge_factors() if factor <= choice.factor]
    *_, last = _fits(search, view, choice.space, search.latent.warmStartRestarts, factors, [None])
    ridges = search.ridges(choice.factor)
    whole, _ = fit(view.data, last, ridges, LAST_ITERATIONS)
    fitted = within_span(view.data, whole.in_use(view.data.prompts), choice.span, ridges, LAST_ITERATIONS)
    columns = search.data.prompts.shape[1]
    mixture = view.widened(fitted, columns).sharpened(sharpness).in_use(search.data.prompts)
    return Found(mixture, choice.span, loss)
