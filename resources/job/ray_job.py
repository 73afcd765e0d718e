#!/usr/bin/env python3
"""The same run on a Ray cluster: ray job submit --working-dir . -- python ray_job.py --workers 8 --gpu [options of train.py]

The result folder has to be where every worker can write: --out /shared/result. A worker that dies is replaced, and
training goes on from the last checkpoint there.
"""

import argparse
import os
import runpy
import sys
from pathlib import Path


def train(config: dict[str, list[str]]) -> None:
    """In each worker, whose process group Ray has set up, and to which it has brought this folder."""
    import lpc

    folder = Path(lpc.__file__).resolve().parent.parent
    os.chdir(folder)
    sys.argv = ["train.py", *config["arguments"]]
    try:
        runpy.run_path(str(folder / "train.py"), run_name="__main__")
    except SystemExit as ended:
        if ended.code not in (0, None):
            raise RuntimeError(f"train.py ended with {ended.code}") from ended


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--gpu", action="store_true", help="one GPU a worker")
    parser.add_argument("--failures", type=int, default=3, help="workers that may be lost before the run ends")
    options, arguments = parser.parse_known_args()
    if "--out" not in arguments:
        parser.error("name a result folder that every worker can write to: --out /shared/result")

    from ray.train import FailureConfig, RunConfig, ScalingConfig
    from ray.train.torch import TorchTrainer

    TorchTrainer(
        train,
        train_loop_config={"arguments": arguments},
        scaling_config=ScalingConfig(num_workers=options.workers, use_gpu=options.gpu),
        run_config=RunConfig(failure_config=FailureConfig(max_failures=options.failures)),
    ).fit()


if __name__ == "__main__":
    main()
