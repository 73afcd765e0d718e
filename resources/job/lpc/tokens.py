"""Dialogues as token ids, by the model's own `tokenizer.json` and chat template, exactly as Facet encodes them.

Without a template the plain one is used:

    <bos>{system}\\n\\nUser: {user}\\n\\nAssistant: {assistant}\\n\\nUser: {user}\\n\\nAssistant:
"""

import json
import re
from pathlib import Path
from typing import Any

from lpc.job import JobError, Pair

PLAIN_LABELS = {"system": "", "developer": "", "user": "User: ", "assistant": "Assistant: ", "tool": "Tool: "}
PARTS = ["name", "thinking", "reasoning_content", "reasoning", "tool_calls", "tool_call_id", "tools"]
# Some templates print today's date; a fixed one keeps a prompt the same from day to day.
FIXED_DATE = "26 Jul 2024"

Message = dict[str, Any]


def parts_of(message: Message) -> dict[str, Any]:
    return {part: message[part] for part in PARTS if message.get(part) is not None}


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _plain_turn(message: Message) -> str:
    parts = parts_of(message)
    return "\n".join(text for text in [message["content"].strip(), _json(parts) if parts else ""] if text)


def plain_prompt(messages: list[Message]) -> str:
    turns = [f"{PLAIN_LABELS[message['role']]}{_plain_turn(message)}\n\n" for message in messages]
    return "".join(turns) + "Assistant:"


class ChatTemplate:
    """A model's template, written in Jinja, rendered in the environment that transformers uses."""

    def __init__(self, source: str, special: dict[str, str]) -> None:
        from jinja2.ext import loopcontrols
        from jinja2.sandbox import ImmutableSandboxedEnvironment

        def refuse(text: str) -> None:
            raise JobError(f"The chat template refuses a dialogue: {text}")

        def as_json(value: Any, ensure_ascii: bool = False, indent: int | None = None, **others: Any) -> str:
            return json.dumps(value, ensure_ascii=ensure_ascii, indent=indent, **others)

        environment = ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True, extensions=[loopcontrols])
        environment.filters["tojson"] = as_json
        environment.globals["raise_exception"] = refuse
        environment.globals["strftime_now"] = lambda _format: FIXED_DATE
        self._template = environment.from_string(source)
        self._special = special

    def render(self, messages: list[Message], opens_reply: bool) -> str:
        written = []
        for message in messages:
            parts = parts_of(message)
            parts.pop("tools", None)
            if "tool_calls" in parts:
                parts["tool_calls"] = [self._call(call) for call in parts["tool_calls"]]
            written.append({"role": message["role"], "content": message["content"], **parts})
        tools = next((message["tools"] for message in messages if message.get("tools") is not None), None)
        return self._template.render(
            **self._special,
            messages=written,
            **({"tools": tools} if tools is not None else {}),
            add_generation_prompt=opens_reply,
            date_string=FIXED_DATE,
        )

    @staticmethod
    def _call(call: Any) -> Any:
        """Most templates print arguments of calls as JSON, and would quote a text a second time."""
        if not isinstance(call, dict):
            return call
        called = call["function"] if isinstance(call.get("function"), dict) else call
        if not isinstance(called.get("arguments"), str):
            return call
        try:
            whole = {**called, "arguments": json.loads(called["arguments"])}
        except ValueError:
            return call
        return whole if called is call else {**call, "function": whole}


def _read_json(path: Path) -> dict[str, Any]:
    return json.loads(path.read_text("utf-8")) if path.exists() else {}


class Tokenizer:
    """`tokenizer.json` of a model folder, with the tokens that begin a text and end a turn."""

    def __init__(self, folder: Path) -> None:
        from tokenizers import Tokenizer as Pieces

        path = folder / "tokenizer.json"
        if not path.exists():
            raise JobError(f"{path} is missing. Fetch the model together with its tokenizer.json.")
        self._pieces = Pieces.from_file(str(path))
        # Written by some tools; ids must be those of the text alone.
        self._pieces.no_truncation()
        self._pieces.no_padding()
        config = _read_json(folder / "tokenizer_config.json")
        special_map = _read_json(folder / "special_tokens_map.json")
        model = _read_json(folder / "config.json")
        special = self._special_tokens(config, special_map)
        self.bos = self._id(special.get("bos_token"), model.get("bos_token_id"))
        end_of_text = self._id(special.get("eos_token"), model.get("eos_token_id"))
        source = self._template_source(folder, config)
        self.template = None if source is None else ChatTemplate(source, special)
        end_of_turn = self._end_of_turn()
        found = end_of_turn if end_of_turn is not None else end_of_text
        if found is None:
            raise JobError(f"{folder} has no end-of-text token, neither in tokenizer_config.json nor in config.json.")
        self.end_of_turn: int = found
        whole = self._pieces.encode("a").ids
        self.adds_bos = self.bos is not None and whole[:1] == [self.bos]
        first = self._pieces.encode("a", add_special_tokens=False).tokens
        self.adds_space = bool(first) and re.match("[▁Ġ ]", first[0]) is not None

    @staticmethod
    def _special_tokens(*sources: dict[str, Any]) -> dict[str, str]:
        tokens: dict[str, str] = {}
        for name in ["bos_token", "eos_token", "unk_token", "pad_token"]:
            for source in sources:
                value = source.get(name)
                text = value.get("content") if isinstance(value, dict) else value
                if isinstance(text, str) and text:
                    tokens[name] = text
                    break
        return tokens

    def _id(self, text: str | None, stated: Any) -> int | None:
        found = None if text is None else self._pieces.token_to_id(text)
        if found is not None:
            return found
        first = stated[0] if isinstance(stated, list) and stated else stated
        return first if isinstance(first, int) and first >= 0 else None

    @staticmethod
    def _template_source(folder: Path, config: dict[str, Any]) -> str | None:
        own = folder / "chat_template.jinja"
        if own.exists():
            return own.read_text("utf-8")
        for value in [config.get("chat_template"), _read_json(folder / "chat_template.json").get("chat_template")]:
            if isinstance(value, str):
                return value
            if isinstance(value, list) and value:
                named = next((one for one in value if one.get("name") == "default"), value[0])
                return named.get("template")
        return None

    def _end_of_turn(self) -> int | None:
        """Id of the first special token that the template writes after a reply; None where it writes none."""
        if self.template is None:
            return None
        mark = "facetreplymark"
        text = self.template.render([{"role": "user", "content": "x"}, {"role": "assistant", "content": mark}], False)
        at = text.rfind(mark)
        if at < 0:
            return None
        added = self._pieces.get_added_tokens_decoder()
        ids = self.encode(text[at + len(mark) :])
        return next((id for id in ids if id in added and added[id].special), None)

    def encode(self, text: str) -> list[int]:
        return self._pieces.encode(text, add_special_tokens=False).ids if text else []

    def prompt(self, messages: list[Message]) -> list[int]:
        """Up to where the assistant's reply begins."""
        if self.template is not None:
            return self.encode(self.template.render(messages, True))
        ids = self.encode(plain_prompt(messages))
        return [self.bos, *ids] if self.adds_bos and self.bos is not None else ids

    def reply(self, text: str) -> list[int]:
        """White space around it left out, and the end-of-turn token."""
        trimmed = text.strip()
        plain = self.template is not None or self.adds_space or trimmed == ""
        return [*self.encode(trimmed if plain else f" {trimmed}"), self.end_of_turn]

    def turns(self, prompt: list[Message], turns: list[Message]) -> list[int]:
        """A reply that is more than one text, from where the prompt's ids end."""
        if self.template is None:
            first, *others = turns
            rest = [f"{PLAIN_LABELS[message['role']]}{_plain_turn(message)}" for message in others]
            return self.reply("\n\n".join([_plain_turn(first), *rest]))
        whole = self.template.render([*prompt, *turns], False)
        opened = self.template.render(prompt, True)
        same = whole.startswith(opened) or whole.startswith(self.template.render(prompt, False))
        start = next((text for text in [opened, self._reply_opening(prompt)] if whole.startswith(text)), None)
        if not same or start is None:
            raise JobError("The chat template writes a prompt differently once the reply stands after it.")
        ids = self.encode(whole[len(start) :].strip())
        return ids if ids[-1:] == [self.end_of_turn] else [*ids, self.end_of_turn]

    def _reply_opening(self, prompt: list[Message]) -> str:
        assert self.template is not None
        one, other = (
            self.template.render([*prompt, {"role": "assistant", "content": text}], False) for text in ["A", "B"]
        )
        shared = 0
        while shared < len(one) and shared < len(other) and one[shared] == other[shared]:
            shared += 1
        return one[:shared]


def ids_of(tokenizer: Tokenizer, pair: Pair) -> tuple[list[int], list[int], list[int]]:
    """Prompt, chosen and rejected reply, uncut."""
    prompt = tokenizer.prompt(pair.messages)
    if not prompt:
        raise JobError(f"The prompt of pair {pair.id} has no tokens under this model's chat template.")

    def reply(text: str, turns: list[Message] | None) -> list[int]:
        return tokenizer.turns(pair.messages, turns) if turns else tokenizer.reply(text)

    return prompt, reply(pair.chosen, pair.chosen_turns), reply(pair.rejected, pair.rejected_turns)
