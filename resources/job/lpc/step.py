"""One step: rows shared out over processes, gradients added, AdamW, and the step's figures."""

import math
import time
from typing import Any

import numpy as np
import torch

from lpc import evaluation, figures
from lpc.counter_random import uniforms
from lpc.job import JobError
from lpc.latent import StepInputs
from lpc.optimiser import set_rates
from lpc.packing import Encoded
from lpc.result import say
from lpc.run import Run
from lpc.schedule import StepSettings, step_settings


def step(run: Run) -> None:
    settings, parallel = run.settings, run.parallel
    now = step_settings(settings, run.done)
    run.wrapped.enter(now.stage)
    rows = run.order.take()
    share = 1 / sum(len(row) for row in rows)
    started = time.monotonic()
    run.wrapped.optimiser.zero_grad(set_to_none=True)
    own: dict[int, dict[str, Any]] = {}
    mine = parallel.share(rows)
    for index, (place, row, counts) in enumerate(mine):
        last = index + 1 == len(mine)
        if last or parallel.world == 1:
            found = _backward(run, now, row, place, share, counts)
        else:
            with run.wrapped.without_sync():
                found = _backward(run, now, row, place, share, counts)
        if counts:
            own[place] = found
    run.wrapped.rest()
    trained = [value for group in run.wrapped.optimiser.param_groups for value in group["params"]]
    with_gradient = [value for value in trained if value.grad is not None]
    norm = torch.nn.utils.clip_grad_norm_(with_gradient, settings.clipNorm if settings.clipNorm > 0 else math.inf)
    gradient_norm = float(norm.full_tensor() if hasattr(norm, "full_tensor") else norm)
    frame = _frame(run, now, rows, parallel.gather(own), gradient_norm, time.monotonic() - started)
    for name in ["loss", "kl", "gradNorm", "margin"]:
        if not math.isfinite(frame[name]):
            raise JobError(
                f"Step {run.done + 1}: {name} is {frame[name]}. The run ends; its last checkpoint is kept. "
                "Lower the rates, set clipNorm, or give it a longer warm-up."
            )
    set_rates(run.wrapped.optimiser, now)
    run.wrapped.optimiser.step()
    run.done += 1
    run.tell(frame)
    if run.result is not None:
        say(
            f"step {frame['step']}/{settings.steps}  loss {frame['loss']:.4f}  accuracy {frame['accuracy']:.3f}  "
            f"margin {frame['margin']:.3f}  {frame['tokensPerSecond']} tokens/s  "
            f"{frame['timeLeftMs'] / 60000:.1f} min left"
        )


def _backward(run: Run, now: StepSettings, row: list[Encoded], place: int, share: float, counts: bool) -> dict[str, Any]:
    device = run.parallel.device
    found = run.wrapped.module(
        "train",
        run.make(row).to(device),
        stage=now.stage,
        reference=evaluation.reference_tensor(row, run.references, device),
        share=share,
        step=_inputs(run, now, row),
        kl_weight=now.kl_weight,
        dropout=_dropout(run, now, place),
    )
    # Gradients are averaged over processes, and should be added; a stand-in adds none.
    scale = run.parallel.world if counts else 0.0
    (found["loss"] * scale).backward()
    run.wrapped.policy.rest_dropout()
    return {name: value.detach().float().tolist() for name, value in found.items()}


def _inputs(run: Run, now: StepSettings, row: list[Encoded]) -> StepInputs:
    latent = run.wrapped.policy.latent
    if latent is None:
        return StepInputs(None, None, now.g, now.temperature)
    ids = [pair.pair_id for pair in row]

    def noise(stream: str) -> torch.Tensor | None:
        drawn = latent.noise(stream, run.done, ids)
        return None if drawn is None else drawn.to(run.parallel.device)

    return StepInputs(noise("prior"), noise("posterior"), now.g, now.temperature)


def _dropout(run: Run, now: StepSettings, place: int) -> tuple[torch.Tensor, torch.Tensor] | None:
    dropouts = run.wrapped.policy.dropouts
    if not dropouts or now.stage != "all":
        return None
    counter = run.done * (run.settings.batchPairs or run.settings.accumulation) + place
    width = max(one.size for one in dropouts)

    def draw(stream: str, count: int) -> torch.Tensor:
        values = uniforms(run.settings.seed, stream, counter, len(dropouts) * count)
        return torch.from_numpy(values.reshape(len(dropouts), count)).to(run.parallel.device)

    return draw("lora-dropout-tokens", run.shape.tokens), draw("lora-dropout-features", width)


def _frame(
    run: Run, now: StepSettings, rows: list[list[Encoded]], found: list[dict[str, Any]], gradient_norm: float, seconds: float
) -> dict[str, Any]:
    settings = run.settings
    pairs = [pair for row in rows for pair in row]

    def total(name: str) -> float:
        return sum(row[name] for row in found)

    def by_pair(name: str) -> list[Any]:
        return [value for row in found for value in row[name]]

    margins, rewards, logps = by_pair("margin"), by_pair("rewards"), by_pair("logps")
    priors = np.array(by_pair("prior"), np.float64) if settings.codes is not None else None
    if run.mass is not None and priors is not None:
        run.mass = [before + float(added) for before, added in zip(run.mass, priors.sum(0))]
        run.mass_prompts += len(priors)
    tokens = sum(pair.length for pair in pairs)
    run.pace = seconds if run.pace is None else 0.9 * run.pace + 0.1 * seconds
    bonus = settings.codes is not None and settings.latent.batchEntropyBonus > 0
    return {
        "type": "step",
        "step": run.done + 1,
        "totalSteps": settings.steps,
        "loss": total("loss"),
        "preferenceLoss": total("preference_loss"),
        "klLoss": total("kl_loss") if settings.has_posterior else None,
        "bonusLoss": total("bonus_loss") if bonus else None,
        "kl": total("kl") if settings.has_posterior else 0,
        "gradNorm": gradient_norm,
        "accuracy": figures.mean([float(margin > 0) for margin in margins]),
        "margin": figures.mean(margins),
        "marginStd": figures.deviation(margins),
        "rewardChosen": figures.mean([reward[0] for reward in rewards]),
        "rewardRejected": figures.mean([reward[1] for reward in rewards]),
        "logpChosen": figures.mean([logp[0] for logp in logps]),
        "logpRejected": figures.mean([logp[1] for logp in logps]),
        "lengthCorrelation": figures.pearson(margins, [len(pair.chosen) - len(pair.rejected) for pair in pairs]),
        **(figures.no_usage() if priors is None else figures.usage(priors)),
        "pairs": len(pairs),
        "tokens": tokens,
        "g": now.g,
        "temperature": None if settings.codes is None else now.temperature,
        "klWeight": now.kl_weight if settings.has_posterior else None,
        "learningRate": now.heads_rate if now.stage == "heads" else now.learning_rate,
        "headsLearningRate": now.heads_rate,
        "tokensPerSecond": round(tokens / max(seconds, 1e-9)),
        "timeLeftMs": round(1000 * run.pace * (settings.steps - run.done - 1)),
        "stage": now.stage,
    }
