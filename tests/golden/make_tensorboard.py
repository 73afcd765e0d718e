"""Writes tensorboard.json: events as TensorBoard's own record writer stores them, byte by byte, and reads them back.

    pip install tensorboard==2.21.0
    python tests/golden/make_tensorboard.py
    python tests/golden/make_tensorboard.py FOLDER   # lists the scalars that TensorBoard reads of a folder of Facet's
"""

import io
import json
import sys
from pathlib import Path

from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.compat.proto import event_pb2, summary_pb2
from tensorboard.summary.writer.record_writer import RecordWriter

EVENTS = [
    {"wallTime": 1764280000.25, "fileVersion": "brain.Event:2"},
    {"wallTime": 1764280000.25, "step": 1, "values": [["train/loss", 0.6931471805599453]]},
    {
        "wallTime": 1764280060.5,
        "step": 300,
        "values": [["train/loss", 0.5], ["train/rewards/margins", -1.25e-3], ["eval/accuracy", 0.0]],
    },
    {"wallTime": 1764283600.0, "step": 3_000_000_000, "values": [["eval/naïve", 1e30]]},
]


def event(given):
    values = [summary_pb2.Summary.Value(tag=tag, simple_value=value) for tag, value in given.get("values", [])]
    if "fileVersion" in given:
        return event_pb2.Event(wall_time=given["wallTime"], file_version=given["fileVersion"])
    return event_pb2.Event(
        wall_time=given["wallTime"], step=given["step"], summary=summary_pb2.Summary(value=values)
    )


def main():
    if len(sys.argv) > 1:
        found = EventAccumulator(sys.argv[1], size_guidance={"scalars": 0})
        found.Reload()
        for tag in found.Tags()["scalars"]:
            print(tag, [(one.step, round(one.value, 6)) for one in found.Scalars(tag)][:5])
        return
    stream = io.BytesIO()
    writer = RecordWriter(stream)
    for given in EVENTS:
        writer.write(event(given).SerializeToString())
    golden = {"events": EVENTS, "hex": stream.getvalue().hex()}
    path = Path(__file__).with_name("tensorboard.json")
    path.write_text(json.dumps(golden, indent=2, ensure_ascii=False) + "\n", encoding="utf8")


if __name__ == "__main__":
    main()
