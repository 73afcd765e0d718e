"""The latent of LPC: prior, posterior and codebook, and the controls that take the codebook's place.

d hidden size, K codes, P pairs. Parameters have the names under which Facet keeps them.
"""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from lpc.counter_random import gumbels, normals
from lpc.job import Settings

LOG_VARIANCE_RANGE = (-12.0, 4.0)
FIRST_LENGTH = 0.01


class Network(nn.Module):
    """Two layers with SiLU in between, or one linear map where `hidden` is 0: (P, in) → (P, out)."""

    def __init__(self, inputs: int, hidden: int, outputs: int) -> None:
        super().__init__()
        self.hidden = nn.Linear(inputs, hidden) if hidden else None
        self.output = nn.Linear(hidden or inputs, outputs)

    def forward(self, x: Tensor) -> Tensor:
        return self.output(x if self.hidden is None else nn.functional.silu(self.hidden(x)))


class Vector(nn.Module):
    """One free vector for all prompts."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self.bias = nn.Parameter(torch.zeros(size))


class Injection(nn.Module):
    """W (d, d): what a block's input is moved by, z Wᵀ."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(size, size))


@dataclass
class States:
    """h_x, h_w and h_l, (P, d) each, before z is added."""

    prompt: Tensor
    chosen: Tensor
    rejected: Tensor

    def swapped(self) -> "States":
        return States(self.prompt, self.rejected, self.chosen)


@dataclass
class Drawn:
    z: Tensor
    kl: Tensor | None
    """KL(q‖p) of each pair, (P); None without a posterior."""
    prior: Tensor | None
    """Logits of p(z|x), (P, K); None without a codebook."""


@dataclass
class StepInputs:
    """What of a step the latent needs: noise of its pairs (P, ·), g and τ."""

    noise_prior: Tensor | None
    noise_posterior: Tensor | None
    g: float
    temperature: float


class Latent(nn.Module):
    """From states to z: in training from prior and posterior with noise, in use from the prior alone."""

    def __init__(self, settings: Settings, size: int, layers: int) -> None:
        super().__init__()
        latent = settings.latent
        self.settings, self.latent, self.size = settings, latent, size
        codes = latent.codes
        self.prompt_directions = 0 if latent.kind == "bias" else min(latent.promptDirections, size)
        self.code_directions = min(latent.codeDirections, size) if latent.kind == "codebook" and latent.injection == "head" else 0
        inputs = self.prompt_directions or size
        if latent.kind == "codebook":
            self.prior = Network(inputs, 0 if latent.priorNetwork == "linear" else size, codes)
            if latent.posterior == "network":
                self.posterior = Network(inputs + 2 * size, size, codes)
            self.codebook = nn.Parameter(torch.zeros(codes, self.code_directions or size))
            if self.code_directions:
                self.codebook_length = nn.Parameter(torch.full((1,), FIRST_LENGTH))
                self.register_buffer("codebook_directions", torch.zeros(self.code_directions, size))
        elif latent.kind == "gaussian":
            self.prior = Network(inputs, size, 2 * size)
            self.posterior = Network(inputs + 2 * size, size, 2 * size)
        elif latent.kind == "mlp":
            self.vector = Network(inputs, size, size)
        else:
            self.vector = Vector(size)
        if self.prompt_directions:
            self.register_buffer("prompt_mean", torch.zeros(size))
            self.register_buffer("prompt_directions_of", torch.zeros(self.prompt_directions, size))
        injected = settings.injected_blocks
        self.blocks = [layers - injected + index for index in range(injected)]
        self.injection = nn.ModuleDict({str(block): Injection(size) for block in self.blocks})
        self._initialise()

    def named(self) -> dict[str, Tensor]:
        """Trained parameters, by Facet's names."""
        return {_name(name): value for name, value in self.named_parameters()}

    def fixed(self) -> dict[str, Tensor]:
        """Directions found before the first step, never trained, by Facet's names."""
        return {_name(name): value for name, value in self.named_buffers()}

    def _initialise(self) -> None:
        """A stream of its own for each tensor, keyed by seed: the same start as Facet's, to the bit."""
        latent = self.latent
        with torch.no_grad():
            for name, value in self.named().items():
                std = self._initial_std(name, value)
                if name == "codebook.length" or std == 0:
                    if name != "codebook.length":
                        value.zero_()
                else:
                    drawn = normals(self.settings.seed, f"heads.{name}", 0, value.numel(), std)
                    value.copy_(torch.from_numpy(drawn).reshape(value.shape))
                if latent.kind == "gaussian" and name.endswith(".output.bias"):
                    value[value.numel() // 2 :] = 2 * math.log(max(1e-3, latent.codebookInitStd))

    def _initial_std(self, name: str, value: Tensor) -> float:
        if name == "codebook":
            return self.latent.codebookInitStd
        if name.startswith("injection."):
            return 0.002
        if name.endswith(".bias"):
            return 0
        if name.endswith(".output.weight") and self.latent.kind != "codebook":
            return 0
        return 1 / math.sqrt(value.shape[1]) if value.dim() > 1 else 0

    @property
    def noise_width(self) -> int:
        return {"codebook": self.latent.codes, "gaussian": self.size}.get(self.latent.kind, 0)

    def noise(self, stream: str, counter: int, pair_ids: list[str]) -> Tensor | None:
        """Gumbel for a codebook, normal for a Gaussian, (P, ·); each pair's follows from seed, step and pair alone."""
        if self.noise_width == 0:
            return None
        draw = gumbels if self.latent.kind == "codebook" else normals
        rows = [draw(self.settings.seed, f"{stream}:{id}", counter, self.noise_width) for id in pair_ids]
        return torch.from_numpy(np.stack(rows))

    def codes(self) -> Tensor:
        """E (K, d): as it is, or made of chosen directions, length · C·B."""
        if not self.code_directions:
            return self.codebook
        return (self.codebook * self.codebook_length) @ self.codebook_directions

    def _read(self, prompt: Tensor) -> Tensor:
        if not self.prompt_directions:
            return prompt
        return (prompt - self.prompt_mean) @ self.prompt_directions_of.T

    def prior_output(self, prompt: Tensor) -> Tensor:
        return self.prior(self._read(prompt))

    def posterior_output(self, states: States) -> Tensor:
        return self.posterior(torch.cat([self._read(states.prompt), states.chosen, states.rejected], 1))

    def draw(self, states: States, inputs: StepInputs) -> Drawn:
        """z of a training step: s = g·p̃ + (1 − g)·q̃, z = s·E; (P, d)."""
        kind = self.latent.kind
        if kind == "mlp":
            return Drawn(self.vector(self._read(states.prompt)), None, None)
        if kind == "bias":
            return Drawn(self.vector.bias.expand(states.prompt.shape[0], -1), None, None)
        prior = self.prior_output(states.prompt)
        if kind == "gaussian":
            posterior = self.posterior_output(states)
            z = inputs.g * _reparameterise(prior, inputs.noise_prior) + (1 - inputs.g) * _reparameterise(
                posterior, inputs.noise_posterior
            )
            return Drawn(z, _gaussian_kl(posterior, prior), None)

        def mixture(logits: Tensor, noise: Tensor | None) -> Tensor:
            if not self.latent.gumbelNoise:
                return logits.softmax(-1)
            return ((logits + noise) / inputs.temperature).softmax(-1)

        from_prior = mixture(prior, inputs.noise_prior)
        if not self.settings.has_posterior:
            return Drawn(from_prior @ self.codes(), None, prior)
        posterior = self.posterior_output(states)
        mixed = inputs.g * from_prior + (1 - inputs.g) * mixture(posterior, inputs.noise_posterior)
        return Drawn(mixed @ self.codes(), kl_divergence(posterior, prior), prior)

    def in_use(self, prompt: Tensor, noise: Tensor | None) -> tuple[Tensor, Tensor | None]:
        """z from h_x alone, and the prior network's output: evaluation and scores."""
        if self.latent.kind == "mlp":
            return self.vector(self._read(prompt)), None
        if self.latent.kind == "bias":
            return self.vector.bias.expand(prompt.shape[0], -1), None
        output = self.prior_output(prompt)
        return self.z_of(output, noise), output

    def z_of(self, output: Tensor, noise: Tensor | None) -> Tensor:
        """z by one network's output, read as the run says: expectation, strongest code, or one drawn."""
        inference = self.latent.inference
        if self.latent.kind == "gaussian":
            return _reparameterise(output, noise) if inference == "sample" else _gaussian(output)[0]
        if inference == "expectation":
            return output.softmax(-1) @ self.codes()
        scores = output + noise if inference == "sample" and noise is not None else output
        chosen = nn.functional.one_hot(scores.argmax(-1), output.shape[1]).to(output.dtype)
        return chosen @ self.codes()

    def kl(self, posterior: Tensor, prior: Tensor) -> Tensor:
        return _gaussian_kl(posterior, prior) if self.latent.kind == "gaussian" else kl_divergence(posterior, prior)


def _name(name: str) -> str:
    """Facet's name of a parameter or buffer of this module."""
    known: dict[str, str] = {
        "codebook_length": "codebook.length",
        "codebook_directions": "codebook.directions",
        "prompt_mean": "prompt.mean",
        "prompt_directions_of": "prompt.directions",
    }
    return known.get(name, name)


def kl_divergence(posterior: Tensor, prior: Tensor) -> Tensor:
    """KL(q‖p) = Σ_k q_k (log q_k − log p_k), nats, from logits: (P)."""
    log_q = posterior.log_softmax(-1)
    return (log_q.exp() * (log_q - prior.log_softmax(-1))).sum(-1)


def batch_entropy(logits: Tensor) -> Tensor:
    """H(mean_x p) − mean_x H(p) over a row's pairs, nats."""
    log_p = logits.log_softmax(-1)
    mean = log_p.exp().mean(0)
    return -(mean * (mean + 1e-12).log()).sum() + (log_p.exp() * log_p).sum(-1).mean()


def _gaussian(output: Tensor) -> tuple[Tensor, Tensor]:
    mean, log_variance = output.chunk(2, -1)
    return mean, log_variance.clamp(*LOG_VARIANCE_RANGE)


def _reparameterise(output: Tensor, noise: Any) -> Tensor:
    mean, log_variance = _gaussian(output)
    return mean + (log_variance * 0.5).exp() * noise


def _gaussian_kl(posterior: Tensor, prior: Tensor) -> Tensor:
    (mean_q, log_q), (mean_p, log_p) = _gaussian(posterior), _gaussian(prior)
    ratio = log_q - log_p
    return 0.5 * (ratio.exp() + (mean_q - mean_p) ** 2 * (-log_p).exp() - 1 - ratio).sum(-1)
