"""Hidden states, log-probabilities and LoRA gradients of tiny models by mlx-lm (float32, cpu), beside make_models.py.

    pip install "mlx[cpu]" mlx-lm
    python tests/golden/make_adapters.py > tests/golden/adapters.json

Weights are not stored: both sides make them by the same formula (`weight_values`).
"""
import importlib
import json
import math

import mlx.core as mx
import mlx.nn as nn
from mlx.utils import tree_flatten
from mlx_lm.tuner.lora import LoRALinear

mx.set_default_device(mx.cpu)

BASE = {
    "vocab_size": 40,
    "hidden_size": 16,
    "intermediate_size": 24,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "max_position_embeddings": 64,
    "rms_norm_eps": 1e-6,
    "rope_theta": 10000.0,
    "hidden_act": "silu",
    "tie_word_embeddings": False,
}
LLAMA3 = {
    "rope_type": "llama3",
    "factor": 8.0,
    "low_freq_factor": 1.0,
    "high_freq_factor": 4.0,
    "original_max_position_embeddings": 32,
}
CASES = {
    "llama, tied": {"architectures": ["LlamaForCausalLM"], "model_type": "llama", "tie_word_embeddings": True},
    "llama, llama3 rope, biases": {
        "architectures": ["LlamaForCausalLM"], "model_type": "llama", "rope_scaling": LLAMA3, "rope_theta": 500.0,
        "attention_bias": True, "mlp_bias": True,
    },
    "llama, linear rope, own head size": {
        "architectures": ["LlamaForCausalLM"], "model_type": "llama", "head_dim": 8,
        "rope_scaling": {"rope_type": "linear", "factor": 4.0},
    },
    "qwen2": {"architectures": ["Qwen2ForCausalLM"], "model_type": "qwen2", "rope_theta": 1000000.0},
    "qwen3": {
        "architectures": ["Qwen3ForCausalLM"], "model_type": "qwen3", "head_dim": 8, "tie_word_embeddings": True,
        "rope_theta": 1000000.0,
    },
    "smollm3": {
        "architectures": ["SmolLM3ForCausalLM"], "model_type": "smollm3", "no_rope_layers": [1, 0],
        "no_rope_layer_interval": 2, "tie_word_embeddings": True,
    },
}
TOKENS = [(7 * index * index + 3 * index + 1) % 40 for index in range(37)]
RANK = 2
SCALE = 1.5


def phase(name):
    value = 0
    for character in name:
        value = (value * 31 + ord(character)) % 9973
    return value / 997


def weight_values(name, count):
    """0.35·sin(1.7·i + phase(name)·(1 + i/7)); norms are around 1."""
    shift = phase(name)
    centre = 1.0 if name.endswith("norm.weight") else 0.0
    return [centre + 0.35 * math.sin(1.7 * index + shift * (1 + index / 7)) for index in range(count)]


def filled(name, shape):
    return mx.array(weight_values(name, math.prod(shape)), dtype=mx.float32).reshape(shape)


def golden(config):
    module = importlib.import_module(f"mlx_lm.models.{config['model_type']}")
    model = module.Model(module.ModelArgs.from_dict(config))
    model.load_weights([(name, filled(name, value.shape)) for name, value in tree_flatten(model.parameters())])
    shapes = {name: list(value.shape) for name, value in tree_flatten(model.parameters())}

    ids = mx.array([TOKENS])
    hidden = model.model(ids)[0]
    logits = model(ids)[0]
    log_probabilities = logits - mx.logsumexp(logits, axis=-1, keepdims=True)
    chosen = mx.take_along_axis(log_probabilities[:-1], ids[0, 1:, None], axis=-1)[:, 0]

    adapted = ["self_attn.q_proj", "self_attn.v_proj", "mlp.down_proj"]
    for index, layer in enumerate(model.model.layers):
        for target in adapted:
            parent = getattr(layer, target.split(".")[0])
            name = target.split(".")[1]
            base = getattr(parent, name)
            wrapped = LoRALinear.from_base(base, r=RANK, scale=SCALE, dropout=0.0)
            full = f"lora.model.layers.{index}.{target}"
            out_size, in_size = base.weight.shape
            wrapped.lora_a = filled(f"{full}.a", (RANK, in_size)).T
            wrapped.lora_b = filled(f"{full}.b", (out_size, RANK)).T
            setattr(parent, name, wrapped)

    def loss_of(tuned):
        out = tuned(ids)[0, :-1]
        return nn.losses.cross_entropy(out, ids[0, 1:], reduction="mean")

    model.freeze()
    for _, part in model.named_modules():
        if isinstance(part, LoRALinear):
            part.unfreeze(keys=["lora_a", "lora_b"], recurse=False)
    loss, gradients = nn.value_and_grad(model, loss_of)(model)
    flat = dict(tree_flatten(gradients))
    lora = {
        f"lora.{name[: -len('.lora_a')]}.{name[-1]}": value.T.reshape(-1).tolist()
        for name, value in flat.items()
        if name.endswith((".lora_a", ".lora_b"))
    }
    return {
        "config": config,
        "shapes": shapes,
        "lastHidden": hidden[-1].tolist(),
        "lastLogits": logits[-1].tolist(),
        "logProbabilities": chosen.tolist(),
        "loraLoss": loss.item(),
        "loraGradients": lora,
    }


def rounded(value):
    if isinstance(value, float):
        return float(f"{value:.8g}")
    if isinstance(value, list):
        return [rounded(item) for item in value]
    if isinstance(value, dict):
        return {key: rounded(item) for key, item in value.items()}
    return value


cases = {name: rounded(golden({**BASE, **change})) for name, change in CASES.items()}
print(json.dumps({"tokens": TOKENS, "rank": RANK, "scale": SCALE, "cases": cases}))
