"""Golden losses and gradients of KTO by TRL 1.16's own code, over log-probabilities of single tokens, in float64.

Run once: pip install torch; python tests/golden/make_trl_kto.py FOLDER_OF_TRL_1.16.0
Runs `KTOTrainer._compute_loss` as it stands in that folder, a case a batch. Writes trl-kto.json beside itself. A row is what a slot of
ours holds: tokens of a desirable and of an undesirable reply, either of which may be none, and of a reply to another prompt. In TRL each
reply is an example, and both of one row have that other reply. `loss` is of the batch, `gradient` by token in the order of the rows.
"""
import json
import pathlib
from collections import defaultdict
from contextlib import nullcontext
from types import SimpleNamespace

import torch

from trl_source import function

torch.manual_seed(23)
torch.set_default_dtype(torch.float64)
here = pathlib.Path(__file__).parent
compute_loss = function(
    "trainer/kto_trainer.py", "_compute_loss", "per_token_entropy", "losses.nanmean(), kl",
    is_peft_model=lambda _: False, disable_gradient_checkpointing=lambda *_: nullcontext(),
)


def loss_of(rows, settings):
    """Loss of a batch and its KL; rows are (desirable, undesirable, unrelated), each (tokens of the policy, of the reference)."""
    examples = [(side, is_desirable, row[2]) for row in rows for side, is_desirable in ((row[0], True), (row[1], False)) if len(side[0])]
    longest = max(len(policy) for (policy, _), _, _ in examples)
    padded = lambda x: torch.cat([x, torch.zeros(longest - len(x))])
    stack = lambda which: torch.stack([padded(side[which]) for side, _, _ in examples])
    sums = lambda which: torch.stack([other[which].sum() for _, _, other in examples])
    model = lambda **_: SimpleNamespace(log_probs=stack(0))
    model.training = True
    ref_model = lambda **_: SimpleNamespace(log_probs=stack(1))
    trainer = SimpleNamespace(
        model=model, ref_model=ref_model, beta=settings["beta"], loss_type="kto", calculate_KL=True, aux_loss_enabled=False,
        desirable_weight=settings.get("desirableWeight", 1.0), undesirable_weight=settings.get("undesirableWeight", 1.0),
        precompute_ref_logps=False, _metrics=defaultdict(lambda: defaultdict(list)),
        _compute_kl_logps=lambda of, _: sums(0 if of is model else 1).detach(),
        args=SimpleNamespace(gradient_checkpointing_kwargs=None),
        accelerator=SimpleNamespace(device="cpu", gather_for_metrics=lambda x: x),
    )
    # One token of prompt before the replies: TRL drops the first column.
    mask = torch.tensor([[0] + [1] * len(policy) + [0] * (longest - len(policy)) for (policy, _), _, _ in examples])
    inputs = {
        "label": torch.tensor([is_desirable for _, is_desirable, _ in examples]),
        "input_ids": torch.zeros(len(examples), longest + 1, dtype=torch.long), "completion_mask": mask,
    }
    return compute_loss(trainer, model, inputs, False)


def side(length, shift=0.0):
    policy = torch.rand(length) * -4 - 0.05
    return policy, policy + torch.randn(length) * 0.4 - shift


def row(desirable, undesirable, unrelated, shift):
    return side(desirable), side(undesirable), side(unrelated, shift)


SINGLES = [(5, 0, 4), (0, 7, 5), (3, 0, 7), (0, 2, 3), (9, 0, 2)]
PAIRS = [(5, 9, 3), (12, 3, 9), (1, 4, 3)]
cases = []
for lengths, shift, settings in [
    (SINGLES, 0.6, {"beta": 0.1}),
    (SINGLES, -0.6, {"beta": 0.3, "desirableWeight": 1.33, "undesirableWeight": 0.7}),
    ([(4, 0, 3), (6, 0, 4)], 0.3, {"beta": 0.5}),
    (PAIRS, 0.5, {"beta": 0.1, "undesirableWeight": 1.5}),
    (SINGLES + PAIRS, 0.2, {"beta": 0.2}),
]:
    rows = [row(*of, shift) for of in lengths]
    for (policy, _), _, _ in rows:
        policy.requires_grad_()
    for _, (policy, _), _ in rows:
        policy.requires_grad_()
    loss, kl = loss_of(rows, settings)
    loss.backward()
    gradient = [value for good, bad, other in rows for policy, _ in (good, bad, other) for value in
                (policy.grad.tolist() if policy.grad is not None else [0.0] * len(policy))]
    flat = lambda which: [value for sides in rows for one in sides for value in one[which].tolist()]
    cases.append({
        "settings": settings, "lengths": lengths, "logps": flat(0), "reference": flat(1), "kl": kl.item(), "loss": loss.item(),
        "gradient": gradient,
    })

(here / "trl-kto.json").write_text(json.dumps({"cases": cases}))
