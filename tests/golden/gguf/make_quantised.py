"""Golden blocks by the gguf package's own quantisation: float32 values, and their bytes as Q8_0 and Q4_0.

    pip install gguf numpy
    python tests/golden/gguf/make_quantised.py

Writes quantised.json beside itself, all in base64.
"""
import base64
import json
import pathlib

import numpy as np
from gguf import GGMLQuantizationType, quants

rng = np.random.default_rng(5)
blocks = rng.normal(0, 0.05, (24, 32)).astype(np.float32)
blocks[0] = 0
blocks[1] *= 1e-7
blocks[2] *= 1e4
blocks[3] = np.linspace(-1, 1, 32, dtype=np.float32)
blocks[4] = np.where(np.arange(32) % 2, 0.5, -0.5)
blocks[5, 7] = 3
blocks[6, 7] = -3
encode = lambda array: base64.b64encode(array.tobytes()).decode()
result = {"values": encode(blocks)}
for name in ("Q8_0", "Q4_0"):
    result[name] = encode(quants.quantize(blocks.reshape(-1), GGMLQuantizationType[name]))
(pathlib.Path(__file__).parent / "quantised.json").write_text(json.dumps(result))
