"""
True labels and raters' confusions by crowd-kit 1.4.2, for src/main/figures/dawidSkene.test.ts:
python make_dawid_skene.py PANDALM_TESTSET_V1.json.gz > dawid-skene.json
Made up: four categories with labels missing, and two categories where the last of five raters says the opposite seven times in ten.
Of three people's labels of 999 real pairs only figures are kept: of the truth, its sum by label and every fiftieth pair.
"""
import gzip
import json
import sys

import numpy as np
import pandas as pd
from crowdkit.aggregation import DawidSkene


def rounded(values):
    return [[round(float(value), 9) for value in row] for row in values]


def case(labels, categories):
    """labels: (raters, items) of 0 … categories − 1, or NaN."""
    rows = [
        {"task": item, "worker": rater, "label": int(labels[rater, item])}
        for rater in range(labels.shape[0])
        for item in range(labels.shape[1])
        if not np.isnan(labels[rater, item])
    ]
    fitted = DawidSkene(n_iter=2000, tol=0).fit(pd.DataFrame(rows))
    truth = fitted.probas_.reindex(index=range(labels.shape[1]), columns=range(categories)).fillna(0)
    # (worker, label said) by true label
    errors = fitted.errors_.fillna(0)
    confusion = [
        rounded(
            [[errors[true].get((rater, said), 0) for said in range(categories)] for true in range(categories)]
        )
        for rater in range(labels.shape[0])
    ]
    prior = fitted.priors_.reindex(range(categories)).fillna(0)
    return {
        "labels": [[None if np.isnan(label) else int(label) for label in rater] for rater in labels],
        "categories": categories,
        "truth": rounded(truth.values),
        "confusion": confusion,
        "prior": [round(float(value), 9) for value in prior],
    }


random = np.random.default_rng(5)
truth = random.integers(0, 4, 80)
four = np.where(random.random((4, 80)) < [[0.85], [0.75], [0.6], [0.7]], truth, random.integers(0, 4, (4, 80))).astype(float)
four[random.random((4, 80)) < 0.15] = np.nan
four[:2, np.isnan(four).all(0)] = 0
sides = random.integers(0, 2, 120)
right = random.random((5, 120)) < [[0.9], [0.85], [0.8], [0.85], [0.3]]
two = np.where(right, sides, 1 - sides).astype(float)
items = json.load(gzip.open(sys.argv[1], "rt"))
people = np.array([[item[f"annotator{rater}"] for item in items] for rater in (1, 2, 3)], dtype=float)
pandalm = case(people, 3)
truth = np.array(pandalm["truth"])
pandalm = {
    "confusion": pandalm["confusion"],
    "prior": pandalm["prior"],
    "sums": [round(float(value), 6) for value in truth.sum(0)],
    "every50": pandalm["truth"][::50],
}
print(json.dumps({"four": case(four, 4), "flipped": {**case(two, 2), "sides": sides.tolist()}, "pandalm": pandalm}))
