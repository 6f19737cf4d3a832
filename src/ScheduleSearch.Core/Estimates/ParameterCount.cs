namespace ScheduleSearch.Core.Estimates;

/// <summary>Parameters of a model.</summary>
/// <param name="Total">All of them, shared ones once; layers for multi-token prediction included.</param>
/// <param name="Active">Those that a token meets: of routed experts only as many as it is sent to.</param>
public sealed record ParameterCount(decimal Total, decimal Active);
