"""Checkpoints in Facet's own format: complete and hashed, or absent. Training goes on from one to the bit."""

import hashlib
import json
import os
import shutil
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

from lpc.job import Job, JobError
from lpc.parallel import Wrapped, as_sharded, full


def write_whole(path: Path, data: bytes) -> None:
    """Beside its place, synced, then moved there: whole or absent."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    with open(partial, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    os.replace(partial, path)


def as_json(value: Any, indent: int | None = None) -> str:
    return json.dumps(value, ensure_ascii=False, indent=indent, allow_nan=False)


def hash_file(path: Path) -> str:
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def trained_of(wrapped: Wrapped) -> dict[str, Tensor]:
    """Everything that a run may train and the directions beside it, whole, in F32; every process has to ask."""
    wrapped.settle()
    policy = wrapped.policy
    named = {**policy.heads_named(), **policy.backbone_named()}
    if policy.latent is not None:
        named |= policy.latent.fixed()
    return {name: full(value.detach()).float().cpu().contiguous() for name, value in sorted(named.items())}


def moments_of(wrapped: Wrapped) -> dict[str, Tensor]:
    """AdamW's moments, zero for what has not trained yet."""
    wrapped.settle()
    policy = wrapped.policy
    found: dict[str, Tensor] = {}
    for name, value in {**policy.heads_named(), **policy.backbone_named()}.items():
        state = wrapped.optimiser.state.get(value, {})
        for short, key in [("m", "exp_avg"), ("v", "exp_avg_sq")]:
            moment = state.get(key)
            whole = torch.zeros(value.shape) if moment is None else full(moment).float().cpu()
            found[f"adam.{short}.{name}"] = whole.contiguous()
    return found


def load_trained(wrapped: Wrapped, values: dict[str, Tensor]) -> None:
    wrapped.settle()
    policy = wrapped.policy
    named = {**policy.heads_named(), **policy.backbone_named()}
    if policy.latent is not None:
        named |= policy.latent.fixed()
    missing = sorted(set(named) ^ set(values))
    if missing:
        raise JobError(f"The checkpoint and the job differ in what is trained: {', '.join(missing[:5])}.")
    with torch.no_grad():
        for name, value in named.items():
            value.copy_(as_sharded(values[name], value))


def load_moments(wrapped: Wrapped, moments: dict[str, Tensor], heads_updates: int, backbone_updates: int) -> None:
    wrapped.settle()
    policy = wrapped.policy
    for named, updates in [(policy.heads_named(), heads_updates), (policy.backbone_named(), backbone_updates)]:
        for name, value in named.items():
            if updates == 0:
                continue
            wrapped.optimiser.state[value] = {
                "step": torch.tensor(float(updates)),
                "exp_avg": as_sharded(moments[f"adam.m.{name}"], value),
                "exp_avg_sq": as_sharded(moments[f"adam.v.{name}"], value),
            }


class Keeper:
    """Keeps the newest `last`, the best by held-out accuracy, and the one before each."""

    def __init__(self, job: Job, steps: int, out: Path) -> None:
        self._job, self._out = job, out
        self.settings = {**job.raw_settings, "steps": steps}

    def _folders(self, kind: str) -> list[Path]:
        root = self._out / "checkpoints"
        return sorted(root.glob(f"{kind}-*")) if root.exists() else []

    def folder(self, name: str) -> Path:
        return self._out / "checkpoints" / name

    def write(
        self,
        kind: str,
        step: int,
        trained: dict[str, Tensor],
        resumable: tuple[dict[str, Tensor], dict[str, Any]] | None,
    ) -> dict[str, Any]:
        """The frame that tells of it, once it is complete and hashed."""
        name = f"{kind}-{step:06d}"
        path = self._out / "checkpoints" / name
        partial = path.with_name(f".{name}.{os.getpid()}.partial")
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(parents=True)
        save_file(trained, partial / "trained.safetensors")
        if resumable is not None:
            moments, progress = resumable
            save_file(moments, partial / "optimiser.safetensors")
            write_whole(partial / "progress.json", f"{as_json(progress, 1)}\n".encode())
        config = {
            "format": 1,
            "run": self.settings,
            "step": step,
            "model": self._job.model["info"],
            "modelFingerprint": self._job.model["fingerprint"],
        }
        write_whole(partial / "config.json", f"{as_json(config, 2)}\n".encode())
        files = [
            {"name": file.name, "bytes": file.stat().st_size, "sha256": hash_file(file)}
            for file in sorted(partial.iterdir())
        ]
        manifest = f"{as_json({'files': files}, 2)}\n".encode()
        write_whole(partial / "manifest.json", manifest)
        shutil.rmtree(path, ignore_errors=True)
        os.replace(partial, path)
        for old in self._folders(kind)[:-2]:
            shutil.rmtree(old)
        return {
            "type": "checkpoint",
            "step": step,
            "kind": kind,
            "path": f"checkpoints/{name}",
            "sha256": hashlib.sha256(manifest).hexdigest(),
            "bytes": sum(file["bytes"] for file in files) + len(manifest),
        }

    def newest(self) -> Path | None:
        """The last complete `last` checkpoint; a damaged one is passed over for the one before it."""
        for path in reversed(self._folders("last")):
            if is_whole(path):
                config = json.loads((path / "config.json").read_text("utf-8"))
                self._require_same(config, path)
                return path
        return None

    def _require_same(self, config: dict[str, Any], path: Path) -> None:
        differing = [name for name in self.settings if config["run"].get(name) != self.settings[name]]
        if config["modelFingerprint"] != self._job.model["fingerprint"] or differing:
            what = ", ".join(differing) or "the model"
            raise JobError(f"{path} belongs to another job: {what} differs. Choose another --out.")


def is_whole(path: Path) -> bool:
    """Whether every file of a checkpoint has the hash that its manifest names."""
    try:
        files = json.loads((path / "manifest.json").read_text("utf-8"))["files"]
        return all(hash_file(path / file["name"]) == file["sha256"] for file in files)
    except (OSError, ValueError, KeyError):
        return False


def read(path: Path) -> tuple[dict[str, Tensor], dict[str, Tensor], dict[str, Any]]:
    """Trained tensors, moments and progress of a checkpoint that training may go on from."""
    progress = json.loads((path / "progress.json").read_text("utf-8"))
    return load_file(path / "trained.safetensors"), load_file(path / "optimiser.safetensors"), progress
