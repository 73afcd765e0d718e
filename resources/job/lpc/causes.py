"""Codes forced on held-out pairs: what each does to their margins, whoever would choose it. Facet makes its figures of them."""

from collections import Counter
from typing import Any, Callable

import numpy as np
import torch

from lpc import evaluation
from lpc.checkpoints import as_json
from lpc.counter_random import hash32
from lpc.evaluation import Measured
from lpc.job import Pair
from lpc.packing import bin_pack
from lpc.run import Run

MOST_CODES = 16
MOST_PAIRS = 512
LEAST_SHARE = 0.01
"""Of the prompts, for which a code has to be the strongest to count as in use."""


def _drawn(measured: list[Measured]) -> list[Measured]:
    """Whole prompts, drawn by their ids."""
    if len(measured) <= MOST_PAIRS:
        return measured
    return sorted(measured, key=lambda one: hash32(f"causes:{one.pair.prompt_id}"))[:MOST_PAIRS]


def _grouping(origins: list[Pair]) -> str | None:
    """By source where there are several, else by aspect."""
    for name in ["source", "aspect"]:
        if len({value for value in (getattr(one, name) for one in origins) if value is not None}) > 1:
            return name
    return None


def _in_use(prompts: list[Measured]) -> list[int]:
    """Most used first."""
    counts = Counter(int(np.argmax(one.prior)) for one in prompts)
    used = [(code, count) for code, count in counts.items() if count >= LEAST_SHARE * len(prompts)]
    return [code for code, _ in sorted(used, key=lambda item: (-item[1], item[0]))]


def _force(run: Run, drawn: list[Measured], codes: list[int], shared: list[float]) -> dict[str, dict[str, Any]]:
    """Margins of every pair, by its id."""
    device = run.parallel.device
    prior_of = {one.pair.pair_id: one.prior for one in drawn}
    own: dict[int, list[tuple[str, dict[str, Any]]]] = {}
    for place, row, counts in run.parallel.share(bin_pack([one.pair for one in drawn], run.shape)):
        found = run.wrapped.module(
            "force",
            run.make(row).to(device),
            reference=evaluation.reference_tensor(row, run.references, device),
            prior=torch.tensor([prior_of[pair.pair_id] for pair in row], device=device),
            shared=torch.tensor(shared, device=device),
            codes=codes,
        )
        values = {name: value.float().tolist() for name, value in found.items()}
        if counts:
            own[place] = [
                (pair.pair_id, {name: rows[slot] for name, rows in values.items()}) for slot, pair in enumerate(row)
            ]
    return {id: margins for part in run.parallel.gather(own) for id, margins in part}


def forced_codes(run: Run, measured: list[Measured]) -> bytes | None:
    """`forced-STEP.json` of a result; None for a latent without codes. Every process has to ask."""
    if run.settings.codes is None or not measured:
        return None
    drawn = _drawn(measured)
    grouping = _grouping([run.pairs[one.pair.pair_id] for one in drawn])
    prompts = list({one.pair.prompt_id: one for one in measured}.values())
    used = _in_use(prompts)
    codes = used[:MOST_CODES]
    told: dict[str, Any] = {
        "pairs": len(drawn),
        "heldOutPairs": len(measured),
        "codes": codes,
        "codesLeftOut": len(used) - len(codes),
        "groupedBy": grouping,
        "forced": [],
    }
    if grouping is not None:
        shared = np.mean([one.prior for one in prompts], axis=0).tolist()
        margins = _force(run, drawn, codes, shared)
        group_of: Callable[[Measured], str | None] = lambda one: getattr(run.pairs[one.pair.pair_id], grouping)
        told["forced"] = [
            {
                "promptId": one.pair.prompt_id,
                "group": group_of(one),
                "strongest": int(np.argmax(one.prior)),
                "margin": one.result["margin"],
                **margins[one.pair.pair_id],
            }
            for one in drawn
            if group_of(one) is not None
        ]
    return f"{as_json(told)}\n".encode()
