"""Packed rows `[prompt | chosen | rejected] [prompt | …]`: the same pairs in the same rows as in Facet."""

import math
from dataclasses import dataclass

from lpc.counter_random import Source
from lpc.job import JobError, Pair, Settings
from lpc.tokens import Tokenizer, ids_of

# A prompt is not cut below this many tokens for the sake of long replies.
PROMPT_FLOOR = 32
# Rows' worth of pairs that are packed together; a row filled to this share is done.
WINDOW_ROWS = 32
DONE_SHARE = 0.985


@dataclass(frozen=True, eq=False)
class Encoded:
    """A pair as token ids, cut to the limits; both replies are empty where only the prompt is read."""

    pair_id: str
    prompt_id: str
    prompt: list[int]
    chosen: list[int]
    rejected: list[int]

    @property
    def length(self) -> int:
        return len(self.prompt) + len(self.chosen) + len(self.rejected)

    @property
    def reply_tokens(self) -> int:
        return len(self.chosen) + len(self.rejected)


@dataclass(frozen=True)
class Shape:
    """Of a row: tokens, reply tokens and pairs at most."""

    tokens: int
    responses: int
    pairs: int


@dataclass(frozen=True)
class Limits:
    prompt: int
    reply: int
    budget: int
    context: int

    @staticmethod
    def of(settings: Settings, context: int) -> "Limits":
        return Limits(settings.maxPromptTokens, settings.maxReplyTokens, settings.tokenBudget, context)


def _share_room(chosen: int, rejected: int, room: int) -> tuple[int, int]:
    """Lengths of two replies that together fit: the longer one is cut first."""
    if chosen + rejected <= room:
        return chosen, rejected
    half = room // 2
    if chosen <= half:
        return chosen, room - chosen
    if rejected <= half:
        return room - rejected, rejected
    return half, half


def cut(ids: tuple[list[int], list[int], list[int]], limits: Limits, bos: int | None) -> tuple[list[int], list[int], list[int]]:
    """Replies lose their ends, prompts their start; a beginning-of-text token at the front stays there."""
    prompt, chosen, rejected = ids
    wanted = min(len(prompt), limits.prompt)
    floor = max(1, min(wanted, PROMPT_FLOOR, min(limits.budget, limits.context) // 4))
    reply_limit = min(limits.reply, limits.context - floor)
    chosen_length, rejected_length = _share_room(
        min(len(chosen), reply_limit), min(len(rejected), reply_limit), limits.budget - floor
    )
    limit = min(
        limits.prompt,
        limits.budget - chosen_length - rejected_length,
        limits.context - max(chosen_length, rejected_length),
    )
    kept = prompt
    if len(prompt) > limit:
        kept = prompt[len(prompt) - limit :]
        if bos is not None and prompt[0] == bos and limit > 1:
            kept[0] = bos
    return kept, chosen[:chosen_length], rejected[:rejected_length]


def encode_pair(tokenizer: Tokenizer, pair: Pair, limits: Limits) -> Encoded:
    return Encoded(pair.id, pair.prompt_id, *cut(ids_of(tokenizer, pair), limits, tokenizer.bos))


def _bucket(tokens: int) -> int:
    size = 64
    while True:
        if tokens <= size:
            return size
        if tokens <= size * 1.5:
            return int(size * 1.5)
        size *= 2


def choose_shape(encoded: list[Encoded], budget: int, batch_pairs: int | None = None) -> Shape:
    """T is the budget (less where all pairs together need less, or `batch_pairs` of the longest), R and P the smallest that
    hardly ask for more rows."""
    lengths = sorted((pair.length for pair in encoded), reverse=True)
    if lengths[0] > budget:
        raise JobError(f"A pair has {lengths[0]} tokens, more than a row's {budget}.")
    tokens = min(budget, _bucket(sum(lengths[:batch_pairs])))
    stride = max(1, math.ceil(len(encoded) / 4096))
    sample = encoded[::stride]

    def rows_with(responses: int, pairs: int) -> int:
        return len(bin_pack(sample, Shape(tokens, responses, pairs)))

    allowed = math.ceil(rows_with(tokens, len(sample)) * 1.02)
    longest_replies = max(pair.reply_tokens for pair in encoded)
    steps = [max(1, math.ceil(tokens * (step + 1) / 16)) for step in range(16)]
    fitting = [step for step in steps if step >= longest_replies]
    responses = 1
    if longest_replies > 0:
        responses = next((step for step in fitting if rows_with(step, len(sample)) <= allowed), tokens)
    pairs, most = 1, min(len(sample), batch_pairs or len(sample))
    while pairs < most and rows_with(responses, pairs) > allowed:
        pairs *= 2
    return Shape(tokens, responses, min(pairs, most))


class _Open:
    def __init__(self, shape: Shape) -> None:
        self.pairs: list[Encoded] = []
        self.tokens_left = shape.tokens
        self.responses_left = shape.responses


def _pack_window(window: list[Encoded], shape: Shape) -> list[_Open]:
    """Best fit decreasing."""
    rows: list[_Open] = []
    for pair in sorted(window, key=lambda pair: -pair.length):
        best: _Open | None = None
        for row in rows:
            fits = (
                row.tokens_left >= pair.length
                and row.responses_left >= pair.reply_tokens
                and len(row.pairs) < shape.pairs
            )
            if fits and (best is None or row.tokens_left < best.tokens_left):
                best = row
        if best is None:
            best = _Open(shape)
            rows.append(best)
        best.pairs.append(pair)
        best.tokens_left -= pair.length
        best.responses_left -= pair.reply_tokens
    return rows


def bin_pack(ordered: list[Encoded], shape: Shape, random: Source | None = None) -> list[list[Encoded]]:
    """Groups pairs into rows, each pair in exactly one; with `random` the rows of a window come in shuffled order."""
    packed: list[list[Encoded]] = []

    def emit(rows: list[_Open]) -> None:
        groups = [row.pairs for row in rows]
        packed.extend(random.shuffled(groups) if random else groups)

    window: list[Encoded] = []
    tokens = 0
    for pair in ordered:
        window.append(pair)
        tokens += pair.length
        if tokens < WINDOW_ROWS * shape.tokens:
            continue
        rows = sorted(_pack_window(window, shape), key=lambda row: row.tokens_left)
        left = (1 - DONE_SHARE) * shape.tokens
        done = [row for index, row in enumerate(rows) if row.tokens_left <= left or index < len(rows) / 2]
        emit(done)
        window = [pair for row in rows[len(done) :] for pair in row.pairs]
        tokens = sum(pair.length for pair in window)
    emit(_pack_window(window, shape))
    return packed


def groups_of_epoch(encoded: list[Encoded], shape: Shape, settings: Settings, epoch: int) -> list[list[list[Encoded]]]:
    """Rows of an epoch in groups that a step takes whole: one each, or those of `batchPairs` pairs."""
    random, size = Source(settings.seed, "epoch", epoch), settings.batchPairs
    shuffled = random.shuffled(encoded)
    if size is None:
        return [[row] for row in bin_pack(shuffled, shape, random)]
    return [bin_pack(shuffled[first : first + size], shape) for first in range(0, len(shuffled), size)]


def steps_of_epochs(encoded: list[Encoded], shape: Shape, settings: Settings) -> int:
    """Steps of `epochs` passes, `accumulation` groups each; part of an epoch is its share of groups."""
    epochs, groups = settings.epochs, 0.0
    counted = min(math.ceil(epochs), 16)
    for epoch in range(counted):
        groups += len(groups_of_epoch(encoded, shape, settings, epoch)) * min(1, epochs - epoch)
    if epochs > counted:
        groups *= epochs / counted
    return max(1, math.ceil(groups / settings.accumulation - 1e-9))


class RowOrder:
    """Rows without end: each epoch shuffles and packs all pairs by seed and epoch, so any place can be found again."""

    def __init__(self, encoded: list[Encoded], shape: Shape, settings: Settings, epoch: int = 0, row: int = 0) -> None:
        self._encoded, self._shape, self._settings = encoded, shape, settings
        self.epoch, self.row = epoch, row
        self._groups = groups_of_epoch(encoded, shape, settings, epoch)

    def take(self) -> list[list[Encoded]]:
        """Rows of the next step."""
        taken: list[list[Encoded]] = []
        for _ in range(self._settings.accumulation):
            if self.row >= len(self._groups):
                self.epoch += 1
                self.row = 0
                self._groups = groups_of_epoch(self._encoded, self._shape, self._settings, self.epoch)
            taken += self._groups[self.row]
            self.row += 1
        return taken
