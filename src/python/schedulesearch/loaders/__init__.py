"""What lets a runtime read the streams of its format: a module for each, which imports that runtime and nothing else.

``pytorch_csv``: torch.distributed.pipelining. ``megatron_nodes``: the zero-bubble runtime of Megatron-LM. ``deepspeed_schedule``: DeepSpeed.
``jaxpp_schedule``: JaxPP. ``nnscaler_plan``: nnScaler.
"""
