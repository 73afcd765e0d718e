"""Small runs, compared step by step with what Facet's own engine recorded: does this machine compute the same?"""

import json
import os
import tempfile
from argparse import Namespace
from pathlib import Path

from lpc.job import Job, JobError
from lpc.loop import train
from lpc.prepare import prepare
from lpc.result import say

TOLERANCE = 1e-4
COMPARED = ["loss", "preferenceLoss", "klLoss", "bonusLoss", "kl", "margin", "logpChosen", "logpRejected", "codePerplexity"]


def check(folder: Path, only: str | None = None, strategy: str = "ddp") -> int:
    """0 where all agree; says for each check how far its figures lie apart. Of several processes the first one compares."""
    root = folder / "check"
    model = root / "model"
    if not model.exists():
        # In Facet's own sources the model lies beside this folder.
        model = folder.parent / "starter"
    names = sorted(path.parent.name for path in root.glob("*/trace.jsonl"))
    if not names:
        raise JobError(f"{root} holds no check. Copy the whole job folder.")
    worst = 0.0
    for name in [name for name in names if only is None or name == only]:
        # A dropout's mask is asked for again where activations are computed again, and must rest in evaluations.
        again = [False, True] if Job(root / name, root).settings.loraDropout > 0 else [False]
        for recompute in again:
            difference, where = _difference(root / name, model, recompute, strategy)
            if os.environ.get("RANK", "0") != "0":
                continue
            agrees = difference <= TOLERANCE
            shown = f"{name}, activations made again" if recompute else name
            say(f"{'equal' if agrees else 'DIFFERS'}  {shown}: largest difference {difference:.1e} ({where})")
            worst = max(worst, difference)
    if worst > TOLERANCE:
        raise JobError(f"This machine does not give Facet's figures to {TOLERANCE}. Compare the versions in requirements.txt.")
    return 0


def _difference(folder: Path, model: Path, recompute: bool, strategy: str) -> tuple[float, str]:
    expected = _lines(folder / "trace.jsonl")
    with tempfile.TemporaryDirectory() as out:
        options = Namespace(
            model=str(model),
            other_model=False,
            strategy=strategy,
            precision="float32",
            device="cpu",
            batching="packed",
            codes="end",
            anew=True,
        )
        job = Job(folder, folder.parent)
        job.settings.recompute = job.settings.recompute or recompute
        run = prepare(job, options, Path(out))
        train(run)
        if run.result is None:
            return 0.0, "nothing compared"
        found = _lines(Path(out) / "frames.jsonl")
        codes = Path(out) / "held-out-codes.jsonl"
        found += [{**row, "type": "codes"} for row in _lines(codes)] if codes.exists() else []
    return compare(expected, found)


def _lines(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def compare(expected: list[dict], found: list[dict]) -> tuple[float, str]:
    """Largest difference of any figure, relative where the figure is above 1, and where it is."""
    by_place = {(frame["type"], frame.get("pairId") or frame.get("step")): frame for frame in found}
    worst, where = 0.0, "nothing differs"
    for frame in expected:
        other = by_place.get((frame["type"], frame.get("pairId") or frame["step"]))
        if other is None:
            return float("inf"), f"no {frame['type']} after step {frame['step']}"
        if frame["type"] == "codes":
            difference = max(abs(a - b) for a, b in zip(frame["weights"], other["weights"], strict=True))
            if difference > worst:
                worst, where = difference, f"p(z|x) of pair {frame['pairId']}"
        for name in [name for name in COMPARED if frame.get(name) is not None]:
            if other.get(name) is None:
                return float("inf"), f"no {name} at step {frame['step']}"
            difference = abs(frame[name] - other[name]) / max(1.0, abs(frame[name]))
            if difference > worst:
                worst, where = difference, f"{name}, {frame['type']} {frame['step']}"
    return worst, where
