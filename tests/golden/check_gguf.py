"""Opens a run's GGUF exports by the gguf package and compares them with its merged folder and its PEFT adapter.

    pip install gguf numpy
    npm run facet -- export -p P.facet -r RUN -f merged --to OUT      (likewise peft, gguf-lora, and gguf with -t F16, Q8_0, Q4_0)
    python tests/golden/check_gguf.py OUT/NAME-merged OUT/NAME-peft OUT/NAME-gguf-lora OUT/NAME-gguf-F16 … > tests/golden/exports-gguf.json

Prints for each file what it states of itself, and how far its values lie from those of the merged folder, relative to a tensor's
largest, beside what the package's own quantisation of the same values gives. Rows of query and key heads are taken apart first.
"""
import json
import pathlib
import struct
import sys

import numpy as np
from gguf import GGMLQuantizationType, GGUFReader, quants

NAMES = {
    "token_embd": "model.embed_tokens", "output_norm": "model.norm", "output": "lm_head", "attn_norm": "input_layernorm",
    "attn_q": "self_attn.q_proj", "attn_k": "self_attn.k_proj", "attn_v": "self_attn.v_proj", "attn_output": "self_attn.o_proj",
    "attn_q_norm": "self_attn.q_norm", "attn_k_norm": "self_attn.k_norm", "ffn_norm": "post_attention_layernorm",
    "ffn_gate": "mlp.gate_proj", "ffn_up": "mlp.up_proj", "ffn_down": "mlp.down_proj",
}


def safetensors(path):
    data = pathlib.Path(path).read_bytes()
    size = struct.unpack("<Q", data[:8])[0]
    header = json.loads(data[8 : 8 + size])
    body = data[8 + size :]
    return {
        name: np.frombuffer(body[slice(*entry["data_offsets"])], np.float32).reshape(entry["shape"])
        for name, entry in header.items() if name != "__metadata__"
    }


def hugging_face(name):
    """`blk.0.attn_q.weight` as transformers calls it, and what comes after."""
    parts = name.split(".")
    if parts[0] == "blk":
        return f"model.layers.{parts[1]}.{NAMES[parts[2]]}", parts[2], ".".join(parts[3:])
    return NAMES[parts[0]], parts[0], ".".join(parts[1:])


def apart(rows, heads):
    """llama.cpp interleaves the two halves of each head; the other way round."""
    return rows.reshape(heads, rows.shape[0] // heads // 2, 2, *rows.shape[1:]).swapaxes(1, 2).reshape(rows.shape)


merged_dir, peft_dir, lora_dir, *model_dirs = map(pathlib.Path, sys.argv[1:])
config = json.loads((merged_dir / "config.json").read_text())
HEADS = {"attn_q": config["num_attention_heads"], "attn_k": config["num_key_value_heads"]}
merged = safetensors(merged_dir / "model.safetensors")
adapter = safetensors(peft_dir / "adapter_model.safetensors")
interleaves = config["model_type"] in ("llama", "mistral")


def put_apart(values, part):
    return apart(values, HEADS[part]) if interleaves and part in HEADS else values


def fields(reader, *keys):
    return {key: reader.fields[key].contents() for key in keys if key in reader.fields}


result = {}
for folder in model_dirs:
    [path] = folder.glob("*.gguf")
    reader = GGUFReader(path)
    worst, package, kinds = 0.0, 0.0, {}
    for tensor in reader.tensors:
        if tensor.name == "rope_freqs.weight":
            continue
        name, part, rest = hugging_face(tensor.name)
        wanted = merged[f"{name}.{rest}"]
        own = quants.dequantize(tensor.data, tensor.tensor_type).reshape(wanted.shape)
        largest = np.abs(wanted).max()
        worst = max(worst, float(np.abs(put_apart(own, part) - wanted).max() / largest))
        kind = tensor.tensor_type
        again = quants.dequantize(quants.quantize(wanted, kind), kind).reshape(wanted.shape)
        package = max(package, float(np.abs(again - wanted).max() / largest))
        kinds[kind.name] = kinds.get(kind.name, 0) + 1
    result[path.name] = {
        **fields(reader, "general.architecture", "general.file_type", "general.description", "facet.latent.carried",
                 "tokenizer.ggml.model", "tokenizer.ggml.pre"),
        "tokens": len(reader.fields["tokenizer.ggml.tokens"].data), "tensors": kinds,
        "largest_difference": worst, "of_the_package": package,
    }
reader = GGUFReader(lora_dir / "adapter.gguf")
worst = 0.0
for tensor in reader.tensors:
    name, part, rest = hugging_face(tensor.name)
    side = "A" if rest.endswith("lora_a") else "B"
    wanted = adapter[f"base_model.model.{name}.lora_{side}.weight"]
    own = tensor.data.reshape(wanted.shape)
    worst = max(worst, float(np.abs((put_apart(own, part) if side == "B" else own) - wanted).max()))
result["adapter.gguf"] = {
    **fields(reader, "general.type", "general.architecture", "adapter.type", "adapter.lora.alpha", "general.description"),
    "tensors": len(reader.tensors), "largest_difference": worst,
}
print(json.dumps(result, indent=1))
