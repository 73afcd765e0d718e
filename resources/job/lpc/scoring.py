"""p(z|x) of prompts and margins of pairs by a trained checkpoint, a piece of rows at a time: whole or absent, in any order."""

import io
import json
from argparse import Namespace
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Iterator

import torch

from lpc import checkpoints, evaluation, rows
from lpc.checkpoints import as_json, hash_file, write_whole
from lpc.job import Job, JobError, Settings, pair_of, prompt_of
from lpc.objectives import reads_reference
from lpc.optimiser import make_optimiser
from lpc.packing import Limits, choose_shape, encode_pair
from lpc.parallel import Parallel, Wrapped
from lpc.policy import Policy, open_backbone
from lpc.prepare import context_of, model_folder, place_of, require_hub_weights, require_model
from lpc.tokens import Tokenizer

FORMAT = 1
SEAL, PLAN = "scores.json", "plan.json"


@dataclass(frozen=True)
class Piece:
    """Rows `first` to `last` (not included) of a Parquet file."""

    kind: str
    """`prompts` or `pairs`."""
    number: int
    source: str
    first: int
    last: int

    @property
    def name(self) -> str:
        return f"{self.kind}-{self.number:06d}.parquet"


def checkpoint_of(result: Path, kind: str) -> Path:
    """The newest whole checkpoint of a result, `best` or `last`."""
    for path in sorted((result / "checkpoints").glob(f"{kind}-*"), reverse=True):
        if checkpoints.is_whole(path):
            return path
    raise JobError(f"{result} holds no whole {kind} checkpoint. Train first, or name the result folder with --result.")


def pieces_of(kind: str, files: list[Path], size: int) -> Iterator[Piece]:
    """All rows of the files, at most `size` a piece."""
    import pyarrow.parquet

    number = 0
    for file in files:
        try:
            count = pyarrow.parquet.ParquetFile(file).metadata.num_rows
        except FileNotFoundError:
            raise JobError(f"{file} is missing.") from None
        except Exception as error:
            raise JobError(f"{file} can't be read as Parquet ({error}).") from error
        for first in range(0, count, size):
            yield Piece(kind, number, str(file), first, min(first + size, count))
            number += 1


def plan(job: Job, checkpoint: Path, files: dict[str, list[Path]], size: int, out: Path) -> list[Piece]:
    """Every piece there is to do; refuses a folder that holds scores of something else."""
    pieces = [piece for kind, paths in files.items() for piece in pieces_of(kind, paths, size)]
    own = {
        "format": FORMAT,
        "job": job.id,
        "checkpoint": hash_file(checkpoint / "manifest.json"),
        "rows": size,
        "files": {str(path): hash_file(path) for paths in files.values() for path in paths},
    }
    path = out / PLAN
    if not path.exists():
        write_whole(path, f"{as_json(own, 1)}\n".encode())
    elif json.loads(path.read_text("utf-8")) != own:
        raise JobError(f"{out} holds scores of other rows or of another checkpoint. Choose another --out.")
    return pieces


def rows_of(piece: Piece) -> list[dict[str, Any]]:
    """Reads the row groups that hold the piece, and no others."""
    import pyarrow.parquet

    file, found, read = pyarrow.parquet.ParquetFile(piece.source), [], 0
    for group in range(file.num_row_groups):
        group_end = read + file.metadata.row_group(group).num_rows
        if group_end <= piece.first or read >= piece.last:
            read = group_end
            continue
        for batch in file.iter_batches(4096, row_groups=[group]):
            start, end = max(0, piece.first - read), min(piece.last - read, batch.num_rows)
            if start < end:
                found += batch.slice(start, end - start).to_pylist()
            read += batch.num_rows
    return found


class Scorer:
    """A model in memory, that scores one piece after the other."""

    def __init__(self, folder: str, checkpoint: str, out: str, options: dict[str, Any]) -> None:
        given = Namespace(**options)
        self.job, self.out = Job(Path(folder)), Path(out)
        self.settings: Settings = self.job.settings
        place = place_of(self.job, given.model)
        at = model_folder(place)
        require_model(self.job, place, at, given.other_model)
        self.tokenizer = Tokenizer(at)
        self.limits = Limits.of(self.settings, context_of(at))
        self.parallel = Parallel("ddp", given.precision, given.device == "cpu")
        self.make = rows.packed if given.batching == "packed" else rows.plain
        dtype = torch.bfloat16 if given.precision == "bfloat16" else torch.float32

        def policy() -> Wrapped:
            model = open_backbone(place, self.settings, dtype, given.batching == "packed")
            made = Policy(self.settings, model)
            return Wrapped(self.parallel, made, make_optimiser(made, self.settings))

        self.wrapped = policy()
        require_hub_weights(self.job, place, given.other_model)
        # Under adapters and under full training the reference is another model than the policy.
        self.reference = policy() if reads_reference(self.settings) and self.settings.trainable != "heads" else self.wrapped
        checkpoints.load_trained(self.wrapped, checkpoints.load_file(Path(checkpoint) / "trained.safetensors"))

    def score(self, piece: Piece) -> None:
        """Writes the piece, unless it is there."""
        path = self.out / piece.name
        if path.exists():
            return
        table = self._prompts(piece) if piece.kind == "prompts" else self._pairs(piece)
        import pyarrow
        import pyarrow.parquet

        held = io.BytesIO()
        pyarrow.parquet.write_table(pyarrow.table(table), held, compression="snappy")
        write_whole(path, held.getvalue())

    def _prompts(self, piece: Piece) -> dict[str, Any]:
        import pyarrow

        prompts = [prompt_of(row) for row in rows_of(piece)]
        encoded = evaluation.encode_prompts(self.tokenizer, prompts, self.limits)
        shape = choose_shape(encoded, self.settings.tokenBudget)
        codes = evaluation.codes_of(self.parallel, self.wrapped, encoded, shape, self.make)
        weights = pyarrow.array(codes.tolist(), pyarrow.list_(pyarrow.float32()))
        return {"id": [prompt.id for prompt in prompts], "weights": weights}

    def _pairs(self, piece: Piece) -> dict[str, Any]:
        pairs = [pair_of(row) for row in rows_of(piece)]
        encoded = [encode_pair(self.tokenizer, pair, self.limits) for pair in pairs]
        shape = choose_shape(encoded, self.settings.tokenBudget)
        known = None
        if reads_reference(self.settings):
            known = evaluation.references(self.parallel, self.reference, encoded, shape, self.make)
        measured = evaluation.measure(
            self.parallel, self.wrapped, self.settings, encoded, shape, known, self.make
        )
        by_id = {one.pair.pair_id: one.result for one in measured}
        return {
            "id": [pair.id for pair in pairs],
            **{name: [by_id[pair.id][name] for pair in pairs] for name in ["margin", "rewardChosen", "rewardRejected"]},
        }


def seal(job: Job, checkpoint: Path, pieces: list[Piece], out: Path, is_own: bool) -> None:
    """Names every piece with its rows and hash: what Facet takes."""
    named = [
        {"name": piece.name, "kind": piece.kind, "rows": piece.last - piece.first, "sha256": hash_file(out / piece.name)}
        for piece in pieces
    ]
    sealed = {
        "format": FORMAT,
        "job": job.id,
        "step": json.loads((checkpoint / "config.json").read_text("utf-8"))["step"],
        "codes": job.settings.codes,
        "ofJob": is_own,
        "pieces": named,
    }
    write_whole(out / SEAL, f"{as_json(sealed, 1)}\n".encode())
