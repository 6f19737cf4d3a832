"""A stage on slices of a sequence, and its forward run twice."""

import copy
import unittest

import torch
from torch import nn

from schedulesearch.roundtrip.transformer import Shape, stages_of
from schedulesearch.runtime import Instruction, Key, Stage
from schedulesearch.runtime.data import Data, even
from schedulesearch.runtime.ends import Ends
from schedulesearch.runtime.iteration import Iteration
from schedulesearch.runtime.results import Results
from schedulesearch.runtime.tape import Slice

SHAPE = Shape(layers=2, hidden=8, sequence=9, batch=2, vocabulary=5, heads=2)


def square(output, target):
    return (output - target).square().mean()


def iteration(module, inputs, targets, slices=1, lengths=None):
    """Of a model of one stage."""
    stage = Stage(module, square, is_first=True)
    ends = Ends(Data(inputs, targets, slices, lengths, True, torch.device("cpu")))
    return Iteration(0, {(0, 0): stage}, [[0]], ends, Results(), NoTransfers(), None, False)


class NoTransfers:
    def finish(self):
        pass


class Slices(unittest.TestCase):
    def test_are_cut_as_evenly_as_can_be(self):
        self.assertEqual(even(9, 3), [3, 3, 3])
        self.assertEqual(even(11, 3), [4, 4, 3])

    def test_of_a_stage_that_works_by_position_need_no_keys(self):
        torch.manual_seed(1)
        module = nn.Sequential(nn.Linear(4, 4), nn.Tanh(), nn.LayerNorm(4)).double()
        inputs, targets = torch.randn(1, 2, 11, 4).double(), torch.randn(1, 2, 11, 4).double()
        expected = copy.deepcopy(module)
        square(expected(inputs[0]), targets[0]).backward()
        steps = [("forward", 0), ("forward", 1), ("backwardInput", 1), ("forward", 2)]
        with self.assertRaisesRegex(ValueError, "Rank 0: backwardInput of stage 0, microbatch 0, slice 1: .* it is the turn of slice 2"):
            iteration(module, inputs, targets, 3).run([Instruction(op, 0, 0, slice=part) for op, part in steps], [1 / 3] * 3)
        steps = [("forward", 0), ("forward", 1), ("forward", 2), ("backwardInput", 2), ("backward", 1), ("backwardWeight", 2), ("backward", 0)]
        iteration(module, inputs, targets, 3).run([Instruction(op, 0, 0, slice=part) for op, part in steps], [1 / 3] * 3)
        for parameter, other in zip(module.parameters(), expected.parameters()):
            torch.testing.assert_close(parameter.grad, other.grad, rtol=1e-12, atol=1e-12)

    def test_out_of_turn_are_refused(self):
        run = iteration(nn.Linear(4, 4), torch.randn(1, 2, 4, 4), torch.randn(1, 2, 4, 4), 2)
        with self.assertRaisesRegex(ValueError, "Rank 0: forward of stage 0, microbatch 0, slice 1: .* it is the turn of slice 0"):
            run.run([Instruction("forward", 0, 0, slice=1)], [0.5, 0.5])

    def test_of_other_lengths_are_refused(self):
        first = Instruction("forward", 0, 0, slice=0)
        for inputs, lengths in ((torch.randn(1, 2, 4, 4), [2, 3]), (torch.randn(1, 2, 1, 4), None), (torch.randn(1, 2), None)):
            with self.assertRaisesRegex(ValueError, "cannot be cut in dimension 1"):
                iteration(nn.Linear(4, 4), inputs, inputs, 2, lengths).run([first], [0.5, 0.5])
        with self.assertRaisesRegex(ValueError, "a target of slices needs tensors"):
            iteration(nn.Linear(4, 4), torch.randn(1, 2, 4, 4), [3], 2).run([first], [0.5, 0.5])

    def test_of_the_sample_model_see_all_earlier_ones(self):
        (module,) = stages_of(SHAPE, [2])
        tokens = torch.randint(SHAPE.vocabulary, (2, 9))
        first, past = module.forward_slice(tokens[:, :4], ())
        second, past = module.forward_slice(tokens[:, 4:], past)
        torch.testing.assert_close(torch.cat([first, second], 1), module(tokens))
        self.assertEqual([list(part.shape) for part in past], [[2, 2, 9, 4]] * 4)

    def test_hand_gradients_back_to_earlier_keys(self):
        (module,) = stages_of(SHAPE, [1])
        stage = Stage(module, is_first=True)
        tokens = torch.randint(SHAPE.vocabulary, (2, 9))
        _, first = stage.forward(tokens[:, :4], part=Slice())
        output, second = stage.forward(tokens[:, 4:], part=Slice(first.present))
        second.backward(torch.randn_like(output))
        self.assertEqual([part.shape for part in second.of_past], [part.shape for part in first.present])
        self.assertTrue(all(float(part.abs().max()) > 0 for part in second.of_past))


class RecomputedForwards(unittest.TestCase):
    def setUp(self):
        torch.manual_seed(1)
        self.module = nn.Sequential(nn.Linear(4, 16), nn.Dropout(0.5), nn.Linear(16, 4)).double()
        self.expected = copy.deepcopy(self.module)

    def test_draw_the_same_random_numbers(self):
        value, gradient = torch.randn(2, 3, 4).double()
        torch.manual_seed(2)
        output, tape = Stage(self.expected).forward(value)
        by_input, after = tape.backward(gradient), torch.rand(3)
        torch.manual_seed(2)
        stage = Stage(self.module)
        found, tape = stage.forward(value, only_input=True)
        torch.testing.assert_close(torch.rand(3), after)
        state = torch.get_rng_state()
        stage.recompute(tape)
        torch.testing.assert_close(torch.get_rng_state(), state)
        torch.testing.assert_close(found, output)
        torch.testing.assert_close(tape.backward(gradient), by_input)
        for parameter, other in zip(self.module.parameters(), self.expected.parameters()):
            torch.testing.assert_close(parameter.grad, other.grad)

    def test_hold_their_input_alone_until_then(self):
        stage = Stage(self.module)
        _, tape = stage.forward(torch.randn(3, 4).double(), count_bytes=True, only_input=True)
        self.assertEqual(tape.bytes(), 3 * 4 * 8)
        stage.recompute(tape)
        self.assertGreater(tape.bytes(), 3 * 16 * 8)

    def test_come_before_the_backward_and_once(self):
        for ops in (["forward", "backward", "recompute"], ["forward", "recompute", "recompute"], ["recompute"]):
            with self.assertRaisesRegex(ValueError, "does not follow"):
                iteration(self.module, torch.randn(1, 3, 4).double(), torch.randn(1, 3, 4).double()).run([Instruction(op, 0, 0) for op in ops])

    def test_are_recorded(self):
        run = iteration(self.module, torch.randn(1, 3, 4).double(), torch.randn(1, 3, 4).double())
        record = run.run([Instruction(op, 0, 0) for op in ("forward", "recompute", "backward")])
        self.assertEqual([[held.get(Key(0, 0, 0)) and held[Key(0, 0, 0)].name for held in record.held]], [["INPUT", "ALL", None]])
