"""What of prompts and replies a fit sees: some leading directions of each, and of the codes' own."""

from dataclasses import dataclass, replace

import numpy as np

from lpc.warm_start.mixture import Data, Mixture, Ridges, fit
from lpc.warm_start.whiten import symmetric_eigen

# Beside all that there are.
REWARD_DIRECTIONS = [16]
PROMPT_DIRECTIONS = [4, 8, 16, 32, 64, 128, 256, 512]
# Prompts for each direction that is read, at most and at least: more would tell any prompt from any other.
MOST_PROMPTS_EACH, FEWEST_PROMPTS_EACH = 8, 2


@dataclass(frozen=True)
class Space:
    codes: int
    """1 where one taste for all prompts explains pairs set aside as well."""
    prompt_directions: int
    """Leading directions of the prompt that the prior reads."""
    reward_directions: int
    """Directions of the replies that codes are looked for along."""


def _prompt_directions_tried(whole: int, prompts: int) -> list[int]:
    tried = [
        count
        for count in PROMPT_DIRECTIONS
        if count < whole and count * FEWEST_PROMPTS_EACH <= prompts <= count * MOST_PROMPTS_EACH
    ]
    return [*tried, whole] if whole * FEWEST_PROMPTS_EACH <= prompts or not tried else tried


def spaces_tried(data: Data, prompt_ids: list[str], codes: int) -> list[Space]:
    """All spaces that are tried; of one code first, which reads no prompt."""
    widest = data.differences.shape[1]
    along = [*[count for count in REWARD_DIRECTIONS if count < widest], widest]
    directions = _prompt_directions_tried(data.prompts.shape[1], len(set(prompt_ids)))
    single = [Space(1, 1, count) for count in along]
    several = [Space(codes, prompt, count) for prompt in directions for count in along]
    return single if codes == 1 else single + several


@dataclass(frozen=True)
class View:
    """The pairs as a space sees them."""

    data: Data
    basis: np.ndarray
    """(directions, r)"""

    def widened(self, mixture: Mixture, columns: int) -> Mixture:
        """The same in the directions of the data: further directions of the prompt weigh nothing."""
        weight = np.zeros((len(mixture.weight), columns))
        weight[:, : mixture.weight.shape[1]] = mixture.weight
        return Mixture(mixture.codes @ self.basis, weight, mixture.bias)


# A direction along which the squared moment is below this share of the largest is noise: rounding decides where it points.
LEAST_SHARE = 1e-4
# What is left of an axis below this length lies along the directions that are there.
LEAST_LENGTH = 0.1


def _filled_up(leading: np.ndarray, count: int) -> np.ndarray:
    """The rows given, filled up to `count` by the axes in their order, as far as these point elsewhere; orthonormal."""
    rows = list(leading)
    for least in [LEAST_LENGTH, 1e-8]:
        for axis in np.eye(leading.shape[1]):
            if len(rows) == count:
                break
            known = np.array(rows).reshape(-1, len(axis))
            # Twice over, for the sake of rounding.
            for _ in range(2):
                axis = axis - known.T @ (known @ axis)
            length = np.linalg.norm(axis)
            if length > least:
                rows.append(axis / length)
    return np.array(rows)


def reward_directions(data: Data, count: int) -> np.ndarray:
    """The leading right singular vectors of Σ (h_x, 1)·(a(y_w) − a(y_l))ᵀ, (count, r), orthonormal.

    What is preferred, as far as it is linear in the prompt, lies along the first of them (reduced-rank regression). Where
    fewer matter, the leading directions of the replies follow.
    """
    with_one = np.concatenate([data.prompts, np.ones((len(data.prompts), 1))], 1)
    moment = with_one.T @ data.differences
    values, vectors = symmetric_eigen(moment.T @ moment)
    return _filled_up(vectors[:count][values[:count] > LEAST_SHARE * values[0]], min(count, len(values)))


def view_of(training: Data, space: Space) -> View:
    """Its directions follow from `training` alone."""
    prompts = training.prompts[:, : space.prompt_directions]
    basis = reward_directions(Data(prompts, training.differences), space.reward_directions)
    return View(Data(prompts, training.differences @ basis.T), basis)


def within_span(data: Data, mixture: Mixture, span: int | None, ridges: Ridges, iterations: int) -> Mixture:
    """The mixture with codes within `span` of their leading directions, fitted on from there."""
    if span is None or span >= len(mixture.codes):
        return mixture
    use = mixture.priors(data.prompts).mean(0)
    scaled = mixture.codes * np.sqrt(use)[:, None]
    # Left singular vectors by the small Gram matrix, right ones from them.
    values, vectors = symmetric_eigen(scaled @ scaled.T)
    kept = min(span, int((values > 1e-12 * values[0]).sum()))
    basis = vectors[:kept] @ scaled / np.sqrt(values[:kept])[:, None]
    narrow = Data(data.prompts, data.differences @ basis.T)
    fitted, _ = fit(narrow, replace(mixture, codes=mixture.codes @ basis.T), ridges, iterations)
    return replace(fitted, codes=fitted.codes @ basis)
