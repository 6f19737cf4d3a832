"""The backward of a stage, cut in input and weight gradients."""

import copy
import unittest

import torch
from torch import nn
from torch.nn import functional

from schedulesearch.runtime import Stage


class Attention(nn.Module):
    """A unit whose inner layer is used without a call, called with one tensor three times."""

    def __init__(self):
        super().__init__()
        self.attention = nn.MultiheadAttention(8, 2, batch_first=True)

    def forward(self, value):
        return self.attention(value, value, value, need_weights=False)[0]


class Shared(nn.Module):
    """A layer called twice, a unit with nested inputs and outputs, tied weights, and a parameter of the stage's child used outside it."""

    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(7, 4)
        self.layer = nn.Linear(4, 4)
        self.recurrent = nn.LSTM(4, 4)

    def forward(self, tokens):
        value = self.layer(self.layer(self.embedding(tokens)))
        value, state = self.recurrent(value)
        value, state = self.recurrent(value, state)
        return functional.linear(value, self.embedding.weight)


class OwnParameter(nn.Module):
    """A stage that owns a parameter itself is one unit."""

    def __init__(self):
        super().__init__()
        self.layer = nn.Linear(4, 4)
        self.scale = nn.Parameter(torch.full((4,), 1.5))
        self.unused = nn.Linear(4, 4)

    def forward(self, value):
        return self.layer(value) * self.scale


class Frozen(nn.Sequential):
    """Some parameters have no gradient."""

    def __init__(self):
        super().__init__(nn.Linear(4, 4), nn.Tanh(), nn.Linear(4, 4), nn.Linear(4, 4))
        self[0].weight.requires_grad_(False)
        for parameter in self[2].parameters():
            parameter.requires_grad_(False)


def tokens():
    return torch.randint(7, (3, 2))


def numbers(*shape):
    return torch.randn(*shape, dtype=torch.float64)


CASES = {
    "in-place activation": (lambda: nn.Sequential(nn.Linear(4, 8), nn.ReLU(inplace=True), nn.Linear(8, 4)), lambda: numbers(3, 4)),
    "attention": (Attention, lambda: numbers(2, 5, 8)),
    "encoder layer": (lambda: nn.TransformerEncoderLayer(8, 2, 16, dropout=0.0, batch_first=True), lambda: numbers(2, 5, 8)),
    "shared and tied": (Shared, tokens),
    "own parameter": (OwnParameter, lambda: numbers(3, 4)),
    "frozen": (Frozen, lambda: numbers(3, 4)),
    "one layer": (lambda: nn.Linear(4, 2), lambda: numbers(3, 4)),
    "no parameters": (nn.Tanh, lambda: numbers(3, 4)),
}


class TheSplitBackward(unittest.TestCase):
    def each(self):
        for name, (module, value) in CASES.items():
            with self.subTest(name):
                torch.manual_seed(1)
                yield module().double(), value()

    def differentiated(self, module, value):
        """Output, gradient by the output, gradient by the input, with PyTorch's own backward."""
        value = value.clone().requires_grad_(value.is_floating_point())
        output = module(value)
        gradient = torch.randn_like(output)
        output.backward(gradient)
        return output, gradient, value.grad

    def assert_same_gradients(self, module, expected):
        for (name, parameter), other in zip(module.named_parameters(), expected.parameters()):
            self.assertEqual(parameter.grad is None, other.grad is None, name)
            if other.grad is not None:
                torch.testing.assert_close(parameter.grad, other.grad, rtol=1e-12, atol=1e-12)

    def test_gives_the_gradients_that_pytorch_gives(self):
        for module, value in self.each():
            expected = copy.deepcopy(module)
            output, gradient, by_input = self.differentiated(expected, value)
            found, tape = Stage(module, is_first=by_input is None).forward(value)
            torch.testing.assert_close(found, output.detach(), rtol=1e-12, atol=1e-12)
            found = tape.backward_input(gradient)
            tape.backward_weight()
            self.assertEqual(found is None, by_input is None)
            if by_input is not None:
                torch.testing.assert_close(found, by_input, rtol=1e-12, atol=1e-12)
            self.assert_same_gradients(module, expected)

    def test_fused_gives_the_same(self):
        for module, value in self.each():
            expected = copy.deepcopy(module)
            _, gradient, by_input = self.differentiated(expected, value)
            _, tape = Stage(module, is_first=by_input is None).forward(value)
            found = tape.backward(gradient)
            if by_input is not None:
                torch.testing.assert_close(found, by_input, rtol=1e-12, atol=1e-12)
            self.assert_same_gradients(module, expected)

    def test_accumulates_over_microbatches_in_any_order(self):
        module = nn.Sequential(nn.Linear(4, 4), nn.Tanh(), nn.Linear(4, 4)).double()
        expected, stage, tapes = copy.deepcopy(module), Stage(module), []
        for value in (numbers(3, 4), numbers(3, 4), numbers(3, 4)):
            _, gradient, _ = self.differentiated(expected, value)
            tapes.append((stage.forward(value)[1], gradient))
        for tape, gradient in tapes:
            tape.backward_input(gradient)
        for tape, _ in reversed(tapes):
            tape.backward_weight()
        self.assert_same_gradients(module, expected)

    def test_leaves_weight_gradients_to_the_weight_operation(self):
        module = nn.Sequential(nn.Linear(4, 4), nn.Tanh(), nn.Linear(4, 4))
        value = torch.randn(3, 4)
        output, tape = Stage(module).forward(value)
        tape.backward_input(torch.ones_like(output))
        self.assertTrue(all(parameter.grad is None for parameter in module.parameters()))
        tape.backward_weight()
        self.assertTrue(all(parameter.grad is not None for parameter in module.parameters()))

    def test_leaves_the_modules_as_they_were(self):
        module = nn.Sequential(nn.Linear(4, 4), nn.Tanh())
        Stage(module).forward(torch.randn(3, 4))
        self.assertNotIn("forward", vars(module[0]))
        self.assertTrue(module(torch.randn(3, 4)).requires_grad)


class WhatIsHeld(unittest.TestCase):
    """Doubles of 8 bytes in rows of 4 (a 96-byte batch of 3) and 8 (192 bytes)."""

    def test_is_freed_when_its_last_reader_has_run(self):
        module = nn.Sequential(nn.Linear(4, 8), nn.Sigmoid(), nn.Softmax(-1), nn.Linear(8, 4)).double()
        output, tape = Stage(module).forward(numbers(3, 4), count_bytes=True)
        # Input of the first layer, results of sigmoid and softmax; the second is the input of the last layer.
        self.assertEqual(tape.bytes(), 96 + 192 + 192)
        tape.backward_input(torch.ones_like(output))
        # Inputs of both layers and the gradients by their outputs: that of the sigmoid has gone.
        self.assertEqual(tape.bytes(), 96 + 192 + 192 + 96)
        tape.backward_weight()
        self.assertEqual(tape.bytes(), 0)

    def test_is_nothing_after_a_fused_backward(self):
        for name, (module, value) in CASES.items():
            with self.subTest(name):
                module, value = module().double(), value()
                output, tape = Stage(module, is_first=not value.is_floating_point()).forward(value, count_bytes=True)
                self.assertGreater(tape.bytes(), 0)
                tape.backward(torch.ones_like(output))
                self.assertEqual(tape.bytes(), 0)

    def test_is_no_output_that_nobody_needs(self):
        output, tape = Stage(nn.Linear(4, 8).double()).forward(numbers(3, 4), count_bytes=True)
        self.assertEqual(tape.bytes(), 96)

    def test_counts_no_data(self):
        data = torch.randint(7, (100, 3, 2))
        output, tape = Stage(nn.Embedding(7, 4), is_first=True).forward(data[5], count_bytes=True)
        self.assertEqual(tape.bytes(), 0)
