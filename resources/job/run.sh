#!/usr/bin/env bash
# One machine: every GPU it has, or the processor. Further options go to train.py: ./run.sh --precision bfloat16
set -euo pipefail
cd "$(dirname "$0")"
processes=${PROCESSES:-$(python -c 'import torch; print(max(1, torch.cuda.device_count()))')}
exec torchrun --standalone --nproc-per-node "$processes" train.py "$@"
