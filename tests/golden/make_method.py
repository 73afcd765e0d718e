"""Golden values of the objectives, the latent and AdamW, by PyTorch in float64.

Run once: pip install torch; python tests/golden/make_method.py
Writes method.json beside itself. Losses follow TRL's DPOTrainer (`sigmoid` with label smoothing, `ipo`) and SimPO's
reference trainer; they are computed here with PyTorch's own functions so that gradients come from autograd.
"""
import json
import pathlib

import torch
import torch.nn.functional as F

torch.manual_seed(7)
torch.set_default_dtype(torch.float64)
P, K, D = 5, 6, 4


def numbers(tensor):
    return tensor.detach().reshape(-1).tolist()


def objective(name, logps, reference, lengths, **settings):
    beta = settings["beta"]
    if name == "dpo":
        logits = (logps - reference)[:, 0] - (logps - reference)[:, 1]
        epsilon = settings["labelSmoothing"]
        return -F.logsigmoid(beta * logits) * (1 - epsilon) - F.logsigmoid(-beta * logits) * epsilon
    if name == "ipo":
        ratio = logps - reference
        if settings["ipoAverage"] == "mean":
            ratio = ratio / lengths
        return (ratio[:, 0] - ratio[:, 1] - 1 / (2 * beta)) ** 2
    mean = logps / lengths
    return -F.logsigmoid(beta * (mean[:, 0] - mean[:, 1]) - settings["gammaBetaRatio"] * beta)


logps = -torch.rand(P, 2) * 60
reference = logps + torch.randn(P, 2) * 4
lengths = torch.randint(3, 40, (P, 2)).double()
cases = []
for name, settings in [
    ("dpo", {"beta": 0.1, "labelSmoothing": 0.0}),
    ("dpo", {"beta": 0.3, "labelSmoothing": 0.2}),
    ("ipo", {"beta": 0.1, "ipoAverage": "mean"}),
    ("ipo", {"beta": 0.05, "ipoAverage": "sum"}),
    ("simpo", {"beta": 2.0, "gammaBetaRatio": 0.5}),
]:
    x = logps.clone().requires_grad_()
    loss = objective(name, x, reference, lengths, **settings)
    loss.mean().backward()
    cases.append({"objective": name, "settings": settings, "loss": numbers(loss), "gradient": numbers(x.grad)})

p_logits = (torch.randn(P, K) * 2).requires_grad_()
q_logits = (torch.randn(P, K) * 2).requires_grad_()
codebook = torch.randn(K, D).requires_grad_()
noise_p, noise_q = (-torch.log(-torch.log(torch.rand(P, K))) for _ in range(2))
g, tau = 0.3, 0.7
mixture = g * F.softmax((p_logits + noise_p) / tau, -1) + (1 - g) * F.softmax((q_logits + noise_q) / tau, -1)
z = mixture @ codebook
kl = F.kl_div(F.log_softmax(p_logits, -1), F.log_softmax(q_logits, -1), reduction="none", log_target=True).sum(-1)
scalar = (z**2).sum() + kl.mean()
scalar.backward()
latent = {
    "g": g,
    "temperature": tau,
    "prior": numbers(p_logits),
    "posterior": numbers(q_logits),
    "codebook": numbers(codebook),
    "noisePrior": numbers(noise_p),
    "noisePosterior": numbers(noise_q),
    "z": numbers(z),
    "kl": numbers(kl),
    "gradientPrior": numbers(p_logits.grad),
    "gradientPosterior": numbers(q_logits.grad),
    "gradientCodebook": numbers(codebook.grad),
}

w = torch.randn(3, 2, requires_grad=True)
start = numbers(w)
optimiser = torch.optim.AdamW([w], lr=0.02, weight_decay=0.1)
gradients, path, norms = [], [], []
for step in range(6):
    w.grad = torch.randn(3, 2) * 10 ** (step - 3)
    gradients.append(numbers(w.grad))
    norms.append(float(torch.nn.utils.clip_grad_norm_([w], 1.0)))
    optimiser.step()
    path.append(numbers(w))
adamw = {
    "start": start, "rate": 0.02, "decay": 0.1, "clip": 1.0,
    "gradients": gradients, "norms": norms, "path": path,
}

from torch.distributions import Normal, kl_divergence  # noqa: E402

q_out, p_out = ((torch.randn(P, 2 * D) * 0.7).requires_grad_() for _ in range(2))
noise = torch.randn(P, D)
q_normal, p_normal = (Normal(x[:, :D], (x[:, D:] / 2).exp()) for x in (q_out, p_out))
gaussian_z = q_out[:, :D] + (q_out[:, D:] / 2).exp() * noise
gaussian_kl = kl_divergence(q_normal, p_normal).sum(-1)
((gaussian_z**2).sum() + gaussian_kl.mean()).backward()
gaussian = {
    "posterior": numbers(q_out), "prior": numbers(p_out), "noise": numbers(noise), "z": numbers(gaussian_z),
    "kl": numbers(gaussian_kl), "gradientPosterior": numbers(q_out.grad), "gradientPrior": numbers(p_out.grad),
}

out = {
    "pairs": P, "codes": K, "width": D, "logps": numbers(logps), "reference": numbers(reference),
    "lengths": numbers(lengths), "objectives": cases, "latent": latent, "gaussian": gaussian,
    "adamw": adamw,
}
pathlib.Path(__file__).with_name("method.json").write_text(json.dumps(out))
