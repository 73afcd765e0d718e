"""The policy: a causal language model with an adapter or without, and z where the run adds it."""

import math
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import torch
from torch import Tensor, nn

from lpc.counter_random import uniforms
from lpc.job import JobError, Settings
from lpc.latent import Latent, States, StepInputs, batch_entropy
from lpc.objectives import score_pairs, tail_weight
from lpc.rows import Row

# LoRA's modules in the order of the forward pass, fused ones after their parts.
MODULES = ["q_proj", "k_proj", "v_proj", "qkv_proj", "o_proj", "gate_proj", "up_proj", "gate_up_proj", "down_proj"]
# A fused module is adapted where any of its parts is asked for.
FUSED = {"qkv_proj": {"q_proj", "k_proj", "v_proj"}, "gate_up_proj": {"gate_proj", "up_proj"}}


def open_backbone(place: dict[str, Any], settings: Settings, dtype: torch.dtype, packed: bool) -> nn.Module:
    """The model that the job names, every weight in `dtype`; raises `JobError` where it can't be had."""
    from transformers import AutoModelForCausalLM

    where: dict[str, Any] = {"revision": place["revision"]} if place.get("revision") else {}
    name = place.get("hub") or place["path"]
    try:
        model = AutoModelForCausalLM.from_pretrained(
            name,
            dtype=dtype,
            attn_implementation="sdpa" if packed else None,
            **where,
        )
    except OSError as error:
        raise JobError(f"The model {name} can't be loaded: {error}\nName its folder with --model.") from error
    model.config.use_cache = False
    if getattr(model.config, "attention_dropout", 0):
        model.config.attention_dropout = 0.0
    for parameter in model.parameters():
        parameter.requires_grad_(settings.trainable == "full")
    if settings.recompute:
        if settings.injected_blocks:
            raise JobError("z in the layers can't be computed again in the backward pass. Set recompute to false.")
        model.gradient_checkpointing_enable(gradient_checkpointing_kwargs={"use_reentrant": False})
        model.train()
    return model


class AdapterDropout(nn.Module):
    """x·mask/(1 − p): entry (t, i) is kept where frac(a_t + b_i) ≥ p, with a and b of the row under way."""

    def __init__(self, share: float, place: int, size: int) -> None:
        super().__init__()
        self.share, self.place, self.size = share, place, size
        self.noise: tuple[Tensor, Tensor] | None = None

    def forward(self, x: Tensor) -> Tensor:
        if self.noise is None:
            return x
        tokens, features = self.noise
        total = tokens[self.place, : x.shape[-2], None] + features[self.place, None, : self.size]
        kept = (total - (total >= 1).float() >= self.share).to(x.dtype)
        return x * (kept / (1 - self.share))


def add_adapter(model: nn.Module, settings: Settings) -> list[AdapterDropout]:
    """LoRA by PEFT, in place: A uniform in ±1/√in from Facet's generator, B zero. Gives its dropouts, by module.

    A and B are float32 whatever the model is: steps of AdamW are too small for bfloat16's eight bits.
    """
    from peft import LoraConfig, inject_adapter_in_model
    from peft.tuners.lora import LoraLayer

    config = LoraConfig(
        r=settings.loraRank,
        lora_alpha=settings.loraAlpha,
        lora_dropout=0.0,
        target_modules=[name for name in MODULES if FUSED.get(name, {name}) & set(settings.loraTargets)],
        bias="none",
    )
    inject_adapter_in_model(config, model)
    dropouts: list[AdapterDropout] = []
    layers = [(name, module) for name, module in model.named_modules() if isinstance(module, LoraLayer)]
    for counter, (_, module) in enumerate(sorted(layers, key=lambda item: _forward_order(item[0]))):
        a = module.lora_A["default"].float().weight
        b = module.lora_B["default"].float().weight
        bound = 1 / math.sqrt(a.shape[1])
        values = uniforms(settings.seed, "lora", counter, a.numel(), -bound, bound)
        with torch.no_grad():
            a.copy_(torch.from_numpy(values).reshape(a.shape))
            b.zero_()
        if settings.loraDropout > 0:
            dropout = AdapterDropout(settings.loraDropout, counter, a.shape[1])
            module.lora_dropout["default"] = dropout
            dropouts.append(dropout)
    return dropouts


def _forward_order(name: str) -> tuple[int, int]:
    """By layer, then as the forward pass goes: `model.layers.3.self_attn.q_proj`."""
    parts = name.split(".")
    return int(parts[parts.index("layers") + 1]), MODULES.index(parts[-1])


class Policy(nn.Module):
    """Every task is one call of `forward`, so that a data-parallel wrapper sees it."""

    def __init__(self, settings: Settings, model: Any, compute: torch.dtype | None = None) -> None:
        """`compute`: what the model's products are computed in, where its weights are float32 because they train."""
        super().__init__()
        self.settings = settings
        self.model = model
        self.compute = compute
        # Accelerate looks here for the blocks to shard; without it the whole model would be gathered at once.
        self._no_split_modules: list[str] = list(model._no_split_modules or [])
        self.size: int = model.config.hidden_size
        self.layers: int = model.config.num_hidden_layers
        self.dropouts = add_adapter(model, settings) if settings.trainable == "lora" else []
        self.latent = None if settings.latent is None else Latent(settings, self.size, self.layers)
        self._shifts: dict[int, Tensor] = {}
        if self.latent is not None:
            for block in self.latent.blocks:
                model.get_decoder().layers[block].register_forward_pre_hook(self._shift(block), with_kwargs=True)

    def _shift(self, block: int) -> Any:
        def hook(_module: nn.Module, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
            shift = self._shifts.get(block)
            if shift is None:
                return None
            if args:
                return (args[0] + shift, *args[1:]), kwargs
            return args, {**kwargs, "hidden_states": kwargs["hidden_states"] + shift}

        return hook

    def backbone_named(self) -> dict[str, nn.Parameter]:
        """What of the backbone trains, by Facet's names: `lora.TARGET.a`, or the tensors of the model folder."""
        trainable = self.settings.trainable
        if trainable == "heads":
            return {}
        named = dict(self.model.named_parameters())
        if trainable == "full":
            return named
        return {
            _adapter_name(name): value for name, value in named.items() if ".lora_A." in name or ".lora_B." in name
        }

    def heads_named(self) -> dict[str, Any]:
        return {} if self.latent is None else self.latent.named()

    def forward(self, task: str, row: Row, **inputs: Any) -> dict[str, Tensor]:
        if task == "train":
            return self._train(row, **inputs)
        with torch.no_grad():
            if task == "reference":
                return {"logps": self._logps(self._hidden(row), row, None)}
            if task == "features":
                return self._features(row)
            if task == "prior":
                return self._prior(row)
            if task == "force":
                return self._force(row, **inputs)
            return self._evaluate(row, **inputs)

    def _hidden(self, row: Row) -> Tensor:
        """After the final norm and without z, or with the shifts that are set: (B·T, d), float32."""
        with self._computing(row.tokens.device):
            out = self.model.get_decoder()(
                input_ids=row.tokens, attention_mask=row.mask, position_ids=row.positions, use_cache=False
            )
        return out.last_hidden_state.reshape(-1, self.size).float()

    def _computing(self, device: torch.device) -> AbstractContextManager[Any]:
        return nullcontext() if self.compute is None else torch.autocast(device.type, self.compute)

    def _states(self, hidden: Tensor, row: Row) -> States:
        if self.settings.latent.pooling == "last":
            prompt = hidden[row.prompt_last]
        else:
            places = (row.prompt_of >= 0).nonzero().squeeze(1)
            of = row.prompt_of[places]
            sums = hidden.new_zeros(row.pairs, self.size).index_add(0, of, hidden[places])
            prompt = sums / torch.bincount(of, minlength=row.pairs).clamp(min=1)[:, None]
        return States(prompt, hidden[row.chosen_last], hidden[row.rejected_last])

    def _logps(self, hidden: Tensor, row: Row, z: Tensor | None) -> Tensor:
        """Σ_t log π(y_t | x, y_<t, z) of every reply, (P, 2); under LD-DPO with its weights on the tokens."""
        if z is not None and self.latent is not None and self.latent.blocks:
            hidden, z = self._hidden_with(row, z), None
        states = hidden[row.response_places]
        if z is not None:
            states = states + z[row.sequence // 2]
        chosen = self._target_logps(states, row)
        tail = tail_weight(self.settings)
        if tail is not None:
            shared = row.lengths.min(1).values[row.sequence // 2]
            chosen = torch.where(row.place_in_reply < shared, chosen, tail * chosen)
        return chosen.new_zeros(2 * row.pairs).index_add(0, row.sequence, chosen).reshape(row.pairs, 2)

    def _target_logps(self, states: Tensor, row: Row) -> Tensor:
        """log π(y_t | …) from the states that predict the reply tokens, (R, d) → (R)."""
        head = self.model.get_output_embeddings()
        with self._computing(states.device):
            logits = head(states.to(head.weight.dtype)).float()
        return -nn.functional.cross_entropy(logits, row.targets, reduction="none")

    def _features(self, row: Row) -> dict[str, Tensor]:
        """h_x, and a(y) = ∂ log π(y|x, z)/∂z at z = 0 of every reply, (P, 2, d): what a small z at the head earns."""
        hidden = self._hidden(row)
        with torch.enable_grad():
            shift = hidden.new_zeros(2 * row.pairs, self.size, requires_grad=True)
            states = hidden[row.response_places] + shift[row.sequence]
            (earned,) = torch.autograd.grad(self._target_logps(states, row).sum(), shift)
        return {"prompt": self._states(hidden, row).prompt, "earned": earned.reshape(row.pairs, 2, self.size)}

    def _hidden_with(self, row: Row, z: Tensor) -> Tensor:
        """The same with W_l z added to the input of each injected block, for every token of the pair."""
        assert self.latent is not None
        belongs = (row.pair_of >= 0)[:, None]
        dtype = next(self.model.parameters()).dtype
        for block in self.latent.blocks:
            moved = z @ self.latent.injection[str(block)].weight.T
            spread = torch.where(belongs, moved[row.pair_of.clamp(min=0)], 0)
            self._shifts[block] = spread.reshape(*row.tokens.shape, self.size).to(dtype)
        try:
            return self._hidden(row)
        finally:
            self._shifts = {}

    def rest_dropout(self) -> None:
        """After the backward pass, which asks for the row's mask again where activations are computed again in it."""
        for module in self.dropouts:
            module.noise = None

    def _train(
        self, row: Row, stage: str, reference: Tensor, share: float, step: StepInputs, kl_weight: float, dropout: Any
    ) -> dict[str, Tensor]:
        """`share` is 1 over the pairs of the whole step; `loss` is the row's part of the step's loss."""
        settings = self.settings
        for module in self.dropouts:
            module.noise = dropout
        with torch.set_grad_enabled(stage == "all"):
            hidden = self._hidden(row)
        for module in self.dropouts:
            module.noise = dropout if settings.recompute else None
        drawn = None if self.latent is None else self.latent.draw(self._states(hidden, row), step)
        logps = self._logps(hidden, row, None if drawn is None else drawn.z)
        scores = score_pairs(settings, logps, reference, row.lengths)
        loss = scores.loss.sum() * share
        outputs = {
            "preference_loss": loss,
            "margin": scores.margin,
            "rewards": scores.rewards,
            "logps": logps,
        }
        if drawn is not None and drawn.kl is not None:
            free = settings.latent.freeBits
            cost = (drawn.kl - free).relu() if free > 0 else drawn.kl
            outputs["kl_loss"] = cost.sum() * share * kl_weight
            outputs["kl"] = drawn.kl.sum() * share
            loss = loss + outputs["kl_loss"]
        if drawn is not None and drawn.prior is not None:
            outputs["prior"] = drawn.prior.softmax(-1)
            bonus = settings.latent.batchEntropyBonus
            if bonus > 0:
                outputs["bonus_loss"] = batch_entropy(drawn.prior) * (row.pairs * share) * -bonus
                loss = loss + outputs["bonus_loss"]
        return {"loss": loss, **{name: value.detach() for name, value in outputs.items()}}

    def _evaluate(self, row: Row, reference: Tensor, noise: Tensor | None) -> dict[str, Tensor]:
        """Figures with z from the prior; with a posterior also its margins, and with the replies handed to it swapped."""
        hidden = self._hidden(row)

        def with_z(z: Tensor | None) -> Any:
            logps = self._logps(hidden, row, z)
            return logps, score_pairs(self.settings, logps, reference, row.lengths)

        if self.latent is None:
            logps, scores = with_z(None)
            return {"logps": logps, **vars(scores)}
        states = self._states(hidden, row)
        z, output = self.latent.in_use(states.prompt, noise)
        logps, scores = with_z(z)
        found = {"logps": logps, **vars(scores)}
        if not self.latent.blocks:
            head = self.model.get_output_embeddings()
            found["logit_shift"] = nn.functional.linear(z.to(head.weight.dtype), head.weight).float().std(1, correction=0)
        if self.settings.codes is not None and output is not None:
            found |= {"prior": output.softmax(-1), "state": states.prompt}
        if output is None or not self.settings.has_posterior:
            return found
        posterior = self.latent.posterior_output(states)
        swapped = self.latent.posterior_output(states.swapped())
        if self.settings.codes is not None:
            found["posterior"] = posterior.softmax(-1)
        return found | {
            "kl": self.latent.kl(posterior, output),
            "posterior_margin": with_z(self.latent.z_of(posterior, noise))[1].margin,
            "swapped_margin": with_z(self.latent.z_of(swapped, noise))[1].margin,
        }

    def _force(self, row: Row, reference: Tensor, prior: Tensor, shared: Tensor, codes: list[int]) -> dict[str, Tensor]:
        """Margins (P, codes) under z = e_k, `forced`, and under half of it beside half of the prior's mixture, `pinned`;
        margins (P) with z `off`, and under one mixture for all pairs, `shared` (K)."""
        assert self.latent is not None
        hidden, book = self._hidden(row), self.latent.codes()

        def margin(weights: Tensor) -> Tensor:
            logps = self._logps(hidden, row, weights @ book)
            return score_pairs(self.settings, logps, reference, row.lengths).margin

        single = torch.eye(book.shape[0], device=book.device)
        every = torch.zeros_like(prior)
        return {
            "forced": torch.stack([margin(every + single[code]) for code in codes], 1),
            "pinned": torch.stack([margin(0.5 * single[code] + 0.5 * prior) for code in codes], 1),
            "off": margin(every),
            "shared": margin(every + shared),
        }

    def _prior(self, row: Row) -> dict[str, Tensor]:
        """p(z|x) of every prompt, (P, K)."""
        assert self.latent is not None
        states = self._states(self._hidden(row), row)
        return {"prior": self.latent.prior_output(states.prompt).softmax(-1)}


def _adapter_name(name: str) -> str:
    target, _, part = name.removesuffix(".default.weight").rpartition(".")
    return f"lora.{target}.{'a' if part == 'lora_A' else 'b'}"
