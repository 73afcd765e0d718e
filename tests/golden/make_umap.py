"""How well umap-learn keeps neighbours, for src/core/layout/umap.test.ts: python make_umap.py > umap.json (umap-learn 0.5.12, scikit-learn 1.9.1)

Coordinates of two implementations can't be compared, nor those of two seeds: what a picture keeps can. 15 neighbours with the row itself
are our 14 without it.
"""
import json
import warnings

import numpy as np
import umap
from sklearn.decomposition import PCA
from sklearn.manifold import trustworthiness
from sklearn.neighbors import NearestNeighbors

warnings.filterwarnings("ignore")
random = np.random.default_rng(12)
K = 15
SEEDS = range(5)


def clouds():
    centres = random.normal(size=(6, 8)) * 3
    return centres[np.arange(300) % 6] + random.normal(size=(300, 8))


def roll():
    angle = 1.5 * np.pi * (1 + 2 * random.uniform(size=300))
    height = 12 * random.uniform(size=300)
    return np.stack([angle * np.cos(angle), height, angle * np.sin(angle)], axis=1) / 4


def mixes():
    """√p of mixes of eight codes, as prompts are laid out by."""
    logits = random.normal(size=(300, 8)) * 1.5
    weights = np.exp(logits) / np.exp(logits).sum(1, keepdims=True)
    return np.sqrt(weights)


def nearest(x):
    found = NearestNeighbors(n_neighbors=K + 1).fit(x).kneighbors(x, return_distance=False)
    return [set(row[row != at][:K]) for at, row in enumerate(found)]


def figures(x, picture):
    there, here = nearest(x), nearest(picture)
    kept = sum(len(a & b) for a, b in zip(there, here)) / (K * len(x))
    return {"trustworthiness": float(trustworthiness(x, picture, n_neighbors=K)), "kept": float(kept)}


def case(name, x):
    x = np.round(x, 4)
    fit = lambda seed: umap.UMAP(n_neighbors=15, min_dist=0.1, random_state=seed, n_jobs=1).fit_transform(x)
    return {
        "name": name,
        "width": x.shape[1],
        "rows": x.ravel().tolist(),
        "plane": figures(x, PCA(2).fit_transform(x)),
        "umap": [figures(x, fit(seed)) for seed in SEEDS],
    }


cases = [case("clouds", clouds()), case("roll", roll()), case("mixes", mixes())]
print(json.dumps({"k": K, "cases": cases}))
