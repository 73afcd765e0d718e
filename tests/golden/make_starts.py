"""LoRA adapters as PEFT saves them, and the logits of the model that they are merged into.

Run once: pip install torch transformers peft; python tests/golden/make_starts.py
Writes starts/<name>/{adapter_config.json, adapter_model.safetensors, golden.json} beside itself; the base is a model of models/.
"""
import json
import pathlib
import shutil

import torch
from peft import LoraConfig, PeftModel, get_peft_model
from transformers import AutoModelForCausalLM

HERE = pathlib.Path(__file__).parent
ALL = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]
CASES = {
    "plain": ("llama-untied", LoraConfig(r=3, lora_alpha=5, target_modules=ALL, task_type="CAUSAL_LM")),
    "patterns": ("llama-untied", LoraConfig(
        r=2, lora_alpha=7, target_modules=["q_proj", "down_proj"], rank_pattern={"q_proj": 4},
        alpha_pattern={"layers.1.mlp.down_proj": 3}, task_type="CAUSAL_LM")),
    "rank-stabilised": ("qwen3", LoraConfig(
        r=4, lora_alpha=3, target_modules=["v_proj", "up_proj"], use_rslora=True, task_type="CAUSAL_LM")),
    "fused": ("phi3", LoraConfig(
        r=2, lora_alpha=4, target_modules=["qkv_proj", "o_proj", "gate_up_proj", "down_proj"], task_type="CAUSAL_LM")),
}


def base_of(name):
    return AutoModelForCausalLM.from_pretrained(HERE / "models" / name, dtype=torch.float32, attn_implementation="eager")


for name, (base, config) in CASES.items():
    if not (HERE / "models" / base).exists():
        continue
    torch.manual_seed(sum(map(ord, name)))
    model = get_peft_model(base_of(base), config)
    for parameter_name, parameter in model.named_parameters():
        if "lora_" in parameter_name:
            parameter.data.normal_(0, 0.2)
    folder = HERE / "starts" / name
    shutil.rmtree(folder, ignore_errors=True)
    model.save_pretrained(folder)
    (folder / "README.md").unlink(missing_ok=True)
    # Where it lay on the machine that made it says nothing here.
    path = folder / "adapter_config.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "base_model_name_or_path": base}, indent=2) + "\n")
    ids = torch.randint(3, 61, (1, 17))
    merged = PeftModel.from_pretrained(base_of(base), folder).merge_and_unload().eval()
    with torch.no_grad():
        before, logits = base_of(base)(ids).logits[0, -1], merged(ids).logits[0, -1]
    (folder / "golden.json").write_text(json.dumps({
        "base": base, "ids": ids[0].tolist(), "moved": (logits - before).abs().max().item(),
        "lastLogits": [float(f"{value:.7g}") for value in logits.tolist()],
    }))
