"""Dead codes are given another life: values of a living code with a little noise, and moments at zero."""

import numpy as np
import torch

from lpc.counter_random import Source, normals
from lpc.figures import DEAD_CODE_SHARE
from lpc.parallel import Wrapped, as_sharded, full

BY_CODE = ["codebook", "prior.output.weight", "prior.output.bias", "posterior.output.weight", "posterior.output.bias"]
NOISE_SHARE = 0.1


def plan(mass: list[float], prompts: int, seed: int, step: int) -> list[tuple[int, int]]:
    """Dead codes, each with a living one drawn by its mass."""
    if prompts == 0:
        return []
    dead = [code for code, amount in enumerate(mass) if amount / prompts < DEAD_CODE_SHARE]
    living = [code for code in range(len(mass)) if code not in dead]
    if not living:
        return []
    random = Source(seed, "reseed", step)
    total = sum(mass[code] for code in living)
    chosen = []
    for code in dead:
        left = float(random.uniforms(1)[0]) * total
        source = living[-1]
        for candidate in living:
            left -= mass[candidate]
            if left <= 0:
                source = candidate
                break
        chosen.append((code, source))
    return chosen


def apply(wrapped: Wrapped, planned: list[tuple[int, int]], codes: int, seed: int, step: int) -> None:
    wrapped.settle()
    named = wrapped.policy.heads_named()
    for name in [name for name in BY_CODE if name in named]:
        parameter = named[name]
        before = full(parameter.detach()).float().cpu().numpy().reshape(codes, -1)
        width = before.shape[1]
        std = NOISE_SHARE * float(np.sqrt((before.astype(np.float64) ** 2).mean()))
        noise = normals(seed, f"reseed.{name}", step, len(planned) * width, 1.0).astype(np.float64).reshape(-1, width)
        after = before.copy()
        for row, (dead, source) in enumerate(planned):
            after[dead] = before[source] + std * noise[row]
        with torch.no_grad():
            whole = torch.from_numpy(after).reshape(parameter.shape)
            parameter.copy_(as_sharded(whole, parameter))
            state = wrapped.optimiser.state.get(parameter, {})
            for key in ["exp_avg", "exp_avg_sq"]:
                if key in state:
                    moment = full(state[key]).cpu().reshape(codes, -1)
                    moment[[dead for dead, _ in planned]] = 0
                    state[key].copy_(as_sharded(moment.reshape(parameter.shape), state[key]))
