"""Records of Argilla 2 as its own library writes them, with what was put into them: tests/golden/argilla-rows.json.

    pip install argilla
    python tests/golden/make_argilla_rows.py

Made with argilla 2.8. `best` holds each person's replies from best to worst, those that tie together; null is no opinion.
"""

import json
import uuid
from pathlib import Path

import argilla as rg
from argilla.records._io import GenericIO

PEOPLE = {name: uuid.uuid5(uuid.NAMESPACE_OID, name) for name in ("ann", "bob", "cyd")}
TEXTS = {"response-1": "  First, indented\n", "response-2": "Second\u3000wide", "response-3": "Third: C++ <b>"}


def record(id_, responses, fields=2, **more):
    texts = dict(list(TEXTS.items())[:fields])
    return rg.Record(
        id=id_,
        fields={"prompt": f"Question {id_}?", **texts},
        responses=[rg.Response(question, value, user_id=PEOPLE[person], **status) for person, question, value, *rest in responses for status in [rest[0] if rest else {}]],
        **more,
    )


submitted = {"status": "submitted"}
cases = [
    ("ranking of three by two people", record("r1", [("ann", "ranking", ["response-2", "response-1", "response-3"], submitted), ("bob", "ranking", ["response-3", "response-2", "response-1"], submitted)], 3), {"ann": [["response-2"], ["response-1"], ["response-3"]], "bob": [["response-3"], ["response-2"], ["response-1"]]}),
    ("ranking of two", record("r2", [("cyd", "ranking", ["response-2", "response-1"], submitted)]), {"cyd": [["response-2"], ["response-1"]]}),
    ("label", record("l1", [("ann", "preference", "response-1", submitted), ("bob", "preference", "response-2", submitted)], metadata={"topic": "x", "n": 3}), {"ann": [["response-1"], ["response-2"]], "bob": [["response-2"], ["response-1"]]}),
    ("label that says tie", record("l2", [("ann", "preference", "tie", submitted)]), {"ann": [["response-1", "response-2"]]}),
    ("ratings of each reply", record("s1", [("bob", "rating-1", 2, submitted), ("bob", "rating-2", 5, submitted)]), {"bob": [["response-2"], ["response-1"]]}),
    ("suggestion alone", record("g1", [], suggestions=[rg.Suggestion("preference", "response-1", score=0.9, agent="model")]), {}),
]
rows = [
    {"name": name if row is whole else f"{name}, as a table", "row": row, "best": {str(PEOPLE[person]): [[TEXTS[reply] for reply in group] for group in groups] for person, groups in best.items()}}
    for name, made, best in cases
    for whole in [made.to_dict()]
    # As a table people stand in columns, and the texts of a ranking with them.
    for row in (whole, *GenericIO.to_list([made], flatten=True))
]
Path(__file__).with_name("argilla-rows.json").write_text(json.dumps(rows, ensure_ascii=False, indent=1) + "\n")
print(f"{len(rows)} records by argilla {rg.__version__}")
