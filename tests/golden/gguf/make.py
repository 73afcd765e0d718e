"""Writes blocks.json and five small GGUF models with their logits.

    pip install numpy gguf && python make.py

Weights are dequantised by the gguf package; logits come from the float64 forward pass below, which shares nothing with
the project. Quantised types that the package can't write (K) are random bytes with small scales.
"""
import json
import gguf
import numpy as np
from gguf import GGMLQuantizationType as T

rng = np.random.default_rng(20261126)
K_BYTES = {T.Q4_K: 144, T.Q5_K: 176, T.Q6_K: 210}


def half(value):
    return np.frombuffer(np.float16(value).tobytes(), np.uint8)


def random_blocks(kind, blocks, scale):
    """Raw bytes of K blocks: every bit random but for the 16-bit scales."""
    raw = rng.integers(0, 256, (blocks, K_BYTES[kind]), dtype=np.uint8)
    for row in raw:
        if kind == T.Q6_K:
            row[208:210] = half(scale / 900 * (1 + rng.random()))
        else:
            row[0:2] = half(scale / 500 * (1 + rng.random()))
            row[2:4] = half(scale / 60 * (1 + rng.random()))
    return raw


def stored(shape, kind, scale):
    """(raw bytes by row, dequantised float32)."""
    if kind in K_BYTES:
        raw = random_blocks(kind, int(np.prod(shape)) // 256, scale).reshape(shape[0], -1)
        return raw, gguf.quants.dequantize(raw, kind).reshape(shape)
    values = (rng.standard_normal(shape) * scale).astype(np.float32)
    if kind == T.F32:
        return values, values
    raw = gguf.quants.quantize(values, kind)
    return raw, gguf.quants.dequantize(raw, kind).reshape(shape)


def blocks():
    out = {}
    for kind in (T.Q4_0, T.Q4_1, T.Q5_0, T.Q5_1, T.Q8_0, T.Q4_K, T.Q5_K, T.Q6_K):
        raw, values = stored((2, 256), kind, 1.0)
        if kind not in K_BYTES:
            # Every bit pattern, not only those that the quantiser chooses.
            raw = np.ascontiguousarray(raw).reshape(-1)
            size = gguf.GGML_QUANT_SIZES[kind][1]
            for at in range(0, raw.size, size):
                scales = 2 if kind in (T.Q4_0, T.Q5_0, T.Q8_0) else 4
                raw[at + scales: at + size] = rng.integers(0, 256, size - scales, dtype=np.uint8)
            raw = raw.reshape(2, -1)
            values = gguf.quants.dequantize(raw, kind)
        out[kind.name] = {'bytes': np.ascontiguousarray(raw).tobytes().hex(), 'values': [float(v) for v in values.reshape(-1)]}
    with open('blocks.json', 'w') as file:
        json.dump(out, file)


D, FFN, HEADS, KV, HEAD, VOCAB, LAYERS = 256, 64, 4, 2, 16, 40, 2
MATRICES = {
    'attn_q': ((HEADS * HEAD, D), T.Q4_K), 'attn_k': ((KV * HEAD, D), T.Q5_1), 'attn_v': ((KV * HEAD, D), T.Q6_K),
    'attn_output': ((D, HEADS * HEAD), T.Q5_0), 'ffn_gate': ((FFN, D), T.Q5_K), 'ffn_up': ((FFN, D), T.Q4_1),
    'ffn_down': ((D, FFN), T.Q4_0),
}
PHI_MATRICES = {
    'attn_qkv': (((HEADS + 2 * KV) * HEAD, D), T.Q4_K), 'attn_output': ((D, HEADS * HEAD), T.Q5_0),
    'ffn_up': ((2 * FFN, D), T.Q5_K), 'ffn_down': ((D, FFN), T.Q4_0),
}


def norm(x, weight, eps=1e-5):
    return x / np.sqrt((x * x).mean(-1, keepdims=True) + eps) * weight


def rotate(x, theta):
    """Hugging Face's rotation: dimension i with i + size/2. x (T, heads, size)."""
    size = x.shape[-1]
    angle = np.arange(x.shape[0])[:, None] / theta ** (np.arange(0, size, 2) / size)
    cos, sin = np.cos(angle)[:, None], np.sin(angle)[:, None]
    a, b = x[..., : size // 2], x[..., size // 2:]
    return np.concatenate([a * cos - b * sin, b * cos + a * sin], -1)


def apart(weight, heads):
    """llama.cpp's order of a head's rows, taken back."""
    rows = weight.shape[0] // heads
    return weight.reshape(heads, rows // 2, 2, -1).swapaxes(1, 2).reshape(weight.shape)


# Gemma 3 as llama.cpp knows it: each sixth layer sees all and turns by the stated theta, the others by 10,000 and within a
# window; norms are stored with the 1 added; each branch is normed before it is added.
G_LAYERS, G_WINDOW, G_THETA = 6, 3, 1e6


def gemma_logits(ids, weights):
    w = {name: value.astype(np.float64) for name, value in weights.items()}
    x = w['token_embd.weight'][ids] * np.sqrt(D)
    place = np.arange(len(ids))
    back = place[:, None] - place[None]
    for layer in range(G_LAYERS):
        def at(name):
            return w[f'blk.{layer}.{name}.weight']
        sees_all = layer % 6 == 5
        h = norm(x, at('attn_norm'))
        q, k, v = ((h @ at(f'attn_{name}').T).reshape(len(ids), -1, HEAD) for name in 'qkv')
        theta = G_THETA if sees_all else 10000.0
        q, k = rotate(norm(q, at('attn_q_norm')), theta), rotate(norm(k, at('attn_k_norm')), theta)
        k, v = k.repeat(HEADS // KV, 1), v.repeat(HEADS // KV, 1)
        mask = (back >= 0) & (sees_all | (back < G_WINDOW))
        scores = np.where(mask, np.einsum('thd,shd->hts', q, k) / np.sqrt(HEAD), -np.inf)
        scores = np.exp(scores - scores.max(-1, keepdims=True))
        scores /= scores.sum(-1, keepdims=True)
        mixed = np.einsum('hts,shd->thd', scores, v).reshape(len(ids), -1) @ at('attn_output').T
        x = x + norm(mixed, at('post_attention_norm'))
        h = norm(x, at('ffn_norm'))
        gate = h @ at('ffn_gate').T
        gate = gate * (1 + np.tanh(np.sqrt(2 / np.pi) * (gate + 0.044715 * gate**3))) / 2
        x = x + norm((gate * (h @ at('ffn_up').T)) @ at('ffn_down').T, at('post_ffw_norm'))
    return norm(x, w['output_norm.weight']) @ w['token_embd.weight'].T


def logits(ids, weights, interleaved, theta):
    w = {name: value.astype(np.float64) for name, value in weights.items()}
    x = w['token_embd.weight'][ids]
    mask = np.tril(np.ones((len(ids), len(ids)), bool))
    for layer in range(LAYERS):
        def at(name):
            return w[f'blk.{layer}.{name}']
        def maybe(name):
            return w.get(f'blk.{layer}.{name}', 0.0)
        h = norm(x, at('attn_norm.weight'))
        q_weight, k_weight = at('attn_q.weight'), at('attn_k.weight')
        if interleaved:
            q_weight, k_weight = apart(q_weight, HEADS), apart(k_weight, KV)
        q = (h @ q_weight.T + maybe('attn_q.bias')).reshape(-1, HEADS, HEAD)
        k = (h @ k_weight.T + maybe('attn_k.bias')).reshape(-1, KV, HEAD)
        v = (h @ at('attn_v.weight').T + maybe('attn_v.bias')).reshape(-1, KV, HEAD)
        if f'blk.{layer}.attn_q_norm.weight' in w:
            q, k = norm(q, at('attn_q_norm.weight')), norm(k, at('attn_k_norm.weight'))
        q, k = rotate(q, theta), rotate(k, theta)
        k, v = k.repeat(HEADS // KV, 1), v.repeat(HEADS // KV, 1)
        scores = np.where(mask, np.einsum('thd,shd->hts', q, k) / np.sqrt(HEAD), -np.inf)
        scores = np.exp(scores - scores.max(-1, keepdims=True))
        scores /= scores.sum(-1, keepdims=True)
        x = x + np.einsum('hts,shd->thd', scores, v).reshape(len(ids), -1) @ at('attn_output.weight').T
        h = norm(x, at('ffn_norm.weight'))
        gate = h @ at('ffn_gate.weight').T
        x = x + (gate / (1 + np.exp(-gate)) * (h @ at('ffn_up.weight').T)) @ at('ffn_down.weight').T
    x = norm(x, w['output_norm.weight'])
    return x @ w.get('output.weight', w['token_embd.weight']).T


# Phi as llama.cpp knows it: query, key and value in one matrix, gate and up in another; of each head the first dimensions
# alone rotate, by frequencies with divisors of their own, and turned ones are scaled.
P_ROTARY, P_WINDOW, P_SCALE = 12, 5, 1.25
P_SHORT, P_LONG = [1.0, 1.1, 1.3, 1.7, 2.4, 4.0], [1.0, 2.0, 4.0, 9.0, 20.0, 45.0]


def phi_logits(ids, weights):
    w = {name: value.astype(np.float64) for name, value in weights.items()}
    x = w['token_embd.weight'][ids]
    place = np.arange(len(ids))
    back = place[:, None] - place[None]
    angle = place[:, None] / (10000.0 ** (np.arange(0, P_ROTARY, 2) / P_ROTARY) * w['rope_factors_short.weight'])
    cos, sin = P_SCALE * np.cos(angle)[:, None], P_SCALE * np.sin(angle)[:, None]

    def turned(y):
        a, b = y[..., : P_ROTARY // 2], y[..., P_ROTARY // 2: P_ROTARY]
        return np.concatenate([a * cos - b * sin, b * cos + a * sin, y[..., P_ROTARY:]], -1)

    for layer in range(LAYERS):
        def at(name):
            return w[f'blk.{layer}.{name}.weight']
        fused = (norm(x, at('attn_norm')) @ at('attn_qkv').T).reshape(len(ids), -1, HEAD)
        q, k, v = turned(fused[:, :HEADS]), turned(fused[:, HEADS:HEADS + KV]), fused[:, HEADS + KV:]
        k, v = k.repeat(HEADS // KV, 1), v.repeat(HEADS // KV, 1)
        scores = np.where((back >= 0) & (back < P_WINDOW), np.einsum('thd,shd->hts', q, k) / np.sqrt(HEAD), -np.inf)
        scores = np.exp(scores - scores.max(-1, keepdims=True))
        scores /= scores.sum(-1, keepdims=True)
        x = x + np.einsum('hts,shd->thd', scores, v).reshape(len(ids), -1) @ at('attn_output').T
        both = norm(x, at('ffn_norm')) @ at('ffn_up').T
        gate, up = both[:, :FFN], both[:, FFN:]
        x = x + (gate / (1 + np.exp(-gate)) * up) @ at('ffn_down').T
    return norm(x, w['output_norm.weight']) @ w['output.weight'].T


def model(arch):
    writer = gguf.GGUFWriter(f'{arch}.gguf', arch)
    is_gemma, is_phi = arch == 'gemma3', arch == 'phi3'
    theta = G_THETA if is_gemma else 10000.0
    layers = G_LAYERS if is_gemma else LAYERS
    writer.add_context_length(128)
    writer.add_embedding_length(D)
    writer.add_block_count(layers)
    writer.add_feed_forward_length(FFN)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(KV)
    writer.add_key_length(HEAD)
    writer.add_value_length(HEAD)
    writer.add_rope_freq_base(theta)
    writer.add_layer_norm_rms_eps(1e-5)
    if is_gemma:
        writer.add_sliding_window(G_WINDOW)
    if is_phi:
        writer.add_sliding_window(P_WINDOW)
        writer.add_rope_dimension_count(P_ROTARY)
        writer.add_rope_scaling_attn_factors(P_SCALE)
        writer.add_rope_scaling_orig_ctx_len(64)
    tokens = ['<unk>', '<s>', '</s>'] + [chr(97 + i) for i in range(VOCAB - 3)]
    if arch in ('llama', 'gemma3'):
        writer.add_tokenizer_model('llama')
        writer.add_token_list(tokens)
        writer.add_token_scores([0.0] * VOCAB)
    else:
        writer.add_tokenizer_model('gpt2')
        writer.add_tokenizer_pre('gpt-4o' if is_phi else 'qwen2')
        writer.add_token_list(tokens)
        writer.add_token_merges(['a b'])
    writer.add_token_types([2, 3, 3] + [1] * (VOCAB - 3))
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    weights = {}

    def add(name, shape, kind, scale):
        raw, values = stored(shape, kind, scale)
        weights[name] = values
        writer.add_tensor(name, raw, raw_dtype=None if kind == T.F32 else kind)

    add('token_embd.weight', (VOCAB, D), T.Q8_0, 1.0)
    if is_phi:
        for name, factors in (('long', P_LONG), ('short', P_SHORT)):
            weights[f'rope_factors_{name}.weight'] = np.array(factors, np.float32)
            writer.add_tensor(f'rope_factors_{name}.weight', weights[f'rope_factors_{name}.weight'])
    for layer in range(layers):
        for name, (shape, kind) in (PHI_MATRICES if is_phi else MATRICES).items():
            add(f'blk.{layer}.{name}.weight', shape, kind, 1.5 / np.sqrt(shape[1]))
            if arch == 'qwen2' and name in ('attn_q', 'attn_k', 'attn_v'):
                add(f'blk.{layer}.{name}.bias', (shape[0],), T.F32, 0.3)
        for name, size in (('attn_norm', D), ('ffn_norm', D)):
            add(f'blk.{layer}.{name}.weight', (size,), T.F32, 1.0)
        if is_gemma:
            add(f'blk.{layer}.post_attention_norm.weight', (D,), T.F32, 0.3)
            add(f'blk.{layer}.post_ffw_norm.weight', (D,), T.F32, 0.3)
        if arch == 'qwen3' or is_gemma:
            add(f'blk.{layer}.attn_q_norm.weight', (HEAD,), T.F32, 1.0)
            add(f'blk.{layer}.attn_k_norm.weight', (HEAD,), T.F32, 1.0)
    add('output_norm.weight', (D,), T.F32, 1.0)
    if arch in ('qwen2', 'phi3'):
        add('output.weight', (VOCAB, D), T.Q6_K, 0.1)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    ids = [1, 5, 9, 30, 4, 17, 22, 8]
    place = np.array(ids)
    values = phi_logits(place, weights) if is_phi else gemma_logits(place, weights) if is_gemma else logits(place, weights, arch == 'llama', theta)
    return {'ids': ids, 'logits': values.round(6).tolist()}


blocks()
with open('golden.json', 'w') as file:
    json.dump({arch: model(arch) for arch in ('llama', 'qwen2', 'qwen3', 'gemma3', 'phi3')}, file)
