"""
Agreement of raters by krippendorff, statsmodels and irrCAC, for src/main/figures/agreementFigures.test.ts:
python make_agreement.py PANDALM_TESTSET_V1.json.gz > agreement.json
The first case is made up, with labels missing; of the second, three people's labels of 999 items, only figures are kept.
"""
import gzip
import json
import sys
from itertools import combinations

import krippendorff
import numpy as np
import pandas as pd
from irrCAC.raw import CAC
from statsmodels.stats.inter_rater import aggregate_raters, cohens_kappa, fleiss_kappa


def kappa(one, other, categories):
    table = np.zeros((categories, categories))
    for left, right in zip(one, other):
        if not (np.isnan(left) or np.isnan(right)):
            table[int(left), int(right)] += 1
    return float(cohens_kappa(table).kappa)


def figures(labels, categories, order):
    """labels: (raters, items) of 0 … categories − 1, or NaN. order: the categories from lowest to highest."""
    used = labels[:, (~np.isnan(labels)).sum(0) >= 2]
    frame = CAC(pd.DataFrame(used.T), categories=list(range(categories)))
    scale = np.vectorize(lambda label: np.nan if np.isnan(label) else order.index(int(label)))(used)
    same = compared = 0
    for item in used.T:
        given = item[~np.isnan(item)]
        same += sum(left == right for left, right in combinations(given, 2))
        compared += len(given) * (len(given) - 1) // 2
    couples = [kappa(used[one], used[other], categories) for one, other in combinations(range(len(used)), 2)]
    found = {
        "items": int(used.shape[1]),
        "raw": same / compared,
        "alpha": float(krippendorff.alpha(used, level_of_measurement="nominal")),
        "ordinal": float(krippendorff.alpha(scale, level_of_measurement="ordinal")),
        "fleiss": float(frame.fleiss()["est"]["coefficient_value"]),
        "ac1": float(frame.gwet()["est"]["coefficient_value"]),
        "cohenByCouple": couples,
        "cohen": float(np.mean(couples)),
    }
    if not np.isnan(used).any():
        table, _ = aggregate_raters(used.T.astype(int), n_cat=categories)
        found["fleissByStatsmodels"] = float(fleiss_kappa(table))
    return found


random = np.random.default_rng(11)
truth = random.integers(0, 4, 60)
made = np.where(random.random((4, 60)) < 0.7, truth, random.integers(0, 4, (4, 60))).astype(float)
made[random.random((4, 60)) < 0.25] = np.nan

items = json.load(gzip.open(sys.argv[1], "rt"))
people = np.array([[item[f"annotator{rater}"] for item in items] for rater in (1, 2, 3)], dtype=float)
print(
    json.dumps(
        {
            "made": {
                "labels": [[None if np.isnan(x) else int(x) for x in row] for row in made],
                "order": [2, 0, 3, 1],
                "figures": figures(made, 4, [2, 0, 3, 1]),
            },
            # 0 is a tie: between preferring the first reply (1) and the second (2).
            "pandalm": {"order": [1, 0, 2], "figures": figures(people, 3, [1, 0, 2])},
        },
        indent=1,
    )
)
