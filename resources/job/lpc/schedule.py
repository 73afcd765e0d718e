"""What changes from step to step: stage, rates, g, τ, λ. Steps count from 0."""

import math
from dataclasses import dataclass

from lpc.job import Settings


@dataclass(frozen=True)
class StepSettings:
    stage: str
    """`heads` trains prior, posterior and codebook over a backbone at rest; `all` trains everything the run trains."""
    learning_rate: float
    heads_rate: float
    codebook_rate: float
    length_rate: float
    g: float
    temperature: float
    kl_weight: float


def backbone_start(settings: Settings) -> int:
    """First step at which the backbone trains; equal to `steps` where it never does."""
    if settings.trainable == "heads":
        return settings.steps
    if settings.latent is None:
        return 0
    # As JavaScript rounds: halves go up.
    return math.floor(settings.headsFirst * settings.steps + 0.5)


def rate_share(schedule: str, step: int, steps: int, warmup_steps: int) -> float:
    """Linear warm-up (the first of w steps at 1/w), then constant, linear to 0, or cosine."""
    warmup = min(warmup_steps, steps)
    if step < warmup:
        return (step + 1) / warmup
    t = (step - warmup) / max(1, steps - warmup)
    if schedule == "constant":
        return 1.0
    return 1 - t if schedule == "linear" else (1 + math.cos(math.pi * t)) / 2


def step_settings(settings: Settings, step: int) -> StepSettings:
    """Backbone and heads each have a warm-up and a schedule of their own, over the steps that they train."""
    start = backbone_start(settings)
    latent = settings.latent

    def share(since: int) -> float:
        return rate_share(settings.schedule, step - since, settings.steps - since, settings.warmupSteps)

    codebook = settings.headsLearningRate if settings.codebookLearningRate is None else settings.codebookLearningRate
    return StepSettings(
        stage="all" if step >= start else "heads",
        learning_rate=settings.learningRate * share(start) if step >= start else 0.0,
        heads_rate=settings.headsLearningRate * share(0),
        codebook_rate=codebook * share(0),
        length_rate=settings.lengthLearningRate * share(0),
        g=_prior_share(settings, step),
        temperature=1.0 if latent is None else _temperature(latent, step, settings.steps),
        kl_weight=0.0 if latent is None else _kl_weight(latent, step),
    )


def _prior_share(settings: Settings, step: int) -> float:
    if not settings.has_posterior or settings.latent.priorShare == "posterior-only":
        return 0.0
    if settings.latent.priorShare == "prior-only":
        return 1.0
    return 1.0 if settings.steps < 2 else step / (settings.steps - 1)


def _temperature(latent: object, step: int, steps: int) -> float:
    first, last = latent.temperature, latent.finalTemperature  # type: ignore[attr-defined]
    if first == last or steps < 2:
        return first
    return first * (last / first) ** (step / (steps - 1))


def _kl_weight(latent: object, step: int) -> float:
    weight, warmup = latent.klWeight, latent.klWarmupSteps  # type: ignore[attr-defined]
    return weight * step / warmup if step < warmup else weight
