"""Which rank of a launch this process is."""

from __future__ import annotations

import hashlib
import os
from typing import Mapping, Optional

from .errors import InvalidRequest

# torchrun's variable first: it may itself have been started by one of the others.
RANK_VARIABLES = ("RANK", "OMPI_COMM_WORLD_RANK", "PMIX_RANK", "PMI_RANK", "MV2_COMM_WORLD_RANK", "SLURM_PROCID")

# The same on every rank of a launch, and for most launchers another one for each launch.
LAUNCH_VARIABLES = (
    "TORCHELASTIC_RUN_ID",
    "MASTER_PORT",
    "SLURM_JOB_ID",
    "SLURM_RESTART_COUNT",
    "OMPI_MCA_ess_base_jobid",
    "PMIX_NAMESPACE",
)


def rank_of(environment: Optional[Mapping[str, str]] = None) -> int:
    """The rank of this process; 0 when no launcher has set one. Raises ``InvalidRequest`` when it is not a number."""
    environment = os.environ if environment is None else environment
    for variable in RANK_VARIABLES:
        text = environment.get(variable)
        if text:
            if not text.isdecimal():
                raise InvalidRequest(f"{variable} is {text!r}; it must be a rank from 0.")
            return int(text)
    return 0


def launch_of(environment: Optional[Mapping[str, str]] = None) -> str:
    """A name for this launch, from what its launcher says of it."""
    environment = os.environ if environment is None else environment
    said = "\n".join(f"{variable}={environment.get(variable, '')}" for variable in LAUNCH_VARIABLES)
    return hashlib.sha256(said.encode()).hexdigest()[:16]
