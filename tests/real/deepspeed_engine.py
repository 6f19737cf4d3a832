"""DeepSpeed's own schedule.py and the instructions of its own pipe engine, run by a thread for each stage on Debian's PyTorch."""

import abc
import ast
import collections
import functools
import operator
import queue
import threading
import types

import torch

from sources import module, part

PATIENCE = 20
_here = threading.local()


class Wire:
    """Sends and receives that block until both sides are there, in the turn in which each side posts them."""

    def __init__(self):
        self._sent = collections.defaultdict(lambda: queue.Queue(1))
        self._taken = collections.defaultdict(lambda: queue.Queue(1))

    def send(self, tensor, to):
        way = _here.stage, to
        self._sent[way].put(tensor.detach().clone(), timeout=PATIENCE)
        self._taken[way].get(timeout=PATIENCE)

    def recv(self, tensor, source):
        way = source, _here.stage
        tensor.copy_(self._sent[way].get(timeout=PATIENCE))
        self._taken[way].put(None)


class Base:
    """What the pipe engine inherits, for one process a stage."""

    def wall_clock_breakdown(self):
        return False

    def forward(self, *inputs):
        return self.module(*inputs)

    def backward(self, loss):
        (loss / self.micro_batches).backward()


def load(source):
    """The real schedule module and the real engine class."""
    utils = source.read("deepspeed/runtime/utils.py")
    schedule = module(
        "deepspeed.runtime.pipe.schedule", source.read("deepspeed/runtime/pipe/schedule.py"), ABC=abc.ABC, abstractmethod=abc.abstractmethod,
        call_to_str=_function(utils, "call_to_str"),
    )
    wire, text = Wire(), source.read("deepspeed/runtime/pipe/engine.py")
    # Names that nothing asks for which is run here stand for themselves.
    names = {name: name for name in _imported(text)}
    names.update(
        torch=torch, MethodType=types.MethodType, OrderedDict=collections.OrderedDict, reduce=functools.reduce, mul=operator.mul,
        DeepSpeedEngine=Base, schedule=schedule, p2p=types.SimpleNamespace(send=wire.send, recv=wire.recv),
        ds_checkpointing=types.SimpleNamespace(non_reentrant_checkpoint=None),
    )
    return schedule, module("deepspeed.runtime.pipe.engine", text, **names).PipelineEngine


def _function(text, name):
    space = {}
    exec(part(text, name), space)
    return space[name]


def _imported(text):
    return {alias.asname or alias.name for node in ast.parse(text).body if isinstance(node, (ast.Import, ast.ImportFrom)) for alias in node.names}


def run(schedule, engine_class, stages, microbatches):
    """Runs the installed training schedule; the largest difference of a gradient from that of one process, relative to the largest gradient."""
    torch.manual_seed(0)
    modules = [torch.nn.Sequential(torch.nn.Linear(6, 6), torch.nn.Tanh()).double() for _ in range(stages)]
    samples = [(torch.rand(3, 6, dtype=torch.float64), torch.rand(3, 6, dtype=torch.float64)) for _ in range(microbatches)]
    (sum(torch.nn.functional.mse_loss(torch.nn.Sequential(*modules)(given), label) for given, label in samples) / microbatches).backward()
    expected = [[parameter.grad.clone() for parameter in one.parameters()] for one in modules]
    for one in modules:
        one.zero_grad()
    engines = [_engine(engine_class, modules, stage, microbatches, samples) for stage in range(stages)]
    errors = []

    def work(stage):
        _here.stage = stage
        try:
            engines[stage]._exec_schedule(schedule.TrainSchedule(micro_batches=microbatches, stages=stages, stage_id=stage))
        except queue.Empty:
            errors.append("stage %d waits for ever" % stage)
        except Exception as error:
            errors.append("stage %d: %s" % (stage, error))

    threads = [threading.Thread(target=work, args=(stage,), daemon=True) for stage in range(stages)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(3 * PATIENCE)
    if errors:
        raise AssertionError("; ".join(errors))
    largest = max(float(gradient.abs().max()) for own in expected for gradient in own)
    return max(
        float((parameter.grad - gradient).abs().max()) / largest
        for one, own in zip(modules, expected) for parameter, gradient in zip(one.parameters(), own)
    )


def _engine(engine_class, modules, stage, microbatches, samples):
    nothing = lambda self, *given, **more: None
    kept = {name: nothing for name in ("_exec_optimizer_step", "_exec_reduce_grads", "_exec_reduce_tied_grads")}
    replaced = {getattr(engine_class, name): nothing for name in kept}
    mapped = {kind: replaced.get(action, action) for kind, action in engine_class._INSTRUCTION_MAP.items()}
    engine = object.__new__(type("Engine", (engine_class,), {**kept, "_INSTRUCTION_MAP": mapped}))
    module = modules[stage]
    module.loss_fn, module.get_additional_losses, module.activation_checkpoint_interval = torch.nn.functional.mse_loss, lambda: None, 0
    engine.__dict__.update(
        module=module, stage_id=stage, num_stages=len(modules), prev_stage=stage - 1, next_stage=stage + 1, micro_batches=microbatches, device="cpu",
        dynamic_shape=False, num_pipe_buffers=0, pipe_buffers={name: [] for name in ("inputs", "labels", "outputs", "output_tensors")},
        has_attention_mask=False, has_bool_tensors=False, is_pipe_partitioned=False, is_grad_partitioned=False, using_bf16_optimizer=False,
        eval_return_logits=False, loss=None, total_loss=None, total_additional_losses=None, pipe_recv_buf=None, grad_layer=None, _grad_layer_buf=[],
        meta_buffer=None, first_output_send=True, first_gradient_send=True, batch_fn=None, _compute_loss=True, optimizer=object(),
        tput_timer=types.SimpleNamespace(start=lambda: None, stop=lambda *_: None), data_iterator=iter(samples),
    )
    return engine


def control(schedule, engine_class):
    """What run() makes of three stages whose middle one receives an activation between a gradient and its backward: far off, or this sees nothing."""
    first = "LoadMicroBatch0 ForwardPass0 SendActivation0 LoadMicroBatch1 ForwardPass1 SendActivation1 RecvGrad0 BackwardPass0 RecvGrad1 BackwardPass1"
    middle = (
        "RecvActivation0 ForwardPass0 SendActivation0 RecvGrad0 RecvActivation1 BackwardPass0 SendGrad0 ForwardPass1 SendActivation1 RecvGrad1 "
        "BackwardPass1 SendGrad1"
    )
    last = "RecvActivation0 LoadMicroBatch0 ForwardPass0 BackwardPass0 SendGrad0 RecvActivation1 LoadMicroBatch1 ForwardPass1 BackwardPass1 SendGrad1"

    class Wrong(schedule.PipeSchedule):
        def steps(self):
            yield [getattr(schedule, told[:-1])(buffer_id=int(told[-1])) for told in (first, middle, last)[self.stage_id].split()]

        def num_pipe_buffers(self):
            return 2

    kept, schedule.TrainSchedule = schedule.TrainSchedule, Wrong
    try:
        return run(schedule, engine_class, 3, 2)
    finally:
        schedule.TrainSchedule = kept
