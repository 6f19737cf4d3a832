"""Gradients of a stage that one rank holds for both pipes."""

import unittest

import torch
from torch import nn

from schedulesearch.runtime import Instruction
from schedulesearch.runtime.replicas import Replicas

SUM = Instruction("allReduce", 0, ranks=(0, 0))


class ReplicasOnOneRank(unittest.TestCase):
    def summed(self, first, second, gradients):
        replicas = Replicas({(0, 0): first, (1, 0): second}, 0, None)
        with replicas.apart():
            for module, gradient in zip((first, second), gradients):
                module.weight.grad = gradient
            replicas.sum(SUM)

    def test_both_get_the_sum_beside_what_they_had(self):
        first, second = nn.Linear(2, 1), nn.Linear(2, 1)
        first.weight.grad, second.weight.grad = torch.tensor([[100.0, 200.0]]), torch.tensor([[10.0, 20.0]])
        self.summed(first, second, [torch.tensor([[1.0, 2.0]]), torch.tensor([[3.0, 4.0]])])
        self.assertEqual([first.weight.grad.tolist(), second.weight.grad.tolist()], [[[104, 206]], [[14, 26]]])
        self.assertEqual([first.bias.grad, second.bias.grad], [None, None])

    def test_a_module_that_serves_both_pipes_has_the_sum_already(self):
        module = nn.Linear(2, 1)
        self.summed(module, module, [torch.tensor([[1.0, 2.0]])])
        self.assertEqual(module.weight.grad.tolist(), [[1, 2]])

    def test_of_other_shapes_are_refused(self):
        with self.assertRaisesRegex(ValueError, "the two replicas have other parameters"):
            self.summed(nn.Linear(2, 1), nn.Linear(3, 1), [])

    def test_keep_what_they_had_when_an_iteration_fails(self):
        module = nn.Linear(2, 1)
        module.weight.grad = torch.ones(1, 2)
        with self.assertRaises(KeyError), Replicas({(0, 0): module}, 0, None).apart():
            self.assertIsNone(module.weight.grad)
            raise KeyError
        self.assertEqual(module.weight.grad.tolist(), [[1, 1]])
