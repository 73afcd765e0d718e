"""Tiny random checkpoints of each architecture, with hidden states and logits by transformers in float32.

Run once: pip install torch transformers; python tests/golden/make_models.py
Writes models/<name>/{config.json, model.safetensors, golden.json} beside itself.
"""
import json
import pathlib

import torch
from transformers import AutoModelForCausalLM, LlamaConfig, MistralConfig, Qwen2Config, Qwen3Config

HERE = pathlib.Path(__file__).parent / "models"
COMMON = dict(
    vocab_size=61, hidden_size=24, intermediate_size=40, num_hidden_layers=2, num_attention_heads=4,
    num_key_value_heads=2, max_position_embeddings=64, initializer_range=0.3, bos_token_id=1, eos_token_id=2,
    pad_token_id=None,
)
LLAMA3 = dict(rope_type="llama3", factor=8.0, low_freq_factor=1.0, high_freq_factor=4.0,
              original_max_position_embeddings=16, rope_theta=10000.0)
CONFIGS = {
    "llama-untied": LlamaConfig(**COMMON, tie_word_embeddings=False),
    "llama-tied-headdim": LlamaConfig(**COMMON, tie_word_embeddings=True, head_dim=8),
    "llama3-rope": LlamaConfig(**COMMON, tie_word_embeddings=True, rope_scaling=LLAMA3),
    "linear-rope": LlamaConfig(**COMMON, rope_scaling=dict(rope_type="linear", factor=4.0, rope_theta=10000.0)),
    "yarn": LlamaConfig(**COMMON, head_dim=16, rope_scaling=dict(
        rope_type="yarn", factor=4.0, original_max_position_embeddings=16, beta_fast=4, rope_theta=10000.0)),
    "mistral": MistralConfig(**COMMON, sliding_window=None, tie_word_embeddings=False),
    "mistral-window": MistralConfig(**COMMON, sliding_window=6, tie_word_embeddings=False),
    "qwen2": Qwen2Config(**COMMON, tie_word_embeddings=True),
    "qwen3": Qwen3Config(**COMMON, head_dim=8, tie_word_embeddings=True),
}


def write(name, config, dtype):
    torch.manual_seed(sum(map(ord, name)))
    model = AutoModelForCausalLM.from_config(config, attn_implementation="eager")
    for parameter_name, parameter in model.named_parameters():
        if "norm" in parameter_name:
            parameter.data.uniform_(0.5, 1.5)
        if parameter_name.endswith("bias"):
            parameter.data.normal_(0, 0.3)
    folder = HERE / name
    model.to(dtype).save_pretrained(folder)
    for extra in folder.glob("generation_config.json"):
        extra.unlink()
    # Read back: a cast of the whole model would also have rounded its rotary frequencies, which no folder stores.
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32, attn_implementation="eager").eval()
    ids = torch.randint(3, config.vocab_size, (1, 19))
    with torch.no_grad():
        out = model(ids, output_hidden_states=True)
    logps = torch.log_softmax(out.logits[0, :-1].double(), -1).gather(1, ids[0, 1:, None])[:, 0]
    (folder / "golden.json").write_text(json.dumps({
        "ids": ids[0].tolist(),
        "hidden": out.hidden_states[-1][0].flatten().tolist(),
        "lastLogits": out.logits[0, -1].tolist(),
        "logProbabilities": logps.tolist(),
    }))


for name, config in CONFIGS.items():
    write(name, config, torch.float32)
write("llama-bf16", LlamaConfig(**COMMON, tie_word_embeddings=False), torch.bfloat16)
write("qwen2-f16", Qwen2Config(**COMMON, tie_word_embeddings=True), torch.float16)
