"""Distributions after transformers' logits processors, for src/lpc/generate/sampling.test.ts.

    python tests/golden/make_sampling.py

Writes sampling.json: logits, tokens that are there already, settings, and the probabilities that are drawn from.
"""

import json
from pathlib import Path

import torch
from transformers import (
    LogitsProcessorList,
    MinPLogitsWarper,
    RepetitionPenaltyLogitsProcessor,
    TemperatureLogitsWarper,
    TopKLogitsWarper,
    TopPLogitsWarper,
)

SETTINGS = [
    {"temperature": 1.0},
    {"temperature": 0.6},
    {"temperature": 1.0, "topK": 5},
    {"temperature": 1.3, "topK": 300},
    {"temperature": 1.0, "topP": 0.9},
    {"temperature": 0.7, "topP": 0.35},
    {"temperature": 1.0, "topP": 0.01},
    {"temperature": 1.0, "minP": 0.1},
    {"temperature": 2.0, "minP": 0.3},
    {"temperature": 1.0, "repetitionPenalty": 1.3},
    {"temperature": 0.9, "repetitionPenalty": 0.8},
    {"temperature": 0.8, "topK": 40, "topP": 0.95, "minP": 0.05, "repetitionPenalty": 1.1},
    {"temperature": 1.5, "topK": 12, "topP": 0.6, "minP": 0.2, "repetitionPenalty": 1.7},
]


def processors(setting):
    chain = LogitsProcessorList()
    if "repetitionPenalty" in setting:
        chain.append(RepetitionPenaltyLogitsProcessor(setting["repetitionPenalty"]))
    chain.append(TemperatureLogitsWarper(setting["temperature"]))
    if "topK" in setting:
        chain.append(TopKLogitsWarper(setting["topK"]))
    if "topP" in setting:
        chain.append(TopPLogitsWarper(setting["topP"]))
    if "minP" in setting:
        chain.append(MinPLogitsWarper(setting["minP"]))
    return chain


def main():
    torch.manual_seed(7)
    cases = []
    for size, spread in ((50, 1.5), (400, 3.0)):
        logits = (spread * torch.randn(1, size)).float()
        seen = torch.randint(0, size, (1, size // 4))
        for setting in SETTINGS:
            if setting.get("topK", 0) >= size:
                continue
            scores = processors(setting)(seen, logits.clone())
            probabilities = torch.softmax(scores.double(), dim=-1)[0]
            cases.append(
                {
                    "logits": [round(value, 6) for value in logits[0].tolist()],
                    "seen": sorted(set(seen[0].tolist())),
                    "setting": setting,
                    "probabilities": [float(f"{value:.7g}") for value in probabilities.tolist()],
                }
            )
    path = Path(__file__).parent / "sampling.json"
    path.write_text(json.dumps({"cases": cases}) + "\n")


main()
