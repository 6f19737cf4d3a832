"""Pipeline-parallel schedules for a training launcher, from a ScheduleSearch service.

``get_schedule`` asks the service, or falls back on a 1F1B schedule made here. Importing this package needs the standard library alone.
"""

from .batch import solve_batch
from .catalogues import devices, examples, families
from .client import get_schedule
from .comparison import compare
from .errors import Infeasible, InvalidRequest, ScheduleSearchError, ServiceFailed, Unavailable
from .estimate import estimate
from .evaluation import evaluate
from .plan import plan, plan_cluster
from .research import research
from .schedule import Schedule
from .sweeps import least_memory, sweep, sweep_as
from .traces import import_trace
from .verification import verify

__all__ = [
    "Infeasible",
    "InvalidRequest",
    "Schedule",
    "ScheduleSearchError",
    "ServiceFailed",
    "Unavailable",
    "compare",
    "devices",
    "estimate",
    "evaluate",
    "examples",
    "families",
    "get_schedule",
    "import_trace",
    "least_memory",
    "plan",
    "plan_cluster",
    "research",
    "solve_batch",
    "sweep",
    "sweep_as",
    "verify",
]
