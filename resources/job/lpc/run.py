"""What a run is made of, and how far it is."""

import time
from dataclasses import dataclass, field
from typing import Any

from lpc import checkpoints, evaluation
from lpc.job import JobError, Settings
from lpc.packing import Encoded, RowOrder, Shape
from lpc.parallel import Parallel, Wrapped
from lpc.result import Result
from lpc.schedule import backbone_start


@dataclass
class Best:
    step: int
    accuracy: float
    loss: float
    folder: str


@dataclass
class Run:
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
        self.order = RowOrder(self.training, self.shape, self.settings)
        reseeds = self.settings.codes is not None and self.settings.latent.reseedDeadEvery > 0
        self.mass = [0.0] * self.settings.codes if reseeds and self.settings.codes else None
        self.saved_s = time.monotonic()
        self.pace: float | None = None
        """Seconds of a step, lately."""

    def tell(self, frame: dict[str, Any]) -> None:
        if self.result is not None:
            self.result.tell(frame)

    def has_converged(self) -> bool:
        patience = self.settings.earlyStoppingPatience
        return patience > 0 and self.since_best >= patience

    def seal(self, state: str, failure: str | None = None) -> None:
        if self.result is not None:
            self.result.seal(state, self.done, self.settings.steps, failure)

    def progress(self) -> dict[str, Any]:
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
        self.order = RowOrder(self.training, self.shape, self.settings, place["epoch"], place["row"])
        self.best = None if progress["best"] is None else Best(**progress["best"])
        self.since_best = progress["evaluationsSinceBest"]
        if self.mass is not None and progress["codeMass"] is not None:
            self.mass, self.mass_prompts = progress["codeMass"]["mass"], progress["codeMass"]["prompts"]
