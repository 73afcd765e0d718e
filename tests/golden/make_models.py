"""Tiny random checkpoints of each architecture, with hidden states, logits, log-probabilities, the loss and LoRA gradients
by transformers and PyTorch in float32.

Run once: pip install torch transformers; python tests/golden/make_models.py [NAME …]
Writes models/<name>/{config.json, *.safetensors, golden.json} beside itself. LoRA's weights are not stored: both sides
make them by the formula of `weight_values`, which is that of make_adapters.py.
"""
import json
import math
import pathlib
import shutil
import sys

import torch
from transformers import (AutoModelForCausalLM, Gemma3TextConfig, LlamaConfig, MistralConfig, Phi3Config, Qwen2Config,
                          Qwen3Config, SmolLM3Config)

HERE = pathlib.Path(__file__).parent / "models"
COMMON = dict(
    vocab_size=61, hidden_size=24, intermediate_size=40, num_hidden_layers=2, num_attention_heads=4,
    num_key_value_heads=2, max_position_embeddings=64, initializer_range=0.3, bos_token_id=1, eos_token_id=2,
    pad_token_id=None,
)
LLAMA3 = dict(rope_type="llama3", factor=8.0, low_freq_factor=1.0, high_freq_factor=4.0,
              original_max_position_embeddings=16, rope_theta=10000.0)
GEMMA3 = dict(head_dim=8, tie_word_embeddings=True, sliding_window=5, query_pre_attn_scalar=12,
              layer_types=["sliding_attention", "full_attention"])
LONGROPE = dict(rope_type="longrope", short_factor=[1.0, 1.25], long_factor=[1.5, 6.0], original_max_position_embeddings=32,
                rope_theta=10000.0, partial_rotary_factor=0.75)
YARN = dict(rope_type="yarn", factor=4.0, original_max_position_embeddings=16, beta_fast=4, rope_theta=10000.0)
CONFIGS = {
    "llama-untied": LlamaConfig(**COMMON, tie_word_embeddings=False),
    "llama-tied-headdim": LlamaConfig(**COMMON, tie_word_embeddings=True, head_dim=8),
    "llama-biases": LlamaConfig(**COMMON, tie_word_embeddings=True, attention_bias=True, mlp_bias=True),
    "llama3-rope": LlamaConfig(**COMMON, tie_word_embeddings=True, rope_scaling=LLAMA3),
    "linear-rope": LlamaConfig(**COMMON, rope_scaling=dict(rope_type="linear", factor=4.0, rope_theta=10000.0)),
    "yarn": LlamaConfig(**COMMON, head_dim=16, rope_scaling=YARN),
    "yarn-weights": Qwen3Config(**COMMON, head_dim=16, tie_word_embeddings=True, rope_scaling=dict(
        YARN, mscale=0.8, mscale_all_dim=0.4, truncate=False)),
    "yarn-factor": Qwen2Config(**COMMON, tie_word_embeddings=True, rope_scaling=dict(YARN, attention_factor=1.3)),
    "mistral": MistralConfig(**COMMON, sliding_window=None, tie_word_embeddings=False),
    "mistral-headdim": MistralConfig(**COMMON, sliding_window=None, head_dim=10, tie_word_embeddings=False),
    "mistral-window": MistralConfig(**COMMON, sliding_window=6, tie_word_embeddings=False),
    "qwen2": Qwen2Config(**COMMON, tie_word_embeddings=True),
    "qwen2-untied": Qwen2Config(**COMMON, tie_word_embeddings=False),
    "qwen2-window": Qwen2Config(**COMMON, tie_word_embeddings=True, use_sliding_window=True, sliding_window=5,
                                max_window_layers=1),
    "qwen3": Qwen3Config(**COMMON, head_dim=8, tie_word_embeddings=True),
    "qwen3-window": Qwen3Config(**COMMON, head_dim=8, tie_word_embeddings=False, attention_bias=True,
                                use_sliding_window=True, sliding_window=5,
                                layer_types=["sliding_attention", "full_attention"]),
    "smollm3": SmolLM3Config(**COMMON, no_rope_layers=[1, 0], tie_word_embeddings=True),
    "smollm3-window": SmolLM3Config(**COMMON, no_rope_layers=[0, 1], use_sliding_window=True, sliding_window=5,
                                    layer_types=["full_attention", "sliding_attention"], tie_word_embeddings=False),
    "gemma3": Gemma3TextConfig(**COMMON, **GEMMA3),
    "gemma3-rope": Gemma3TextConfig(**COMMON, **GEMMA3, rope_parameters=dict(
        full_attention=dict(rope_type="linear", factor=8.0, rope_theta=1000000.0),
        sliding_attention=dict(rope_type="default", rope_theta=5000.0))),
    "phi3": Phi3Config(**COMMON, sliding_window=None, tie_word_embeddings=False),
    "phi3-window": Phi3Config(**COMMON, sliding_window=6, tie_word_embeddings=False),
    "phi4-mini": Phi3Config(**COMMON, sliding_window=None, tie_word_embeddings=True, original_max_position_embeddings=32,
                            rope_parameters=LONGROPE),
}
RANK = 2
SCALE = 1.5
ADAPTED = ["self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj", "self_attn.o_proj", "mlp.gate_proj",
           "mlp.up_proj", "mlp.down_proj", "self_attn.qkv_proj", "mlp.gate_up_proj"]


def weight_values(name, shape):
    """0.35·sin(1.7·i + phase(name)·(1 + i/7))"""
    phase = 0
    for character in name:
        phase = (phase * 31 + ord(character)) % 9973
    values = [0.35 * math.sin(1.7 * index + phase / 997 * (1 + index / 7)) for index in range(math.prod(shape))]
    return torch.tensor(values, dtype=torch.float32).reshape(shape)


def adapt(model):
    """Hooks y += scale · (x Aᵀ) Bᵀ onto every linear layer of every block; returns A and B by name."""
    adapters = {}
    for target, module in model.named_modules():
        if not any(target.endswith(name) for name in ADAPTED):
            continue
        full = f"lora.{target}"
        a = weight_values(f"{full}.a", (RANK, module.in_features)).requires_grad_()
        b = weight_values(f"{full}.b", (module.out_features, RANK)).requires_grad_()
        adapters[f"{full}.a"], adapters[f"{full}.b"] = a, b
        module.register_forward_hook(lambda _, x, y, a=a, b=b: y + SCALE * (x[0] @ a.T) @ b.T)
    return adapters


def rounded(values):
    return [float(f"{value:.7g}") for value in values]


def loss_of(model, ids):
    return torch.nn.functional.cross_entropy(model(ids).logits[0, :-1], ids[0, 1:])


def write(name, config, dtype, shard=None, edit=None):
    if sys.argv[1:] and name not in sys.argv[1:]:
        return
    torch.manual_seed(sum(map(ord, name)))
    model = AutoModelForCausalLM.from_config(config, attn_implementation="eager")
    for parameter_name, parameter in model.named_parameters():
        if "norm" in parameter_name:
            # Gemma stores how far a norm's weight lies from 1.
            parameter.data.uniform_(*((-0.5, 0.5) if name.startswith("gemma") else (0.5, 1.5)))
        if parameter_name.endswith("bias"):
            parameter.data.normal_(0, 0.3)
    folder = HERE / name
    shutil.rmtree(folder, ignore_errors=True)
    model.to(dtype).save_pretrained(folder, **({"max_shard_size": shard} if shard else {}))
    for extra in folder.glob("generation_config.json"):
        extra.unlink()
    if edit:
        path = folder / "config.json"
        path.write_text(json.dumps(edit(json.loads(path.read_text())), indent=2) + "\n")
    # Read back: a cast of the whole model would also have rounded its rotary frequencies, which no folder stores.
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32, attn_implementation="eager").eval()
    ids = torch.randint(3, config.vocab_size, (1, 19))
    with torch.no_grad():
        out = model(ids, output_hidden_states=True)
        loss = loss_of(model, ids).item()
    logps = torch.log_softmax(out.logits[0, :-1].double(), -1).gather(1, ids[0, 1:, None])[:, 0]
    model.requires_grad_(False)
    adapters = adapt(model)
    adapted = loss_of(model, ids)
    adapted.backward()
    (folder / "golden.json").write_text(json.dumps({
        "ids": ids[0].tolist(),
        "hidden": rounded(out.hidden_states[-1][0].flatten().tolist()),
        "lastLogits": rounded(out.logits[0, -1].tolist()),
        "logProbabilities": rounded(logps.tolist()),
        "loss": loss,
        "lora": {
            "rank": RANK,
            "scale": SCALE,
            "loss": adapted.item(),
            "gradients": {name: rounded(value.grad.flatten().tolist()) for name, value in adapters.items()},
        },
    }))


def older(config):
    """As transformers 4 wrote it: rope_theta beside rope_scaling, and the type under its first name."""
    rope = config.pop("rope_parameters")
    config["rope_theta"] = rope.pop("rope_theta")
    config["rope_scaling"] = {("type" if key == "rope_type" else key): value for key, value in rope.items()}
    config["torch_dtype"] = config.pop("dtype")
    for key in ("layer_types", "head_dim"):
        if config.get("model_type") == "llama":
            config.pop(key, None)
    return config


def older_phi(config):
    """The same; what is not of the scaling stands beside it."""
    config = older(config)
    config["partial_rotary_factor"] = config["rope_scaling"].pop("partial_rotary_factor")
    config["rope_scaling"].pop("original_max_position_embeddings")
    return config


for name, config in CONFIGS.items():
    write(name, config, torch.float32)
write("llama-bf16", LlamaConfig(**COMMON, tie_word_embeddings=False), torch.bfloat16)
write("qwen2-f16", Qwen2Config(**COMMON, tie_word_embeddings=True), torch.float16)
write("qwen3-bf16-sharded", Qwen3Config(**COMMON, head_dim=8, tie_word_embeddings=False), torch.bfloat16, shard="9KB")
write("llama3-rope-older", LlamaConfig(**COMMON, tie_word_embeddings=True, rope_scaling=dict(LLAMA3)), torch.float32,
      edit=older)
write("linear-rope-older", LlamaConfig(**COMMON, rope_scaling=dict(rope_type="linear", factor=4.0,
                                                                   rope_theta=500.0)), torch.float32, edit=older)
write("phi4-mini-older", Phi3Config(**COMMON, sliding_window=None, tie_word_embeddings=True,
                                    original_max_position_embeddings=32, rope_parameters=dict(LONGROPE)), torch.float32,
      edit=older_phi)
