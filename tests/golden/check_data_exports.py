"""Opens the files of `facet data export` with the readers that their users have.

    pip install datasets argilla requests transformers typer jinja2; pip install --no-deps trl axolotl
    facet data export -p P --labels consensus --shape trl -o DIR/trl.parquet      (also trl.jsonl, llama.jsonl with --shape llama-factory,
    axolotl.jsonl, openai.jsonl, argilla.jsonl, facet.parquet)
    python tests/golden/check_data_exports.py DIR

Rows with tools go through the chat templates that TRL carries for its models, as its trainers would render them; Axolotl's rows through its own
`chat_template.default`, with ChatML.

Checked with datasets 5.2, argilla 2.8, transformers 5.24, the templates of trl 1.16 and axolotl 0.19 on 2026-11-28. Prints a line a file, and fails on the
first that does not hold. A project of 60 pairs of three annotators, 40 with calls, thinking or ranks, 8 singles and 8 without a
label gave, with `--labels majority`:

    trl: 8 rows with tools by 5 chat templates
    trl: 96 rows by datasets, JSON Lines and Parquet alike
    llama-factory: 88 rows, columns as dataset_info.json names them
    axolotl, openai: every row, Axolotl's by its loader
    argilla: 108 records
    facet: 116 rows by datasets
"""

import importlib.util
import json
import sys
import types
import uuid
from pathlib import Path

import argilla as rg
from datasets import load_dataset
from transformers.utils.chat_template_utils import render_jinja_template

folder = Path(sys.argv[1])


def rows(name: str, kind: str):
    return load_dataset(kind, data_files=str(folder / name), split="train", cache_dir=str(folder / "cache"))


def is_messages(value) -> bool:
    return len(value) > 0 and all(set(message) >= {"role", "content"} for message in value)


TEMPLATES = ("qwen2_5", "qwen3", "qwen3_instruct_2507", "llama3_1", "llama3_2")


def check_tools(path: Path) -> int:
    """Each call's arguments stand in the dialogue as JSON, once and unquoted."""
    folder = Path(importlib.util.find_spec("trl").submodule_search_locations[0]) / "chat_templates"
    templates = [(folder / f"{name}.jinja").read_text() for name in TEMPLATES]
    with_tools = [row for row in map(json.loads, path.read_text().splitlines()) if row.get("tools")]
    for row in with_tools:
        for side in ("chosen", "rejected"):
            messages = row["prompt"] + row[side]
            calls = [call for message in messages for call in message.get("tool_calls") or []]
            for template in templates:
                texts, _ = render_jinja_template([messages], tools=row["tools"], chat_template=template, bos_token="", date_string="26 Jul 2024")
                for call in calls:
                    check(json.dumps(call["function"]["arguments"], ensure_ascii=False) in texts[0], "a call as JSON")
    return len(with_tools)


def check(condition: bool, what: str) -> None:
    if not condition:
        raise SystemExit(f"does not hold: {what}")


trl_json, trl_parquet = rows("trl.jsonl", "json"), rows("trl.parquet", "parquet")
for data in (trl_json, trl_parquet):
    for row in data:
        check(all(is_messages(row[name]) for name in ("prompt", "chosen", "rejected")), "TRL's conversational pairs")
        check(row["chosen"][0]["role"] == "assistant" and row["chosen"] != row["rejected"], "replies that differ")
        if "label_probability" in data.column_names:
            check(0.5 <= row["label_probability"] <= 1, "a preference is the likelier label")
COLUMNS = ("prompt", "chosen", "rejected")
plain = [
    [row.get(name) for name in (*COLUMNS, "label_probability")]
    for row in map(json.loads, (folder / "trl.jsonl").read_text().splitlines())
    if all(set(message) == {"role", "content"} for name in COLUMNS for message in row[name]) and not row.get("tools")
]
in_parquet = [[row.get(name) for name in (*COLUMNS, "label_probability")] for row in trl_parquet]
check(plain == in_parquet, "JSON Lines and Parquet are the same, but for what Parquet leaves out")
print(f"trl: {check_tools(folder / 'trl.jsonl')} rows with tools by {len(TEMPLATES)} chat templates")
print(f"trl: {len(trl_json)} rows by datasets, JSON Lines and Parquet alike")

info = json.loads((folder / "dataset_info.json").read_text())["llama"]
llama = rows(info["file_name"], "json")
for row in llama:
    turns = row[info["columns"]["messages"]]
    check(info["ranking"] and len(turns) % 2 == 1, "an odd number of turns")
    check({turn["from"] for turn in turns[::2]} <= {"human", "observation"}, "people and tools at even places")
    check({turn["from"] for turn in turns[1::2]} <= {"gpt", "function_call"}, "the model at odd places")
    check({row[name]["from"] for name in ("chosen", "rejected")} <= {"gpt", "function_call"}, "replies of the model")
    for turn in [*turns, row["chosen"], row["rejected"]]:
        if turn["from"] == "function_call":
            called = json.loads(turn["value"])
            for call in called if isinstance(called, list) else [called]:
                check(set(call) == {"name", "arguments"} and isinstance(call["arguments"], dict), "calls as its formatter reads them")
    check(not row["tools"] or isinstance(json.loads(row["tools"]), list), "tools as a text that holds a list")
print(f"llama-factory: {len(llama)} rows, columns as dataset_info.json names them")

CHATML = "{% for message in messages %}<|im_start|>{{ message['role'] }}\n{{ message['content'] }}<|im_end|>\n{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"


class ChatTokenizer:
    """As much of a tokenizer as Axolotl's loader asks for."""

    def apply_chat_template(self, messages, *, add_generation_prompt, chat_template, tokenize):
        texts, _ = render_jinja_template([messages], chat_template=chat_template, add_generation_prompt=add_generation_prompt)
        return texts[0]


def axolotl_loader():
    """The function of Axolotl's own file, without the rest of Axolotl, which needs a GPU's libraries."""
    templates, legacy = types.ModuleType("templates"), types.ModuleType("legacy")
    templates.extract_chat_template_args = lambda cfg, ds_cfg: ("chatml", None)
    templates.get_chat_template = lambda user_choice, jinja_template, tokenizer: CHATML
    legacy.handle_legacy_message_fields_logic = lambda ds_cfg: ds_cfg
    sys.modules["axolotl.utils.chat_templates"] = templates
    sys.modules["axolotl.utils.schemas.utils"] = legacy
    path = Path(importlib.util.find_spec("axolotl").submodule_search_locations[0]) / "prompt_strategies/dpo/chat_template.py"
    spec = importlib.util.spec_from_file_location("axolotl_dpo", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    transform, _ = module.default({"datasets": [{}]})
    return lambda row: transform(row, tokenizer=ChatTokenizer())


def turns_of(prompt: str) -> list:
    return [tuple(turn.split("\n", 1)) for turn in prompt.removesuffix("<|im_start|>assistant\n").removesuffix("<|im_end|>\n").removeprefix("<|im_start|>").split("<|im_end|>\n<|im_start|>")]


load = axolotl_loader()
for row in rows("axolotl.jsonl", "json"):
    loaded = load(row)
    said = [(turn["role"], turn["content"]) for turn in row["messages"]]
    check(turns_of(loaded["prompt"]) == said, "the prompt as Axolotl renders it")
    for name in ("chosen", "rejected"):
        # It looks for where the reply begins, and finds a short one in what stands before.
        check(loaded[name].endswith(f"{row[name]['content']}<|im_end|>"), f"Axolotl's {name}")
    turns = [*row["messages"], row["chosen"], row["rejected"]]
    check(all(set(turn) == {"role", "content"} for turn in turns), "role and text, all that Axolotl's chat_template.default reads")
    check({turn["role"] for turn in turns} <= {"system", "user", "assistant", "tool"}, "the roles that it maps")
    check(row["chosen"] != row["rejected"], "replies that differ by their text")
for row in rows("openai.jsonl", "json"):
    check(is_messages(row["input"]["messages"]), "OpenAI's input")
    for name in ("preferred_output", "non_preferred_output"):
        check(len(row[name]) > 0 and {message["role"] for message in row[name]} <= {"assistant", "tool"}, f"OpenAI's {name}")
print("axolotl, openai: every row, Axolotl's by its loader")

labels = {"response-1", "response-2", "tie", "both_bad"}
count = 0
for line in (folder / "argilla.jsonl").read_text().splitlines():
    value = json.loads(line)
    answers = value["responses"]["preference"]
    check(all(answer["value"] in labels for answer in answers), "Argilla's labels")
    # Argilla knows people by ids of its own server: one stands in for each name.
    responses = [rg.Response("preference", answer["value"], user_id=uuid.uuid5(uuid.NAMESPACE_OID, answer["user_id"])) for answer in answers]
    record = rg.Record(id=value["id"], fields=value["fields"], metadata=value["metadata"], responses=responses)
    check(set(record.to_dict()["fields"]) == {"prompt", "response-1", "response-2"}, "Argilla's fields")
    count += 1
print(f"argilla: {count} records")
print(f"facet: {len(rows('facet.parquet', 'parquet'))} rows by datasets")
