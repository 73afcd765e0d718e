"""The run: steps, evaluations and checkpoints on the way, from the first step or from where it stopped."""

import math
import signal
import time
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch

from lpc import checkpoints, evaluation, figures, reseed
from lpc.counter_random import uniforms
from lpc.job import JobError, Settings
from lpc.latent import StepInputs
from lpc.optimiser import set_rates
from lpc.packing import Encoded, RowOrder, Shape
from lpc.parallel import Parallel, Wrapped
from lpc.result import Result, say
from lpc.schedule import StepSettings, backbone_start, step_settings

# A run is never further than this from its last checkpoint.
LONGEST_UNSAVED_S = 600


@dataclass
class Best:
    step: int
    accuracy: float
    loss: float
    folder: str


@dataclass
class Run:
    """What a run is made of, and how far it is."""

    parallel: Parallel
    settings: Settings
    wrapped: Wrapped
    shape: Shape
    training: list[Encoded]
    held_out: list[Encoded]
    prompts: list[Encoded]
    pairs: dict[str, Any]
    references: dict[str, tuple[float, float]] | None
    make: evaluation.MakeRow
    result: Result | None
    """None on all processes but the first."""
    keeper: checkpoints.Keeper
    dataset_fingerprint: str
    codes_at: str
    """`evaluations` or `end`."""
    done: int = 0
    best: Best | None = None
    since_best: int = 0
    mass: list[float] | None = None
    mass_prompts: int = 0
    measured_at: int = -1
    saved_at: int = -1
    order: RowOrder = field(init=False)

    def __post_init__(self) -> None:
        self.order = RowOrder(self.training, self.shape, self.settings.seed)
        reseeds = self.settings.codes is not None and self.settings.latent.reseedDeadEvery > 0
        self.mass = [0.0] * self.settings.codes if reseeds and self.settings.codes else None
        self._saved_s = time.monotonic()
        self._stop = False
        self._pace: float | None = None

    def tell(self, frame: dict[str, Any]) -> None:
        if self.result is not None:
            self.result.tell(frame)

    # ── one step ──────────────────────────────────────────────────────────────

    def step(self) -> None:
        settings, parallel = self.settings, self.parallel
        now = step_settings(settings, self.done)
        self.wrapped.enter(now.stage)
        rows = self.order.take(settings.accumulation)
        share = 1 / sum(len(row) for row in rows)
        started = time.monotonic()
        self.wrapped.optimiser.zero_grad(set_to_none=True)
        own: dict[int, dict[str, Any]] = {}
        mine = parallel.share(rows)
        for index, (place, row, counts) in enumerate(mine):
            last = index + 1 == len(mine)
            if last or parallel.world == 1:
                found = self._backward(now, row, place, share, counts)
            else:
                with self.wrapped.without_sync():
                    found = self._backward(now, row, place, share, counts)
            if counts:
                own[place] = found
        trained = [value for group in self.wrapped.optimiser.param_groups for value in group["params"]]
        with_gradient = [value for value in trained if value.grad is not None]
        norm = torch.nn.utils.clip_grad_norm_(with_gradient, settings.clipNorm if settings.clipNorm > 0 else math.inf)
        gradient_norm = float(norm.full_tensor() if hasattr(norm, "full_tensor") else norm)
        frame = self._frame(now, rows, parallel.gather(own), gradient_norm, time.monotonic() - started)
        for name in ["loss", "kl", "gradNorm", "margin"]:
            if not math.isfinite(frame[name]):
                raise JobError(
                    f"Step {self.done + 1}: {name} is {frame[name]}. The run ends; its last checkpoint is kept. "
                    "Lower the rates, set clipNorm, or give it a longer warm-up."
                )
        set_rates(self.wrapped.optimiser, now)
        self.wrapped.optimiser.step()
        self.done += 1
        self.tell(frame)
        if self.result is not None:
            say(
                f"step {frame['step']}/{settings.steps}  loss {frame['loss']:.4f}  accuracy {frame['accuracy']:.3f}  "
                f"margin {frame['margin']:.3f}  {frame['tokensPerSecond']} tokens/s  "
                f"{frame['timeLeftMs'] / 60000:.1f} min left"
            )

    def _backward(self, now: StepSettings, row: list[Encoded], place: int, share: float, counts: bool) -> dict[str, Any]:
        device = self.parallel.device
        found = self.wrapped.module(
            "train",
            self.make(row).to(device),
            stage=now.stage,
            reference=evaluation.reference_tensor(row, self.references, device),
            share=share,
            step=self._inputs(now, row),
            kl_weight=now.kl_weight,
            dropout=self._dropout(now, place),
        )
        # Gradients are averaged over processes, and should be added; a stand-in adds none.
        scale = self.parallel.world if counts else 0.0
        (found["loss"] * scale).backward()
        return {name: value.detach().float().tolist() for name, value in found.items()}

    def _inputs(self, now: StepSettings, row: list[Encoded]) -> StepInputs:
        latent = self.wrapped.policy.latent
        if latent is None:
            return StepInputs(None, None, now.g, now.temperature)
        ids = [pair.pair_id for pair in row]

        def noise(stream: str) -> torch.Tensor | None:
            drawn = latent.noise(stream, self.done, ids)
            return None if drawn is None else drawn.to(self.parallel.device)

        return StepInputs(noise("prior"), noise("posterior"), now.g, now.temperature)

    def _dropout(self, now: StepSettings, place: int) -> tuple[torch.Tensor, torch.Tensor] | None:
        dropouts = self.wrapped.policy.dropouts
        if not dropouts or now.stage != "all":
            return None
        counter = self.done * self.settings.accumulation + place
        width = max(one.size for one in dropouts)

        def draw(stream: str, count: int) -> torch.Tensor:
            values = uniforms(self.settings.seed, stream, counter, len(dropouts) * count)
            return torch.from_numpy(values.reshape(len(dropouts), count)).to(self.parallel.device)

        return draw("lora-dropout-tokens", self.shape.tokens), draw("lora-dropout-features", width)

    def _frame(
        self, now: StepSettings, rows: list[list[Encoded]], found: list[dict[str, Any]], gradient_norm: float, seconds: float
    ) -> dict[str, Any]:
        settings = self.settings
        pairs = [pair for row in rows for pair in row]

        def total(name: str) -> float:
            return sum(row[name] for row in found)

        def by_pair(name: str) -> list[Any]:
            return [value for row in found for value in row[name]]

        margins, rewards, logps = by_pair("margin"), by_pair("rewards"), by_pair("logps")
        priors = np.array(by_pair("prior"), np.float64) if settings.codes is not None else None
        if self.mass is not None and priors is not None:
            self.mass = [before + float(added) for before, added in zip(self.mass, priors.sum(0))]
            self.mass_prompts += len(priors)
        tokens = sum(pair.length for pair in pairs)
        self._pace = seconds if self._pace is None else 0.9 * self._pace + 0.1 * seconds
        bonus = settings.codes is not None and settings.latent.batchEntropyBonus > 0
        return {
            "type": "step",
            "step": self.done + 1,
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
            "timeLeftMs": round(1000 * self._pace * (settings.steps - self.done - 1)),
            "stage": now.stage,
        }

    # ── between steps ─────────────────────────────────────────────────────────

    def evaluate(self, is_stop: bool = False) -> None:
        """Held-out figures of the step, and the `best` checkpoint where they are better than before."""
        if not self.held_out:
            return
        measured = evaluation.measure(
            self.parallel, self.wrapped, self.settings, self.held_out, self.shape, self.references, self.make
        )
        frame = evaluation.evaluation_frame(self.done, measured, self.settings, self.pairs)
        self.measured_at = self.done
        self.tell(frame)
        if self.result is not None:
            say(f"held out after step {self.done}: accuracy {frame['accuracy']:.3f}, loss {frame['loss']:.4f}")
            lines = "".join(f"{checkpoints.as_json(one.result)}\n" for one in measured).encode()
            self.result.put(f"held-out-{self.done:06d}.jsonl", lines)
            self.result.put("held-out-pairs.jsonl", lines)
            if self.settings.codes is not None:
                told = [{"pairId": one.pair.pair_id, "weights": one.prior, "state": one.state} for one in measured]
                codes = "".join(f"{checkpoints.as_json(_rounded(one))}\n" for one in told).encode()
                self.result.put("held-out-codes.jsonl", codes)
        counts = not is_stop or self.best is None
        if counts and self._is_better(frame):
            trained = checkpoints.trained_of(self.wrapped)
            self.best = Best(self.done, frame["accuracy"], frame["loss"], f"best-{self.done:06d}")
            self.since_best = 0
            if self.result is not None:
                self.tell(self.keeper.write("best", self.done, trained, None))
        elif backbone_start(self.settings) >= self.settings.steps or self.done > backbone_start(self.settings):
            self.since_best += 1

    def _is_better(self, frame: dict[str, Any]) -> bool:
        if self.best is None or frame["accuracy"] > self.best.accuracy:
            return True
        return frame["accuracy"] == self.best.accuracy and frame["loss"] < self.best.loss

    def save(self) -> None:
        """The `last` checkpoint, unless this step has one."""
        if self.saved_at == self.done:
            return
        trained, moments = checkpoints.trained_of(self.wrapped), checkpoints.moments_of(self.wrapped)
        self.saved_at, self._saved_s = self.done, time.monotonic()
        if self.result is not None:
            self.tell(self.keeper.write("last", self.done, trained, (moments, self._progress())))
        self.parallel.wait()

    def _progress(self) -> dict[str, Any]:
        return {
            "step": self.done,
            "place": {"epoch": self.order.epoch, "row": self.order.row},
            "codeMass": None if self.mass is None else {"mass": self.mass, "prompts": self.mass_prompts},
            "best": None if self.best is None else vars(self.best),
            "evaluationsSinceBest": self.since_best,
            "doctor": {"steps": [], "evaluations": [], "said": []},
            "datasetFingerprint": self.dataset_fingerprint,
            "engine": "onnx-cpu",
        }

    def go_on_from(self, path: Any) -> None:
        """Weights, moments and place of a checkpoint."""
        trained, moments, progress = checkpoints.read(path)
        if progress["datasetFingerprint"] != self.dataset_fingerprint:
            raise JobError(f"{path} belongs to other pairs. Choose another --out.")
        self.done = self.saved_at = progress["step"]
        start = backbone_start(self.settings)
        checkpoints.load_trained(self.wrapped, trained)
        checkpoints.load_moments(self.wrapped, moments, self.done, max(0, self.done - start))
        place = progress["place"]
        self.order = RowOrder(self.training, self.shape, self.settings.seed, place["epoch"], place["row"])
        self.best = None if progress["best"] is None else Best(**progress["best"])
        self.since_best = progress["evaluationsSinceBest"]
        if self.mass is not None and progress["codeMass"] is not None:
            self.mass, self.mass_prompts = progress["codeMass"]["mass"], progress["codeMass"]["prompts"]

    def reseed(self) -> None:
        settings = self.settings
        if self.mass is None or self.done % settings.latent.reseedDeadEvery or self.done >= settings.steps:
            return
        planned = reseed.plan(self.mass, self.mass_prompts, settings.seed, self.done)
        self.mass, self.mass_prompts = [0.0] * len(self.mass), 0
        if not planned:
            return
        reseed.apply(self.wrapped, planned, settings.codes or 0, settings.seed, self.done)
        shown = ", ".join(f"{dead} from {source}" for dead, source in planned[:8])
        note = f"Step {self.done}: {len(planned)} dead codes re-seeded ({shown})."
        self.tell({"type": "phase", "phase": "train", "done": self.done, "total": settings.steps, "note": note})

    def write_codes(self) -> None:
        """p(z|x) of every prompt by the weights as they stand."""
        if self.settings.codes is None or not self.prompts:
            return
        codes = evaluation.codes_of(self.parallel, self.wrapped, self.prompts, self.shape, self.make)
        if self.result is not None:
            self.result.put(f"codes-{self.done:06d}.f32", codes.tobytes())

    def seal(self, state: str, failure: str | None = None) -> None:
        if self.result is not None:
            self.result.seal(state, self.done, self.settings.steps, failure)

    # ── the whole ─────────────────────────────────────────────────────────────

    def _milestone(self) -> None:
        settings = self.settings
        if self.done >= settings.steps:
            return
        due = settings.evaluateEvery > 0 and self.done % settings.evaluateEvery == 0
        if due:
            self.evaluate()
        overdue = time.monotonic() - self._saved_s > LONGEST_UNSAVED_S
        if due or self.parallel.agree(overdue):
            self.save()
            if self.codes_at == "evaluations":
                self.write_codes()
            self.seal("running")

    def _converged(self) -> bool:
        patience = self.settings.earlyStoppingPatience
        return patience > 0 and self.since_best >= patience

    def _asked_to_stop(self, *_: Any) -> None:
        self._stop = True

    def run(self, until: int | None = None) -> str:
        """To the last step, or until asked to stop (SIGTERM or SIGINT, which Slurm and Ray send before they kill)."""
        for number in [signal.SIGTERM, signal.SIGINT]:
            signal.signal(number, self._asked_to_stop)
        last = self.settings.steps if until is None else min(until, self.settings.steps)
        stopped = False
        while self.done < last and not self._converged():
            stopped = self.parallel.any(self._stop)
            if stopped:
                break
            self.step()
            self.reseed()
            self._milestone()
        ended = self.done >= self.settings.steps or self._converged()
        self.wrapped.enter(step_settings(self.settings, max(0, self.done - 1)).stage)
        self.save()
        if stopped:
            self.seal("stopped")
            return "stopped"
        if self.measured_at != self.done:
            self.evaluate(is_stop=not ended)
        self.write_codes()
        self._codes_of_best()
        state = "finished" if ended else "stopped"
        self.seal(state)
        return state

    def _codes_of_best(self) -> None:
        """By the weights of the best checkpoint, which are then put back."""
        if self.best is None or self.best.step == self.done or self.settings.codes is None:
            return
        path = self.keeper.folder(self.best.folder)
        missing = self.result is not None and f"codes-{self.best.step:06d}.f32" not in self.result.files
        if not self.parallel.agree(missing):
            return
        kept, step = checkpoints.trained_of(self.wrapped), self.done
        checkpoints.load_trained(self.wrapped, checkpoints.load_file(path / "trained.safetensors"))
        self.done = self.best.step
        self.write_codes()
        self.done = step
        checkpoints.load_trained(self.wrapped, kept)


def _rounded(told: dict[str, Any]) -> dict[str, Any]:
    def short(values: list[float] | None) -> list[float]:
        return [float(f"{value:.5g}") for value in values or []]

    return {"pairId": told["pairId"], "weights": short(told["weights"]), "state": short(told["state"])}
