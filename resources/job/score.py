#!/usr/bin/env python3
"""p(z|x) of prompts and margins of pairs by a checkpoint of this job, into Parquet, piece by piece; README.md says how.

What is there is not done again: stopped or killed, start it again. With --workers Ray shares the pieces out over a cluster;
a worker that dies is replaced, and its piece is done by another.
"""

import argparse
import os
import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
sys.path.insert(0, str(FOLDER))
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")

from lpc.job import Job, JobError  # noqa: E402


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--job", type=Path, default=FOLDER, help="job folder (default: where this file is)")
    parser.add_argument("--result", type=Path, help="result folder with the checkpoint (default: JOB/result)")
    parser.add_argument("--checkpoint", choices=["best", "last"], default="best")
    parser.add_argument("--prompts", type=Path, nargs="*", help="Parquet with id and messages (default: the job's prompts)")
    parser.add_argument("--pairs", type=Path, nargs="*", help="Parquet like the job's pairs (default: the job's pairs)")
    parser.add_argument("--out", type=Path, help="folder of the scores, which every worker can write to (default: JOB/scores)")
    parser.add_argument("--rows", type=int, default=2000, help="rows a piece")
    parser.add_argument("--workers", type=int, help="Ray workers; without it one process does it all")
    parser.add_argument("--gpu", action="store_true", help="one GPU a Ray worker")
    parser.add_argument("--model", help="model folder, in the place of the one that the job names")
    parser.add_argument("--other-model", action="store_true", help="take the model folder though its files differ")
    parser.add_argument("--precision", choices=["float32", "bfloat16"], default="float32")
    parser.add_argument("--device", choices=["auto", "cpu"], default="auto")
    parser.add_argument("--batching", choices=["packed", "plain"], default="packed")
    return parser.parse_args()


def with_ray(options: argparse.Namespace, missing: list, given: tuple) -> None:
    import ray

    class Worker:
        def __init__(self) -> None:
            sys.path.insert(0, str(options.job))
            from lpc.scoring import Scorer

            self.scorer = Scorer(*given)

        def __call__(self, batch: dict) -> dict:
            from lpc.scoring import Piece

            for values in zip(*(batch[name] for name in ["kind", "number", "source", "first", "last"])):
                kind, number, source, first, last = values
                self.scorer.score(Piece(str(kind), int(number), str(source), int(first), int(last)))
            return {"number": batch["number"]}

    ray.init(address="auto", log_to_driver=False)
    rows = [vars(piece) for piece in missing]
    # A block for each piece, so that a lost worker costs its own piece alone.
    found = ray.data.from_items(rows, override_num_blocks=len(rows)).map_batches(
        Worker, batch_size=1, concurrency=options.workers, num_cpus=1, num_gpus=1 if options.gpu else 0
    )
    for done, _ in enumerate(found.iter_rows(), 1):
        print(f"{done} of {len(rows)} pieces", file=sys.stderr, flush=True)


def alone(missing: list, given: tuple) -> None:
    from lpc.scoring import Scorer

    scorer = Scorer(*given)
    for done, piece in enumerate(missing, 1):
        scorer.score(piece)
        print(f"{done} of {len(missing)} pieces", file=sys.stderr, flush=True)


def main() -> int:
    options = arguments()
    try:
        from lpc.scoring import checkpoint_of, plan, seal

        options.job = options.job.resolve()
        job = Job(options.job)
        if job.settings.codes is None and options.prompts:
            raise JobError("This job's latent has no codebook, so that its prompts have no codes. Leave --prompts out.")
        out = (options.out or options.job / "scores").resolve()
        checkpoint = checkpoint_of((options.result or options.job / "result").resolve(), options.checkpoint)
        is_own = options.prompts is None and options.pairs is None
        own = {"prompts": [options.job / "prompts.parquet"], "pairs": [options.job / "pairs.parquet"]}
        asked = own if is_own else {"prompts": options.prompts or [], "pairs": options.pairs or []}
        files = {kind: [path.resolve() for path in paths] for kind, paths in asked.items()}
        if job.settings.codes is None:
            files["prompts"] = []
        pieces = plan(job, checkpoint, files, options.rows, out)
        missing = [piece for piece in pieces if not (out / piece.name).exists()]
        names = ["model", "other_model", "precision", "device", "batching"]
        given = (str(options.job), str(checkpoint), str(out), {name: getattr(options, name) for name in names})
        if missing and options.workers:
            with_ray(options, missing, given)
        elif missing:
            alone(missing, given)
        seal(job, checkpoint, pieces, out, is_own)
        print(f"{len(pieces)} pieces: {out}", file=sys.stderr)
        return 0
    except JobError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
