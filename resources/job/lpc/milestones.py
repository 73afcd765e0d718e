"""What a run does between steps: evaluations, checkpoints, re-seeding of dead codes, codes of prompts."""

import time
from typing import Any

from lpc import checkpoints, evaluation
from lpc.causes import forced_codes
from lpc.reseed import apply, plan
from lpc.result import say
from lpc.run import Best, Run
from lpc.schedule import backbone_start


def evaluate(run: Run, is_stop: bool = False, is_last: bool = False) -> None:
    """Held-out figures of the step, and the `best` checkpoint where they are better than before; the last one forces codes too."""
    if not run.held_out:
        return
    measured = evaluation.measure(
        run.parallel, run.wrapped, run.settings, run.held_out, run.shape, run.references, run.make
    )
    frame = evaluation.evaluation_frame(run.done, measured, run.settings, run.pairs)
    forced = forced_codes(run, measured) if is_last else None
    run.measured_at = run.done
    run.tell(frame)
    if run.result is not None:
        say(f"held out after step {run.done}: accuracy {frame['accuracy']:.3f}, loss {frame['loss']:.4f}")
        lines = "".join(f"{checkpoints.as_json(one.result)}\n" for one in measured).encode()
        run.result.put(f"held-out-{run.done:06d}.jsonl", lines)
        run.result.put("held-out-pairs.jsonl", lines)
        if run.settings.codes is not None:
            told = [{"pairId": one.pair.pair_id, "weights": one.prior, "state": one.state} for one in measured]
            codes = "".join(f"{checkpoints.as_json(_rounded(one))}\n" for one in told).encode()
            run.result.put("held-out-codes.jsonl", codes)
        if forced is not None:
            run.result.put(f"forced-{run.done:06d}.json", forced)
    counts = not is_stop or run.best is None
    if counts and _is_better(run, frame):
        trained = checkpoints.trained_of(run.wrapped)
        run.best = Best(run.done, frame["accuracy"], frame["loss"], f"best-{run.done:06d}")
        run.since_best = 0
        if run.result is not None:
            run.tell(run.keeper.write("best", run.done, trained, None))
    elif backbone_start(run.settings) >= run.settings.steps or run.done > backbone_start(run.settings):
        run.since_best += 1


def _is_better(run: Run, frame: dict[str, Any]) -> bool:
    """By the run's rule: lower held-out preference loss, or higher accuracy and then lower loss."""
    if run.best is None:
        return True
    if run.settings.bestBy == "accuracy" and frame["accuracy"] != run.best.accuracy:
        return frame["accuracy"] > run.best.accuracy
    return frame["loss"] < run.best.loss


def save(run: Run) -> None:
    """The `last` checkpoint, unless this step has one."""
    if run.saved_at == run.done:
        return
    trained, moments = checkpoints.trained_of(run.wrapped), checkpoints.moments_of(run.wrapped)
    run.saved_at, run.saved_s = run.done, time.monotonic()
    if run.result is not None:
        run.tell(run.keeper.write("last", run.done, trained, (moments, run.progress())))
    run.parallel.wait()


def reseed(run: Run) -> None:
    settings = run.settings
    if run.mass is None or run.done % settings.latent.reseedDeadEvery or run.done >= settings.steps:
        return
    planned = plan(run.mass, run.mass_prompts, settings.seed, run.done)
    run.mass, run.mass_prompts = [0.0] * len(run.mass), 0
    if not planned:
        return
    apply(run.wrapped, planned, settings.codes or 0, settings.seed, run.done)
    shown = ", ".join(f"{dead} from {source}" for dead, source in planned[:8])
    note = f"Step {run.done}: {len(planned)} dead codes re-seeded ({shown})."
    run.tell({"type": "phase", "phase": "train", "done": run.done, "total": settings.steps, "note": note})


def write_codes(run: Run) -> None:
    """p(z|x) of every prompt by the weights as they stand."""
    if run.settings.codes is None or not run.prompts:
        return
    codes = evaluation.codes_of(run.parallel, run.wrapped, run.prompts, run.shape, run.make)
    if run.result is not None:
        run.result.put(f"codes-{run.done:06d}.f32", codes.tobytes())


def codes_of_best(run: Run) -> None:
    """By the weights of the best checkpoint, which are then put back."""
    if run.best is None or run.best.step == run.done or run.settings.codes is None:
        return
    path = run.keeper.folder(run.best.folder)
    missing = run.result is not None and f"codes-{run.best.step:06d}.f32" not in run.result.files
    if not run.parallel.agree(missing):
        return
    kept, step = checkpoints.trained_of(run.wrapped), run.done
    checkpoints.load_trained(run.wrapped, checkpoints.load_file(path / "trained.safetensors"))
    run.done = run.best.step
    write_codes(run)
    run.done = step
    checkpoints.load_trained(run.wrapped, kept)


def _rounded(told: dict[str, Any]) -> dict[str, Any]:
    def short(values: list[float] | None) -> list[float]:
        return [float(f"{value:.5g}") for value in values or []]

    return {"pairId": told["pairId"], "weights": short(told["weights"]), "state": short(told["state"])}
