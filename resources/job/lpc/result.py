"""What a run leaves: frames, checkpoints, results of pairs, codes; and a seal that names what is whole."""

import hashlib
import json
import os
import sys
import time
import zipfile
from pathlib import Path
from typing import Any

from lpc.checkpoints import as_json, hash_file, write_whole
from lpc.job import Job

FORMAT = 1


class Result:
    """A result folder under way. Only the first process makes one."""

    def __init__(self, job: Job, out: Path) -> None:
        self.job, self.out = job, out
        out.mkdir(parents=True, exist_ok=True)
        self._path = out / "frames.jsonl"
        self._frames: list[dict[str, Any]] = []
        self.files: dict[str, str] = {}
        """Files beside frames and checkpoints that belong to the result, with the step of each."""
        self._shown = 0.0

    def goes_on_from(self, step: int | None, evaluate_every: int) -> None:
        """Frames of later steps will be told again; None begins anew."""
        kept: list[dict[str, Any]] = []
        if step is not None and self._path.exists():
            for line in self._path.read_text("utf-8").splitlines():
                try:
                    frame = json.loads(line)
                except ValueError:
                    break
                planned = evaluate_every > 0 and step % evaluate_every == 0
                later = frame.get("step", 0) > step or (
                    frame["type"] == "evaluation" and frame.get("step") == step and not planned
                )
                if not later:
                    kept.append(frame)
        self._frames = kept
        write_whole(self._path, "".join(f"{as_json(frame)}\n" for frame in kept).encode())
        best = [frame for frame in kept if frame["type"] == "checkpoint"]
        for frame in best:
            name = f"held-out-{frame['step']:06d}.jsonl"
            if (self.out / name).exists():
                self.files[name] = hash_file(self.out / name)

    def tell(self, frame: dict[str, Any]) -> None:
        """One line of `frames.jsonl`, durable when it returns."""
        self._frames.append(frame)
        with open(self._path, "ab") as file:
            file.write(f"{as_json(frame)}\n".encode())
            file.flush()
            os.fsync(file.fileno())

    def put(self, name: str, data: bytes) -> None:
        write_whole(self.out / name, data)
        self.files[name] = hashlib.sha256(data).hexdigest()

    def seal(self, state: str, step: int, steps: int, failure: str | None = None) -> None:
        """Names every file that is whole at this moment, and how much of the frames: what Facet takes."""
        checkpoints: dict[str, dict[str, Any]] = {}
        for frame in self._frames:
            if frame["type"] == "checkpoint":
                checkpoints[frame["kind"]] = frame
        kept = {frame["step"] for frame in checkpoints.values()}
        for name in [name for name in self.files if _step_of(name) is not None and _step_of(name) not in kept]:
            (self.out / name).unlink(missing_ok=True)
            del self.files[name]
        frames = self._path.read_bytes()
        seal = {
            "format": FORMAT,
            "job": self.job.id,
            "state": state,
            "failure": failure,
            "step": step,
            "steps": steps,
            "written": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
            "torch": _torch_version(),
            "frames": {"bytes": len(frames), "sha256": hashlib.sha256(frames).hexdigest()},
            "checkpoints": list(checkpoints.values()),
            "files": self.files,
        }
        write_whole(self.out / "result.json", f"{as_json(seal, 1)}\n".encode())

    def pack(self) -> Path:
        """`result.zip` beside the result folder, with what the seal names."""
        path = self.out.with_name(f"{self.out.name}.zip")
        partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
        seal = json.loads((self.out / "result.json").read_text("utf-8"))
        names = ["frames.jsonl", *seal["files"]]
        for checkpoint in seal["checkpoints"]:
            names += [f"{checkpoint['path']}/{file.name}" for file in sorted((self.out / checkpoint["path"]).iterdir())]
        with zipfile.ZipFile(partial, "w", zipfile.ZIP_STORED) as archive:
            # Last, so that an archive that was cut off has none.
            for name in [*names, "result.json"]:
                archive.write(self.out / name, name)
        os.replace(partial, path)
        return path


def _step_of(name: str) -> int | None:
    """Of `held-out-000020.jsonl` or `codes-000020.f32`."""
    digits = name.rsplit(".", 1)[0].rsplit("-", 1)[-1]
    return int(digits) if digits.isdigit() else None


def _torch_version() -> str:
    import torch

    return torch.__version__


def say(text: str) -> None:
    """To a person, on standard error."""
    print(text, file=sys.stderr, flush=True)
