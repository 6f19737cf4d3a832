using ScheduleSearch.Core.Instructions.PyTorch;
using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Profiles.Json;
using ScheduleSearch.Core.Schedules;

namespace ScheduleSearch.Api.Schedules.Requests;

/// <summary>An order that somebody sent: as lists of operations, or as a CSV.</summary>
/// <param name="Problem">What is ordered.</param>
/// <param name="Devices">For each device its operations in order.</param>
/// <param name="Member">The member that has the order: <c>devices</c> or <c>csv</c>.</param>
internal sealed record ClaimedOrder(Problem Problem, ClaimedOperation[][] Devices, string Member)
{
    /// <summary>The members in which an order may be sent.</summary>
    public const string Lists = "devices", Csv = "csv";

    /// <summary>For each device its operations, those of pairs one after the other.</summary>
    public Operation[][] Operations { get; } = [.. Devices.Select(order => order.SelectMany(claim => claim.Operations).ToArray())];

    /// <summary>Reads the rows of a CSV; null, with errors, when a cell is wrong.</summary>
    /// <param name="csv">The member.</param>
    /// <param name="mostRows">Most devices.</param>
    /// <param name="most">Most operations.</param>
    /// <param name="errors">Where the errors are added.</param>
    public static ClaimedOperation[][]? ReadCsv(JsonValue csv, int mostRows, int most, List<ProfileError> errors)
    {
        var known = errors.Count;
        if (csv.Text(int.MaxValue) is not { } text) return null;
        var rows = PyTorchCsvOrder.Read(text, mostRows, most, $"$.{Csv}", errors);
        return errors.Count > known
            ? null
            : [.. rows.Select(row => row.Select(cell => new ClaimedOperation(cell.Operation, cell.Backward, null, null) { Cell = cell.Cell }).ToArray())];
    }

    /// <summary>Refuses an order that was sent in a form which cannot tell it.</summary>
    /// <exception cref="InvalidProfileException">422: no CSV names what the problem has.</exception>
    public ClaimedOrder Checked()
    {
        if (Member != Csv || PyTorchCsvOrder.WhyNot(Problem) is not { } reason) return this;
        var message = $"{reason} Send the order as {Lists} instead: for each device its operations, which name it, as answers list them.";
        throw new InvalidProfileException([new ProfileError($"$.{Csv}", message, ProfileErrorKind.Impossible)]);
    }

    /// <summary>Violations with the positions of what was sent: of the entries of a list, where a pair is one, or of the cells of a row.</summary>
    public IReadOnlyList<Violation> AsSent(IReadOnlyList<Violation> violations) =>
    [
        .. violations.Select(violation =>
            violation.Position < 0 ? violation : violation with { Position = EntryOf(Devices[violation.Device], violation.Position) }),
    ];

    /// <summary>A violation, as sent, as an error of the member that has it.</summary>
    public ProfileError ErrorOf(Violation violation)
    {
        var (rule, device, position, message) = violation;
        var place = position < 0 ? "" : $", cell {position}";
        return Member == Csv
            ? new ProfileError($"$.{Csv}", $"Row {device}{place} breaks {rule}: {message}", ProfileErrorKind.Impossible)
            : new ProfileError($"$.{Lists}{ItemOf(device)}{ItemOf(position)}", $"Breaks {rule}: {message}", ProfileErrorKind.Impossible);

        // Too many lists or too few are no fault of one of them.
        string ItemOf(int index) => index < 0 || Devices.Length != Problem.Devices ? "" : $"[{index}]";
    }

    private static int EntryOf(ClaimedOperation[] order, int position)
    {
        var entry = 0;
        for (; position >= (order[entry].Backward is null ? 1 : 2); entry++) position -= order[entry].Backward is null ? 1 : 2;
        return order[entry].Cell ?? entry;
    }
}
