namespace ScheduleSearch.Core.Instructions;

/// <summary>An instruction stream that must not be published: a defect of the lowering, never of a request.</summary>
/// <param name="message">The rule that is broken and where.</param>
public sealed class BrokenStreamException(string message) : InvalidOperationException(message);
