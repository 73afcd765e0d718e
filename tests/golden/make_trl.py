"""Golden losses and gradients of the objectives by TRL's own loss functions, in float64.

Run once: pip install torch transformers trl==0.12.2; python tests/golden/make_trl.py
Reads the log-probabilities of method.json and writes trl.json beside it. `dpo_loss` takes sums and, for IPO, per-token
means, as TRL's trainer hands them over; `cpo_loss` with `simpo` takes per-token means and γ = (γ/β)·β.
"""
import json
import pathlib
from types import SimpleNamespace

import torch
from transformers.models.auto import modeling_auto

if not hasattr(modeling_auto, "MODEL_FOR_VISION_2_SEQ_MAPPING_NAMES"):  # newer transformers than this TRL
    modeling_auto.MODEL_FOR_VISION_2_SEQ_MAPPING_NAMES = {}
from trl.trainer.cpo_trainer import CPOTrainer  # noqa: E402
from trl.trainer.dpo_config import FDivergenceType  # noqa: E402
from trl.trainer.dpo_trainer import DPOTrainer  # noqa: E402

torch.set_default_dtype(torch.float64)
here = pathlib.Path(__file__).parent
method = json.loads((here / "method.json").read_text())
P = method["pairs"]
reference, lengths = (torch.tensor(method[name]).reshape(P, 2) for name in ("reference", "lengths"))


def trl_loss(name, x, settings):
    beta = settings["beta"]
    if name == "simpo":
        trainer = SimpleNamespace(
            beta=beta, loss_type="simpo", label_smoothing=0.0, simpo_gamma=settings["gammaBetaRatio"] * beta,
            accelerator=SimpleNamespace(device="cpu"),
        )
        means = x / lengths
        return CPOTrainer.cpo_loss(trainer, means[:, 0], means[:, 1])[0]
    trainer = SimpleNamespace(
        beta=beta, loss_type="sigmoid" if name == "dpo" else "ipo", label_smoothing=settings.get("labelSmoothing", 0.0),
        reference_free=False, f_divergence_type=FDivergenceType.REVERSE_KL, f_divergence_params={}, use_weighting=False,
        accelerator=SimpleNamespace(device="cpu"), aux_loss_enabled=False,
    )
    by_mean = name == "ipo" and settings["ipoAverage"] == "mean"
    policy, base = (x / lengths, reference / lengths) if by_mean else (x, reference)
    return DPOTrainer.dpo_loss(trainer, policy[:, 0], policy[:, 1], base[:, 0], base[:, 1])[0]


cases = []
for case in method["objectives"]:
    x = torch.tensor(method["logps"]).reshape(P, 2).requires_grad_()
    loss = trl_loss(case["objective"], x, case["settings"])
    loss.mean().backward()
    cases.append({
        "objective": case["objective"], "settings": case["settings"],
        "loss": loss.detach().tolist(), "gradient": x.grad.reshape(-1).tolist(),
    })
(here / "trl.json").write_text(json.dumps(cases))
