namespace ScheduleSearch.Api.Commands;

/// <summary>Why a command cannot do what it is asked, in a sentence for who asked.</summary>
internal sealed class CommandFault(string message) : Exception(message);
