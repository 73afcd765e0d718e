#!/usr/bin/env python3
"""Trains the job of this folder, and leaves a result that Facet takes back. README.md says how to start it."""

import argparse
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")

from lpc.job import Job, JobError  # noqa: E402


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    folder = Path(__file__).resolve().parent
    parser.add_argument("--job", type=Path, default=folder, help="job folder (default: where this file is)")
    parser.add_argument("--out", type=Path, help="result folder; training goes on from what is there (default: JOB/result)")
    parser.add_argument("--model", help="model folder on this machine, in the place of the one that the job names")
    parser.add_argument("--other-model", action="store_true", help="take the model folder though its files differ")
    parser.add_argument("--strategy", choices=["ddp", "fsdp"], default="ddp", help="copy the model to every process, or shard it")
    parser.add_argument("--precision", choices=["float32", "bfloat16"], default="float32")
    parser.add_argument("--device", choices=["auto", "cpu"], default="auto")
    parser.add_argument("--batching", choices=["packed", "plain"], default="packed", help="rows of pairs, or padded sequences")
    parser.add_argument("--codes", choices=["evaluations", "end"], help="when p(z|x) of every prompt is read")
    parser.add_argument("--anew", action="store_true", help="begin from the first step, whatever is in the result folder")
    parser.add_argument("--until", type=int, help="stop after this step")
    parser.add_argument("--check", action="store_true", help="train the small checks and compare with Facet's own figures")
    return parser.parse_args()


def main() -> int:
    options = arguments()
    try:
        if options.check:
            from lpc.check import check

            return check(options.job, strategy=options.strategy)
        from lpc.loop import train
        from lpc.prepare import prepare
        from lpc.result import say

        job = Job(options.job)
        out = options.out or options.job / "result"
        run = prepare(job, options, out)
        try:
            state = train(run, options.until)
        except JobError as error:
            run.seal("failed", str(error))
            raise
        if run.result is not None:
            say(f"{state} after step {run.done} of {run.settings.steps}: {run.result.pack()}")
        run.parallel.end()
        return 0
    except JobError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
