"""Golden losses and gradients of objectives by TRL 1.16's own code, over log-probabilities of single tokens, in float64.

Run once: pip install torch; python tests/golden/make_trl_tokens.py FOLDER_OF_TRL_1.16.0
Runs `DPOTrainer._compute_loss` and `CPOTrainer.cpo_loss` and `ORPOTrainer.odds_ratio_loss` as they stand in that folder (its other
parts, and transformers, are not needed), one pair a batch: TRL means NLL over the tokens of a batch. Writes trl-tokens.json beside
itself: replies with a log-probability for each token, the reference's, and for each case loss (P) and gradient by token.
"""
import json
import pathlib
from contextlib import nullcontext
from types import SimpleNamespace

import torch

from trl_source import function

torch.manual_seed(11)
torch.set_default_dtype(torch.float64)
here = pathlib.Path(__file__).parent


compute_loss = function(
    "trainer/dpo_trainer.py", "_compute_loss", "per_token_entropy",
    is_peft_model=lambda _: False, disable_gradient_checkpointing=lambda *_: nullcontext(),
)
cpo_loss = function("experimental/cpo/cpo_trainer.py", "cpo_loss")
odds_ratio_loss = function(
    "experimental/orpo/orpo_trainer.py", "odds_ratio_loss", log1mexp=function("experimental/orpo/orpo_trainer.py", "log1mexp")
)

LENGTHS = [(5, 9), (12, 3), (6, 6), (1, 4)]
pairs = [[torch.rand(n) * -4 - 0.05 for n in lengths] for lengths in LENGTHS]
references = [[side + torch.randn(len(side)) * 0.4 for side in pair] for pair in pairs]


def dpo(chosen, rejected, reference, settings, types, weights):
    """Loss of one pair."""
    longest = max(len(chosen), len(rejected))
    padded = lambda x: torch.cat([x, torch.zeros(longest - len(x))])
    policy = torch.stack([padded(chosen), padded(rejected)])
    base = torch.stack([padded(x) for x in reference])
    # One token of prompt before the replies: TRL drops the first column.
    mask = torch.tensor([[0] + [1] * len(x) + [0] * (longest - len(x)) for x in (chosen, rejected)])
    model = lambda **_: SimpleNamespace(log_probs=policy, aux_loss=None)
    model.training = True
    ref_model = lambda **_: SimpleNamespace(log_probs=base)
    trainer = SimpleNamespace(
        model=model, ref_model=ref_model, beta=settings["beta"], label_smoothing=settings.get("labelSmoothing", 0.0),
        ld_alpha=settings.get("ldAlpha"), loss_types=types, loss_weights=weights, f_divergence_type="reverse_kl",
        precompute_ref_logps=False, use_weighting=False, aux_loss_enabled=False,
        args=SimpleNamespace(gradient_checkpointing_kwargs=None), accelerator=SimpleNamespace(device="cpu"),
    )
    inputs = {"input_ids": torch.zeros(2, longest + 1, dtype=torch.long), "completion_mask": mask}

    return compute_loss(trainer, model, inputs, False)


def loss_of(name, chosen, rejected, reference, settings):
    nll = settings.get("nllWeight")
    by_type = {"dpo": "sigmoid", "ld-dpo": "sigmoid", "robust-dpo": "robust", "ln-dpo": "sigmoid_norm"}
    if name in by_type:
        types = [by_type[name]] + (["sft"] if nll else [])
        return dpo(chosen, rejected, reference, settings, types, [1.0] + ([nll] if nll else []))
    trainer = SimpleNamespace(
        beta=settings["beta"], loss_type="sigmoid", label_smoothing=settings.get("labelSmoothing", 0.0), alpha=0.0,
        accelerator=SimpleNamespace(device="cpu"),
    )
    likelihood = -chosen.mean()
    if name == "cpo":
        losses = cpo_loss(trainer, chosen.sum()[None], rejected.sum()[None])[0]
        return losses.mean() + (1.0 if nll is None else nll) * likelihood
    torch.Tensor.float, kept = (lambda x: x), torch.Tensor.float
    try:
        losses = odds_ratio_loss(trainer, chosen.mean()[None], rejected.mean()[None])[0]
    finally:
        torch.Tensor.float = kept
    return (1.0 if nll is None else nll) * likelihood - losses.mean()


cases = []
for name, settings in [
    ("orpo", {"beta": 0.1}),
    ("orpo", {"beta": 0.25, "nllWeight": 0.5}),
    ("cpo", {"beta": 0.1}),
    ("cpo", {"beta": 0.2, "labelSmoothing": 0.1, "nllWeight": 0.3}),
    ("robust-dpo", {"beta": 0.1, "labelSmoothing": 0.2}),
    ("ln-dpo", {"beta": 5.0}),
    ("ld-dpo", {"beta": 0.1, "ldAlpha": 0.5}),
    ("ld-dpo", {"beta": 0.3, "ldAlpha": 0.0}),
    ("dpo", {"beta": 0.1, "nllWeight": 0.7}),
]:
    losses, gradients = [], []
    for pair, reference in zip(pairs, references):
        chosen, rejected = (side.clone().requires_grad_() for side in pair)
        loss = loss_of(name, chosen, rejected, reference, settings)
        loss.backward()
        losses.append(loss.item())
        gradients += chosen.grad.tolist() + rejected.grad.tolist()
    cases.append({"objective": name, "settings": settings, "loss": losses, "gradient": gradients})

flat = lambda rows: [value for pair in rows for side in pair for value in side.tolist()]
(here / "trl-tokens.json").write_text(json.dumps({
    "lengths": LENGTHS, "logps": flat(pairs), "reference": flat(references), "cases": cases,
}))
