"""Opens a run's exports in peft, transformers and onnxruntime and compares their logits.

    pip install torch transformers peft onnxruntime safetensors
    npm run facet -- export -p P.facet -r RUN -f peft --to OUT      (likewise merged and onnx)
    python tests/golden/check_exports.py MODEL OUT/NAME-peft OUT/NAME-merged OUT/NAME-onnx > tests/golden/exports-….json

The latent, where the run has one, is applied here in PyTorch from latent.safetensors as its README says.
"""
import json
import sys

import numpy as np
import onnxruntime as ort
import peft
import torch
import transformers
from peft import PeftModel
from safetensors import safe_open
from transformers import AutoModelForCausalLM

model_dir, peft_dir, merged_dir, onnx_dir = sys.argv[1:5]
IDS = [1, 5, 9, 33, 70, 2, 8, 41, 17, 101, 64, 3, 12]
PROMPT = 7


def load(folder):
    return AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()


def silu_mlp(x, weights, name):
    hidden = torch.nn.functional.silu(x @ weights[f"{name}.hidden.weight"].T + weights[f"{name}.hidden.bias"])
    return hidden @ weights[f"{name}.output.weight"].T + weights[f"{name}.output.bias"]


with torch.no_grad():
    ids = torch.tensor([IDS])
    base = load(model_dir)
    base_logits = base(ids).logits
    adapted = PeftModel.from_pretrained(base, peft_dir).eval()
    out = adapted(ids, output_hidden_states=True)
    merged_logits = load(merged_dir)(ids).logits

    session = ort.InferenceSession(f"{onnx_dir}/policy.onnx")
    names = [entry.name for entry in session.get_inputs()]
    feeds = {"input_ids": np.array([IDS], dtype=np.int64)}
    expected, codes_gap = out.logits, None
    if "prompt_length" in names:
        with safe_open(f"{peft_dir}/latent.safetensors", "pt") as file:
            weights = {name: file.get_tensor(name) for name in file.keys()}
            latent = json.loads(file.metadata()["latent"])
        feeds["prompt_length"] = np.array([PROMPT], dtype=np.int64)
        feeds["code_override"] = np.zeros((1, latent["codes"]), dtype=np.float32)
        hidden = out.hidden_states[-1]
        prompt = hidden[:, :PROMPT].mean(1) if latent["pooling"] == "mean" else hidden[:, PROMPT - 1]
        p = torch.softmax(silu_mlp(prompt, weights, "prior"), -1)
        z = p @ weights["codebook"]
        expected = adapted.base_model.model.lm_head(hidden + z[:, None])
    results = session.run(None, feeds)
    outputs = dict(zip([entry.name for entry in session.get_outputs()], results))
    if "code_weights" in outputs:
        codes_gap = float(np.abs(outputs["code_weights"] - p.numpy()).max())


def gap(a, b):
    return float(np.abs(np.asarray(a) - np.asarray(b)).max())


print(json.dumps({
    "versions": {"torch": torch.__version__, "transformers": transformers.__version__, "peft": peft.__version__,
                 "onnxruntime": ort.__version__},
    "adapterMovesLogitsBy": gap(out.logits, base_logits),
    "mergedAgainstPeft": gap(merged_logits, out.logits),
    "onnxAgainstPeft": gap(outputs["logits"], expected),
    "codesAgainstTorch": codes_gap,
}, indent=2))
