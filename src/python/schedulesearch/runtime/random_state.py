"""Draws the same random numbers twice, such as those of dropout."""

from __future__ import annotations

from contextlib import contextmanager
from typing import Iterator

import torch


class RandomState:
    """Which random numbers come next on the CPU and, where a stage computes there, on its GPU."""

    def __init__(self, device: torch.device) -> None:
        self._gpus = [device] if device.type == "cuda" else []
        self._of_cpu = torch.get_rng_state()
        self._of_gpus = [torch.cuda.get_rng_state(gpu) for gpu in self._gpus]

    @contextmanager
    def again(self) -> Iterator[None]:
        """Within it they come once more; after it all goes on as if they had not."""
        with torch.random.fork_rng(devices=self._gpus):
            torch.set_rng_state(self._of_cpu)
            for gpu, state in zip(self._gpus, self._of_gpus):
                torch.cuda.set_rng_state(state, gpu)
            yield
