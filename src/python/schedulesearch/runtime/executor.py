"""Runs a rank's instruction stream on PyTorch modules."""

from __future__ import annotations

from typing import Any, List, NamedTuple, Optional, Sequence

import torch
import torch.distributed as dist
from torch import Tensor, nn

from .iteration import Iteration
from .record import Record
from .stage import Loss, Stage
from .stream import Stream
from .transport import Transport


class Result(NamedTuple):
    """What an iteration gave: the losses by microbatch on the rank of the last stage (else none), and what was done."""

    losses: List[float]
    record: Record


class Pipeline:
    """The stages of one rank, ready to run streams of one placement.

    Needs the default process group of torch.distributed (gloo or nccl) with one process for each rank; its time-out is the time-out of
    every transfer. Gradients are added to the parameters' `.grad`, summed over microbatches; zero them between iterations.

    Args:
        stages: The modules of this rank's stages in ascending order. Each takes one tensor and returns one floating-point tensor.
        ranks_of_stages: For each stage of the model the rank that holds it.
        loss: Takes the last stage's output and a target, returns a scalar. Used on the rank of the last stage.
        device: Where the stages compute; by default where their first parameter lies.
        blocking: Whether a send waits until its receive is posted. A stream of the service never hangs on that; it only waits longer.

    Raises:
        ValueError: There are not as many modules as this rank holds stages.
    """

    def __init__(
        self,
        stages: Sequence[nn.Module],
        ranks_of_stages: Sequence[int],
        loss: Loss,
        device: Optional[torch.device] = None,
        blocking: bool = False,
    ) -> None:
        self.rank = dist.get_rank()
        self.ranks_of_stages = list(ranks_of_stages)
        own = [stage for stage, rank in enumerate(ranks_of_stages) if rank == self.rank]
        if len(own) != len(stages):
            raise ValueError(f"Rank {self.rank} holds the stages {own}; give a module for each, not {len(stages)}.")
        last = len(ranks_of_stages) - 1
        self.stages = {
            stage: Stage(module, loss if stage == last else None, is_first=stage == 0) for stage, module in zip(own, stages)
        }
        parameters = (parameter for module in stages for parameter in module.parameters())
        self.device = device or next((parameter.device for parameter in parameters), torch.device("cpu"))
        self.transport = Transport(self.device, blocking)

    def run(
        self,
        stream: Stream,
        inputs: Optional[Sequence[Tensor]] = None,
        targets: Optional[Sequence[Any]] = None,
        count_bytes: bool = False,
    ) -> Result:
        """Carries out this rank's part of a stream.

        Args:
            stream: A stream of this placement.
            inputs: By microbatch the first stage's input, on the rank that holds it.
            targets: By microbatch what the loss compares with, on the rank of the last stage.
            count_bytes: Whether to count the bytes that autograd keeps, which takes time.

        Raises:
            ValueError: The stream is for another placement, or needs what is not there.
            RuntimeError: A transfer failed or timed out.
        """
        if stream.ranks_of_stages != self.ranks_of_stages:
            raise ValueError(f"The stream is for stages on the ranks {stream.ranks_of_stages}, not {self.ranks_of_stages}.")
        iteration = Iteration(self.stages, len(self.ranks_of_stages) - 1, self.transport, self.device, inputs, targets, count_bytes)
        record = iteration.run(stream.ranks[self.rank])
        return Result(iteration.losses(), record)
