#!/usr/bin/env bash
# One machine: every GPU it has, or the processor. Where a process dies, all go on from the last checkpoint.
# Further options go to train.py: ./run.sh --precision bfloat16
set -euo pipefail
cd "$(dirname "$0")"
processes=${PROCESSES:-$(python -c 'import torch; print(max(1, torch.cuda.device_count()))')}
exec torchrun --standalone --nproc-per-node "$processes" --max-restarts "${RESTARTS:-3}" train.py "$@"
