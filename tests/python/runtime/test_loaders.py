"""The loaders, with stand-ins for the runtimes that are held against what the runtimes' source has; PyTorch's on Debian's own PyTorch, whose pipelining is one."""

import sys
import tempfile
import unittest
from pathlib import Path

import torch
import torch.distributed

sys.path[:0] = [str(Path(__file__).resolve().parents[2] / "Loaders")]

import facts
import processes
import runtimes

from schedulesearch.loaders import pytorch_csv

schedules = sys.modules["torch.distributed.pipelining.schedules"]

# Two ranks and two microbatches: one stage each; two each in a V, backwards split.
FLAT = ["0F0,0F1,0B0,0B1", "1F0,1B0,1F1,1B1"]
V = ["0F0,0F1,3F0,3I0,3W0,3F1,3I1,3W1,0I0,0W0,0I1,0W1", "1F0,2F0,1F1,2F1,2I0,2W0,1I0,1W0,2I1,2W1,1I1,1W1"]
COMMS = [
    "0UNSHARD,0F0,0SEND_F0,0F1,0SEND_F1,0RECV_B0,0B0,0RECV_B1,0B1,0REDUCE_GRAD,0RESHARD",
    "1UNSHARD,1RECV_F0,1F0,1RECV_F1,1B0,1SEND_B0,1F1,1B1,1SEND_B1,1REDUCE_GRAD,1RESHARD",
]


def stages(indices, rank=0, ranks=2, count=2, module=None):
    return [runtimes.PipelineStage(module or torch.nn.Identity(), index, count, None, group=(rank, ranks)) for index in indices]


def load(rows, built, microbatches=2, **more):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "schedule.csv")
        path.write_text("".join(row + "\n" for row in rows), encoding="utf-8")
        return pytorch_csv.load(str(path), built, microbatches, lambda *_: None, **more)


class StandInTests(unittest.TestCase):
    def test_stand_ins_have_the_names_and_parameters_of_the_runtimes(self):
        for runtime in facts.FACTS:
            with self.subTest(runtime["runtime"]):
                self.assertEqual(facts.stand_in_differences(runtime), [])

    def test_a_name_that_has_moved_is_seen(self):
        jaxpp = next(runtime for runtime in facts.FACTS if runtime["runtime"] == "jaxpp")
        moved = {"src/jaxpp/schedules.py": "from jaxpp.types import Task\n", "src/jaxpp/types.py": "class TaskType:\n    FWD = 1\n    BWD_I = 3\n    BWD_W = 4\n"}
        told = facts.differences(jaxpp, moved.get)
        self.assertIn("src/jaxpp/schedules.py has no class Task", told)
        self.assertIn("src/jaxpp/schedules.py has no TaskType", told)
        self.assertIn("TaskType has no member BWD", told)
        self.assertEqual(len(facts.differences(jaxpp, lambda file: None)), len(jaxpp["facts"]))

    def test_a_changed_signature_is_seen(self):
        schedule = {"facts": [{"file": "f.py", "class": "Plan", "methods": {"__init__": ["self", "graph"], "add": ["self", "step", "**kwargs"]}}]}
        inherited = "class Base:\n  graph: int\n  late: int = field(init=False)\nclass Plan(Base):\n  def add(self, step, **kwargs): ..."
        self.assertEqual(facts.differences(schedule, lambda _: inherited), [])
        self.assertEqual(len(facts.differences(schedule, lambda _: "class Plan:\n  graph: int\n  def add(self, step, span): ...")), 1)


class PyTorchTests(unittest.TestCase):
    def test_a_stream_of_either_format_is_loaded_as_what_it_is(self):
        self.assertEqual(load(FLAT, stages([0])).format, "compute_only")
        for given in (None, True):
            self.assertEqual(load(COMMS, stages([1], rank=1), with_comms=given).format, "compute_comms")

    def test_stages_are_told_where_all_stand(self):
        built = stages([0, 3], count=4)
        schedule = load(V, built, rank_of_stage={0: 0, 1: 1, 2: 1, 3: 0})
        self.assertEqual([schedule.stage_index_to_group_rank] + [stage.stage_index_to_group_rank for stage in built], [{0: 0, 1: 1, 2: 1, 3: 0}] * 3)

    def test_what_does_not_go_together_is_refused_with_what_to_change(self):
        for rows, built, more, error, told in (
            (FLAT, stages([0]), {"with_comms": True}, pytorch_csv.FormatError, "set with_comms=False"),
            (COMMS, stages([0]), {"with_comms": False}, pytorch_csv.FormatError, "set with_comms=True"),
            (["device,lane,op", "0,compute,forward"], stages([0]), {}, pytorch_csv.FormatError, "format=pytorch"),
            ([row.replace(",%dREDUCE_GRAD" % rank, "") for rank, row in enumerate(COMMS)], stages([0]), {}, pytorch_csv.VersionError, "version="),
            (V, stages([0, 2], count=4), {}, pytorch_csv.StagesError, "placement.ranksOfStages"),
            (V, stages([3, 0], count=4), {}, pytorch_csv.StagesError, "ascending"),
            (V, stages([0, 3], count=4), {"rank_of_stage": {0: 0, 1: 1, 2: 0, 3: 1}}, pytorch_csv.StagesError, "leave it out"),
            (FLAT, stages([0], ranks=4, count=4), {}, pytorch_csv.StagesError, "4 on 4"),
            (FLAT, [], {}, pytorch_csv.StagesError, "no stages"),
            (FLAT, stages([0]), {"microbatches": 4}, pytorch_csv.ActionsError, "n_microbatches is 4"),
            (["0F0,0B0,0B1,0F1", FLAT[1]], stages([0]), {}, pytorch_csv.ActionsError, "microbatch 1"),
            (["0F0,0F1,0B0,0B0", FLAT[1]], stages([0]), {}, pytorch_csv.ActionsError, "microbatch 0"),
            (["0F0,0F1,0B0,0I1", FLAT[1]], stages([0]), {}, pytorch_csv.ActionsError, "whole backward of microbatch 1"),
            ([FLAT[0], FLAT[1] + ",0F0"], stages([0]), {}, pytorch_csv.ActionsError, "on the ranks 0 and 1"),
        ):
            with self.subTest(told=told), self.assertRaisesRegex(error, told.replace(".", r"\.")):
                load(rows, built, **more)
        self.assertTrue(issubclass(pytorch_csv.VersionError, pytorch_csv.StreamError) and issubclass(pytorch_csv.StreamError, ValueError))

    def test_a_file_of_a_later_release_is_refused_by_an_earlier_one(self):
        pairs = ["0F0,(0F1;0B0)OVERLAP_F_B,0B1", FLAT[1]]
        for name, rows in (("REDUCE_GRAD", COMMS), ("OVERLAP_F_B", pairs)):
            known = getattr(schedules, name)
            delattr(schedules, name)
            try:
                with self.subTest(name), self.assertRaisesRegex(pytorch_csv.VersionError, "version="):
                    load(rows, stages([0]))
            finally:
                setattr(schedules, name, known)
            load(rows, stages([0]))

    def test_a_stage_may_end_in_a_view_though_its_backward_is_split(self):
        linear = torch.nn.Linear(4, 4, dtype=torch.float64)
        ends_in_view = torch.nn.Sequential(linear, torch.nn.Flatten(0))
        given = torch.rand(3, 4, dtype=torch.float64, requires_grad=True)
        expected = torch.autograd.grad(ends_in_view(given).square().sum(), given)[0]
        self.assertRaises(RuntimeError, ends_in_view(given).detach_)
        load(V, stages([1, 2], rank=1, count=4, module=ends_in_view))
        output = ends_in_view(given)
        told = torch.autograd.grad([output], [given], [2 * output.detach()])[0]
        output.detach_()
        self.assertTrue(torch.equal(told, expected))

    def test_a_stage_of_several_results_is_refused_where_its_backward_is_split(self):
        class Several(torch.nn.Module):
            def forward(self, value):
                return value, value + 1

        split, whole = Several(), Several()
        load(V, stages([1, 2], rank=1, count=4, module=split))
        with self.assertRaisesRegex(pytorch_csv.OutputError, "splitBackward: false"):
            split(torch.zeros(2))
        fused = [",".join(cell.replace("I", "B") for cell in row.split(",") if "W" not in cell) for row in V]
        load(fused, stages([1, 2], rank=1, count=4, module=whole))
        self.assertEqual(len(whole(torch.zeros(2))), 2)

    def test_shares_of_tied_gradients_are_summed_over_their_ranks(self):
        # In each of two steps every rank adds its share to the 10 that were there before; a rank that has none takes part all the same.
        told = processes.run(_tied, 2, {"shares": [(1, 2), (None, 2)]})
        self.assertEqual(told, [[10 + 3 + 3, 10 + 2 + 2]] * 2)


def _tied(rank, argument):
    return [_gradient(rank, shares[rank]) for shares in argument["shares"]]


def _gradient(rank, share):
    """Of a tied parameter after two steps."""
    embedding = torch.nn.Parameter(torch.zeros(()))
    embedding.grad = torch.tensor(10.0)

    def step(self, *args, target=None, losses=None, return_outputs=True, **kwargs):
        if share is not None:
            (embedding * share).backward()

    schedules.PipelineScheduleMulti.step = step
    schedule = load(FLAT, stages([rank], rank=rank), tied=[embedding])
    for _ in range(2):
        schedule.step()
    return embedding.grad.item()


if __name__ == "__main__":
    unittest.main()
