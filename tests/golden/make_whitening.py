"""Second moments and whitened directions by numpy, for src/lpc/warmStart/whiten.test.ts: python make_whitening.py > whitening.json"""
import json

import numpy as np

random = np.random.default_rng(4)


def case(rows, columns, count, centred):
    mixing = random.normal(size=(columns, columns)) * np.geomspace(1, 0.1, columns)[:, None]
    x = np.round(random.normal(size=(rows, columns)) @ mixing + random.normal(size=columns), 6)
    mean = x.mean(0) if centred else np.zeros(columns)
    values, vectors = np.linalg.eigh((x - mean).T @ (x - mean) / rows)
    leading = vectors[:, ::-1][:, :count] / np.sqrt(values[::-1][:count])
    return {
        "rows": x.tolist(),
        "count": count,
        "centred": centred,
        "mean": mean.tolist(),
        # W Wᵀ does not depend on the signs of the directions.
        "metric": (leading @ leading.T).tolist(),
    }


print(json.dumps([case(40, 8, 3, True), case(40, 8, 8, False), case(12, 30, 4, True)]))
