"""What every rank of train.sbatch runs: gets the schedule of the launch, and here only says what this rank is to do."""

import os
import sys

from schedulesearch import get_schedule

profile, output = sys.argv[1:]
schedule = get_schedule(profile, format="pytorch", output=output, options={"timeLimitSeconds": 30})
rank = int(os.environ["SLURM_PROCID"])
row = schedule.text.splitlines()[rank]
print(f"rank {rank}: {schedule.summary()}, from the {schedule.source}: {row}", flush=True)

# From here on as docs/formats.md says for PyTorch, with this rank's stages:
#     from schedulesearch.loaders import pytorch_csv
#     runtime = pytorch_csv.load(schedule.path, stages, microbatches, loss)
