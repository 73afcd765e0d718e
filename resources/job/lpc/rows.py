"""A row of pairs as tensors: packed under a tree mask, or as an ordinary batch of right-padded sequences."""

from dataclasses import dataclass

import torch
from torch import Tensor

from lpc.packing import Encoded


@dataclass
class Row:
    """What the policy reads of P pairs with R reply tokens. Places index the flattened (B·T) positions of `tokens`."""

    tokens: Tensor
    """(B, T)"""
    positions: Tensor
    """(B, T)"""
    mask: Tensor
    """(1, 1, T, T), True where seen, packed; else (B, T), 1 for tokens."""
    prompt_of: Tensor
    """(B·T), the pair whose prompt the token is in (its first copy), else −1."""
    pair_of: Tensor
    """(B·T), −1 for padding."""
    prompt_last: Tensor
    chosen_last: Tensor
    rejected_last: Tensor
    """(P)"""
    response_places: Tensor
    """(R), positions whose states predict the reply tokens."""
    targets: Tensor
    sequence: Tensor
    """(R), 2·pair for chosen, 2·pair + 1 for rejected."""
    place_in_reply: Tensor
    """(R), 0 for a reply's first token."""
    lengths: Tensor
    """(P, 2)"""
    pairs: int

    def to(self, device: torch.device) -> "Row":
        return Row(**{name: value.to(device) if isinstance(value, Tensor) else value for name, value in vars(self).items()})


class _Reader:
    """Gathers where things are while sequences are laid out."""

    def __init__(self) -> None:
        self.last: dict[str, list[int]] = {"prompt": [], "chosen": [], "rejected": []}
        self.places: list[int] = []
        self.targets: list[int] = []
        self.sequence: list[int] = []
        self.place_in_reply: list[int] = []

    def reply(self, pair: int, side: int, ids: list[int], before: int, start: int) -> None:
        """`before` is the place of the prompt's last token, `start` that of the reply's first."""
        for index, id in enumerate(ids):
            self.places.append(before if index == 0 else start + index - 1)
            self.targets.append(id)
            self.sequence.append(2 * pair + side)
            self.place_in_reply.append(index)
        self.last["rejected" if side else "chosen"].append(start + len(ids) - 1 if ids else 0)

    def row(self, pairs: list[Encoded], **layout: Tensor) -> Row:
        return Row(
            **layout,
            prompt_last=torch.tensor(self.last["prompt"]),
            chosen_last=torch.tensor(self.last["chosen"]),
            rejected_last=torch.tensor(self.last["rejected"]),
            response_places=torch.tensor(self.places, dtype=torch.long),
            targets=torch.tensor(self.targets, dtype=torch.long),
            sequence=torch.tensor(self.sequence, dtype=torch.long),
            place_in_reply=torch.tensor(self.place_in_reply, dtype=torch.long),
            lengths=torch.tensor([[len(pair.chosen), len(pair.rejected)] for pair in pairs], dtype=torch.float32),
            pairs=len(pairs),
        )


def packed(pairs: list[Encoded]) -> Row:
    """One row; each prompt is computed once, each reply sees its prompt and itself."""
    reader = _Reader()
    tokens: list[int] = []
    positions: list[int] = []
    pair_of: list[int] = []
    branch: list[int] = []

    def place(ids: list[int], pair: int, side: int, first: int) -> None:
        tokens.extend(ids)
        positions.extend(range(first, first + len(ids)))
        pair_of.extend([pair] * len(ids))
        branch.extend([side] * len(ids))

    for pair, encoded in enumerate(pairs):
        place(encoded.prompt, pair, 0, 0)
        before = len(tokens) - 1
        reader.last["prompt"].append(before)
        for side, reply in enumerate([encoded.chosen, encoded.rejected]):
            reader.reply(pair, side, reply, before, len(tokens))
            place(reply, pair, side + 1, len(encoded.prompt))
    of, side_of = torch.tensor(pair_of), torch.tensor(branch)
    place_of = torch.arange(len(tokens))
    seen = (place_of[:, None] >= place_of[None, :]) & (of[:, None] == of[None, :])
    seen &= (side_of[None, :] == 0) | (side_of[:, None] == side_of[None, :])
    return reader.row(
        pairs,
        tokens=torch.tensor([tokens]),
        positions=torch.tensor([positions]),
        mask=seen[None, None],
        prompt_of=torch.where(side_of == 0, of, -1),
        pair_of=of,
    )


def plain(pairs: list[Encoded]) -> Row:
    """A sequence for each reply, padded on the right, under an ordinary causal mask: any attention kernel takes it."""
    reader = _Reader()
    with_replies = any(pair.reply_tokens for pair in pairs)
    sides = 2 if with_replies else 1
    width = max(len(pair.prompt) + max(len(pair.chosen), len(pair.rejected)) for pair in pairs)
    shape = (sides * len(pairs), width)
    tokens, mask = torch.zeros(shape, dtype=torch.long), torch.zeros(shape, dtype=torch.long)
    prompt_of, pair_of = torch.full(shape, -1), torch.full(shape, -1)
    for pair, encoded in enumerate(pairs):
        first, prompt = sides * pair * width, len(encoded.prompt)
        reader.last["prompt"].append(first + prompt - 1)
        for side, reply in enumerate([encoded.chosen, encoded.rejected][:sides]):
            line = sides * pair + side
            ids = encoded.prompt + reply
            tokens[line, : len(ids)] = torch.tensor(ids)
            mask[line, : len(ids)] = 1
            pair_of[line, : len(ids)] = pair
            start = line * width + prompt
            reader.reply(pair, side, reply, start - 1, start)
        if sides == 1:
            reader.last["rejected"].append(0)
        prompt_of[sides * pair, :prompt] = pair
    return reader.row(
        pairs,
        tokens=tokens,
        positions=torch.arange(width).expand(shape).contiguous(),
        mask=mask,
        prompt_of=prompt_of.reshape(-1),
        pair_of=pair_of.reshape(-1),
    )
