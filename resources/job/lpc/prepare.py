"""From a job folder to a run before its first step."""

import hashlib
import json
from argparse import Namespace
from pathlib import Path
from typing import Any

import torch

from lpc import evaluation, rows
from lpc.checkpoints import Keeper, hash_file
from lpc.job import Job, JobError, Pair, Settings
from lpc.objectives import OBJECTIVES, reads_reference
from lpc.optimiser import make_optimiser
from lpc.packing import Limits, choose_shape, encode_pair, steps_of_epochs
from lpc.parallel import Parallel, Wrapped
from lpc.policy import Policy, open_backbone
from lpc.result import Result, say
from lpc.run import Run
from lpc.tokens import Tokenizer
from lpc.warm_start.begin import begin


def require_supported(settings: Settings) -> None:
    if settings.objective not in OBJECTIVES:
        raise JobError(f"These programs know no objective {settings.objective}. Run the job with those of its own Facet.")


def model_folder(place: dict[str, Any]) -> Path:
    """Where tokenizer and config are: the folder itself, or what the hub's cache holds of it."""
    if place.get("hub") is None:
        folder = Path(place["path"])
        if not (folder / "config.json").exists():
            raise JobError(f"{folder} holds no model. Copy it there, or name its folder with --model.")
        return folder
    from huggingface_hub import snapshot_download

    return Path(snapshot_download(place["hub"], revision=place.get("revision"), allow_patterns=["*.json", "*.jinja"]))


def fingerprint(folder: Path) -> str:
    """SHA-256 over names and hashes of a model's weights, config, tokenizer and template, as Facet names a model."""
    kept = sorted(path for path in folder.iterdir() if path.suffix in {".safetensors", ".json", ".jinja"})
    lines = [f"{path.name} {hash_file(path)}" for path in kept]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def place_of(job: Job, given: str | None) -> dict[str, Any]:
    if given is not None:
        return {"path": str(Path(given).resolve())}
    model = job.model
    if model.get("hub") is not None:
        return model
    path = Path(model["path"])
    return {"path": str(path if path.is_absolute() else job.folder / path)}


def context_of(folder: Path) -> int:
    """Tokens that a model's positions reach."""
    config = json.loads((folder / "config.json").read_text("utf-8"))
    return int(config.get("max_position_embeddings", 2048))


def require_model(job: Job, place: dict[str, Any], folder: Path, is_other: bool) -> None:
    """Raises `JobError` where a model folder is not the one that the job was made for, unless another is asked for."""
    if place.get("hub") is None and not is_other and fingerprint(folder) != job.model["fingerprint"]:
        raise JobError(f"{folder} is not the model that the job was made for. Copy that one, or say --other-model.")


def require_hub_weights(job: Job, place: dict[str, Any], is_other: bool) -> None:
    """Raises `JobError` where the files of weights that the hub gave are not those that the job was made for."""
    expected = job.model.get("weights")
    if place.get("hub") is None or expected is None or is_other:
        return
    from huggingface_hub import snapshot_download

    folder = Path(snapshot_download(place["hub"], revision=place.get("revision"), local_files_only=True))
    if sorted(hash_file(path) for path in folder.glob("*.safetensors")) == expected:
        return
    at = place.get("revision")
    raise JobError(
        f"{place['hub']}{f' at {at}' if at else ''} holds other weights than the model that the job was made for. "
        "Name the revision that holds them, or say --other-model."
    )


def prepare(job: Job, options: Namespace, out: Path) -> Run:
    settings = job.settings
    require_supported(settings)
    job.check()
    packed = options.batching == "packed"
    if settings.loraDropout > 0 and not packed:
        raise JobError("LoRA dropout needs --batching packed.")
    place = place_of(job, options.model)
    parallel = Parallel(options.strategy, options.precision, options.device == "cpu")
    folder = model_folder(place)
    require_model(job, place, folder, options.other_model)
    tokenizer = Tokenizer(folder)
    limits = Limits.of(settings, context_of(folder))
    pairs: list[Pair] = job.pairs()
    encoded = [encode_pair(tokenizer, pair, limits) for pair in pairs]
    training = [one for one, pair in zip(encoded, pairs) if pair.split == "train"]
    held_out = [one for one, pair in zip(encoded, pairs) if pair.split == "held-out"]
    if not training:
        raise JobError("The job has no pairs to train on.")
    shape = choose_shape(encoded, settings.tokenBudget, settings.batchPairs)
    if settings.epochs is not None:
        settings.steps = steps_of_epochs(training, shape, settings)
    prompts = evaluation.encode_prompts(tokenizer, job.prompts(), limits) if settings.codes is not None else []

    low = torch.bfloat16 if options.precision == "bfloat16" else None
    # Weights that train stay float32; under FSDP2 Accelerate casts their products itself.
    is_full = settings.trainable == "full"
    backbone = open_backbone(place, settings, torch.float32 if low is None or is_full else low, packed)
    if parallel.is_main:
        require_hub_weights(job, place, options.other_model)
    policy = Policy(settings, backbone, low if is_full and options.strategy == "ddp" else None)
    wrapped = Wrapped(parallel, policy, make_optimiser(policy, settings))
    make = rows.packed if packed else rows.plain
    known = None
    if reads_reference(settings):
        if parallel.is_main:
            say(f"reference log-probabilities of {len(encoded)} pairs")
        known = evaluation.references(parallel, wrapped, encoded, shape, make)
    keeper = Keeper(job, settings.steps, out)
    codes_at = options.codes or ("evaluations" if len(prompts) <= 5000 else "end")
    run = Run(
        parallel=parallel,
        settings=settings,
        wrapped=wrapped,
        shape=shape,
        training=training,
        held_out=held_out,
        prompts=prompts,
        pairs={pair.id: pair for pair in pairs},
        references=known,
        make=make,
        result=Result(job, out) if parallel.is_main else None,
        keeper=keeper,
        dataset_fingerprint=job.described["datasetFingerprint"],
        codes_at=codes_at,
    )
    _go_on(run, keeper, options)
    if run.done == 0:
        _begin(run)
    if parallel.is_main:
        say(
            f"{len(training)} pairs to train on, {len(held_out)} held out, {len(prompts)} prompts; "
            f"{settings.steps} steps of {settings.accumulation} rows of {shape.tokens} tokens, "
            f"{parallel.world} process(es) on {parallel.device.type}"
        )
    return run


def _go_on(run: Run, keeper: Keeper, options: Namespace) -> None:
    newest = None if options.anew else keeper.newest()
    if newest is not None:
        run.go_on_from(newest)
    if run.result is not None:
        run.result.goes_on_from(run.done if newest is not None else None, run.settings.evaluateEvery)
        held = sorted({one.prompt_id for one in run.held_out})
        run.result.put("held-out-prompts.json", f"{json.dumps(held)}\n".encode())
        if newest is not None:
            say(f"going on after step {run.done} ({newest.name})")
    run.parallel.wait()


def _begin(run: Run) -> None:
    note = begin(run.parallel, run.wrapped, run.settings, run.training, run.shape, run.make)
    if note is not None and run.result is not None:
        say(note)
        run.tell({"type": "phase", "phase": "warm-start", "done": 1, "total": 1, "note": note})
