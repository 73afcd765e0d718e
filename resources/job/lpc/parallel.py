"""One process or many: rows of a step are shared out, gradients are averaged, figures gathered. Accelerate sets it up."""

import os
from typing import Any, TypeVar

import torch
from accelerate import Accelerator
from torch.distributed.fsdp import FSDPModule

from lpc.job import JobError
from lpc.policy import Policy

T = TypeVar("T")


class Parallel:
    """`ddp` copies the policy to every process; `fsdp` shards it (FSDP2)."""

    def __init__(self, strategy: str, precision: str, force_cpu: bool) -> None:
        # Told to look for a GPU, Accelerate takes every process of a machine without one for a run of its own.
        cpu = force_cpu or not torch.accelerator.is_available()
        plugin = None
        if strategy == "fsdp":
            if launched_together() == 1:
                raise JobError(
                    "--strategy fsdp shards a model over processes, and there is one. Say --strategy ddp, or start several by torchrun."
                )
            from accelerate.utils import FullyShardedDataParallelPlugin

            plugin = FullyShardedDataParallelPlugin(
                fsdp_version=2, auto_wrap_policy="transformer_based_wrap", reshard_after_forward=True
            )
        self.strategy = strategy
        _meet_anew(cpu)
        self.accelerator = Accelerator(
            cpu=cpu,
            mixed_precision="bf16" if precision == "bfloat16" else "no",
            fsdp_plugin=plugin,
        )
        if plugin is not None and cpu:
            _shard_without_gpus(plugin)
        self.rank: int = self.accelerator.process_index
        self.world: int = self.accelerator.num_processes
        self.device: torch.device = self.accelerator.device
        self.is_main: bool = self.accelerator.is_main_process
        if self.world != launched_together():
            raise JobError(
                f"{launched_together()} processes were started together, but this one sees {self.world}. "
                "Say --device cpu, or start it by torchrun or Ray on machines with GPUs."
            )

    def share(self, items: list[T]) -> list[tuple[int, T, bool]]:
        """This process's items with their places, as many on every process; a stand-in is marked False."""
        own = [(place, items[place], True) for place in range(self.rank, len(items), self.world)]
        while len(own) < -(-len(items) // self.world):
            own.append((0, items[0], False))
        return own

    def gather(self, own: dict[int, T]) -> list[T]:
        """What all processes found, by place, on every one of them."""
        if self.world == 1:
            return [own[place] for place in sorted(own)]
        found: list[Any] = [None] * self.world
        torch.distributed.all_gather_object(found, own)
        together = {place: value for part in found for place, value in part.items()}
        return [together[place] for place in sorted(together)]

    def agree(self, value: T) -> T:
        """What the first process says."""
        if self.world == 1:
            return value
        held = [value]
        torch.distributed.broadcast_object_list(held, src=0)
        return held[0]

    def any(self, flag: bool) -> bool:
        """Whether any process says so."""
        return any(self.gather({self.rank: flag}))

    def wait(self) -> None:
        self.accelerator.wait_for_everyone()

    def end(self) -> None:
        if self.world > 1 and torch.distributed.is_initialized():
            torch.distributed.destroy_process_group()


class Wrapped:
    """The policy as it is called in training: `call` averages gradients over processes once `synchronise` is set."""

    def __init__(self, parallel: Parallel, policy: Policy, optimiser: torch.optim.Optimizer) -> None:
        self._parallel, self.policy = parallel, policy
        self._stage: str | None = None
        self.optimiser = optimiser
        if parallel.strategy == "fsdp":
            self.module, self.optimiser = parallel.accelerator.prepare(policy, optimiser)
        else:
            policy.to(parallel.device)
            self.module = policy
        self.policy = parallel.accelerator.unwrap_model(self.module) if parallel.strategy == "fsdp" else policy

    def enter(self, stage: str) -> None:
        """What rests in a stage has no gradient; DDP is told so anew."""
        if stage == self._stage:
            return
        self._stage = stage
        if self._parallel.strategy == "fsdp":
            return
        for parameter in self.policy.backbone_named().values():
            parameter.requires_grad_(stage == "all")
        if self._parallel.world > 1:
            device = self._parallel.device
            self.module = torch.nn.parallel.DistributedDataParallel(
                self.policy, device_ids=[device.index] if device.type == "cuda" else None
            )

    def settle(self) -> None:
        """
        Lets go of what a forward pass has gathered: FSDP2 keeps the outermost parameters whole until the next backward pass,
        and what is written to them then is lost. After it parameters are the shards that the optimiser knows.
        """
        for module in self.module.modules():
            if isinstance(module, FSDPModule):
                module.reshard()

    def rest(self) -> None:
        """Drops gradients of what rests in this stage: a sharded model has them all the same, for clipping and AdamW to count."""
        if self._parallel.strategy == "fsdp" and self._stage != "all":
            for parameter in self.policy.backbone_named().values():
                parameter.grad = None

    def without_sync(self) -> Any:
        return self._parallel.accelerator.no_sync(self.module)


def _meet_anew(cpu: bool) -> None:
    """
    After torchrun has started its processes again: they find each other under keys of this attempt. Its store lives on, and
    what the dead have left there under PyTorch's own keys sends the living to ports that nobody listens at.
    """
    attempt = os.environ.get("TORCHELASTIC_RESTART_COUNT", "0")
    if attempt == "0" or os.environ.get("TORCHELASTIC_USE_AGENT_STORE") != "True":
        return
    from torch.distributed import PrefixStore, TCPStore, default_pg_timeout, init_process_group

    world = launched_together()
    address, port = os.environ["MASTER_ADDR"], int(os.environ["MASTER_PORT"])
    store = TCPStore(address, port, world, is_master=False, timeout=default_pg_timeout)
    init_process_group(
        "gloo" if cpu else None,
        store=PrefixStore(f"attempt {attempt}", store),
        rank=int(os.environ["RANK"]),
        world_size=world,
    )


def _shard_without_gpus(plugin: Any) -> None:
    """For trials: PyTorch shards over gloo too, where Accelerate would quietly copy the model to every process."""
    from accelerate.state import AcceleratorState
    from accelerate.utils import DistributedType

    AcceleratorState._shared_state.update(distributed_type=DistributedType.FSDP, fsdp_plugin=plugin)


def full(value: torch.Tensor) -> torch.Tensor:
    """The whole of a sharded tensor; every process has to ask."""
    return value.full_tensor() if hasattr(value, "full_tensor") else value


def as_sharded(value: torch.Tensor, like: torch.Tensor) -> torch.Tensor:
    """The same values in the layout of `like`."""
    if not hasattr(like, "full_tensor"):
        return value.to(like.device, like.dtype)
    from torch.distributed.tensor import distribute_tensor

    return distribute_tensor(value.to(like.device, like.dtype), like.device_mesh, like.placements)


def launched_together() -> int:
    """Processes that torchrun, srun or Ray started; 1 where this one stands alone."""
    return int(os.environ.get("WORLD_SIZE", "1"))
