"""What a job folder says: the settings of the run, its model, its pairs and prompts."""

import json
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

FORMAT = 1


class JobError(Exception):
    """Something that a person can mend: said without a traceback."""


@dataclass(frozen=True)
class Pair:
    id: str
    prompt_id: str
    split: str
    source: str
    aspect: str | None
    messages: list[dict[str, Any]]
    chosen: str
    rejected: str
    chosen_turns: list[dict[str, Any]] | None
    rejected_turns: list[dict[str, Any]] | None


@dataclass(frozen=True)
class Prompt:
    id: str
    messages: list[dict[str, Any]]


def pair_of(row: dict[str, Any]) -> Pair:
    """A row of `pairs.parquet`."""
    return Pair(
        id=row["id"],
        prompt_id=row["promptId"],
        split=row["split"],
        source=row["source"],
        aspect=row["aspect"],
        messages=json.loads(row["messages"]),
        chosen=row["chosen"],
        rejected=row["rejected"],
        chosen_turns=json.loads(row["chosenTurns"]) if row["chosenTurns"] else None,
        rejected_turns=json.loads(row["rejectedTurns"]) if row["rejectedTurns"] else None,
    )


def prompt_of(row: dict[str, Any]) -> Prompt:
    """A row of `prompts.parquet`."""
    return Prompt(row["id"], json.loads(row["messages"]))


class Settings(SimpleNamespace):
    """The run's settings under the names that Facet gives them; `latent` is None for the plain objective."""

    latent: Any

    @staticmethod
    def of(values: dict[str, Any]) -> "Settings":
        latent = values["latent"]
        return Settings(**{**values, "latent": None if latent is None else SimpleNamespace(**latent)})

    @property
    def codes(self) -> int | None:
        """K where the latent has a codebook."""
        return self.latent.codes if self.latent is not None and self.latent.kind == "codebook" else None

    @property
    def has_posterior(self) -> bool:
        """Whether a posterior is trained beside a prior."""
        if self.latent is None:
            return False
        if self.latent.kind == "codebook":
            return self.latent.posterior != "none"
        return self.latent.kind == "gaussian"

    @property
    def injected_blocks(self) -> int:
        """How many of the last blocks receive z; 0 where z is added at the LM head."""
        return self.latent.injectionLayers if self.latent is not None and self.latent.injection == "layers" else 0


class Job:
    """A job folder. Raises `JobError` where it is not one, or is of another version."""

    def __init__(self, folder: Path, data: Path | None = None) -> None:
        """`data` is where pairs and prompts are, if not in the folder."""
        self.folder, self.data = folder, data or folder
        path = folder / "job.json"
        try:
            self.described = json.loads(path.read_text("utf-8"))
        except FileNotFoundError:
            raise JobError(f"{path} is missing. Run this inside a folder that Facet made.") from None
        if self.described.get("format") != FORMAT:
            raise JobError(
                f"{path} has format {self.described.get('format')}, but these programs read {FORMAT}. "
                "Make the job again with the Facet that takes its result."
            )
        self.id: str = self.described["id"]
        self.raw_settings: dict[str, Any] = self.described["config"]
        self.settings = Settings.of(self.raw_settings)
        self.model: dict[str, Any] = self.described["model"]

    def pairs(self) -> list[Pair]:
        return [pair_of(row) for row in self._rows("pairs.parquet")]

    def prompts(self) -> list[Prompt]:
        return [prompt_of(row) for row in self._rows("prompts.parquet")]

    def _rows(self, name: str) -> list[dict[str, Any]]:
        import pyarrow.parquet

        path = self.data / name
        try:
            return pyarrow.parquet.read_table(path).to_pylist()
        except FileNotFoundError:
            raise JobError(f"{path} is missing. Copy the whole job folder.") from None
        except Exception as error:
            raise JobError(f"{path} can't be read ({error}). Copy the job folder again.") from error

    def check(self) -> None:
        """Compares every file that the job names with its hash; raises `JobError` that names the first that differs."""
        import hashlib

        for name, expected in self.described["files"].items():
            path = self.data / name
            if not path.exists():
                raise JobError(f"{path} is missing. Copy the whole job folder.")
            if hashlib.sha256(path.read_bytes()).hexdigest() != expected:
                raise JobError(f"{path} is not as Facet wrote it. Copy the job folder again.")
