using ScheduleSearch.Core.Profiles.Members;

namespace ScheduleSearch.Core.Profiles;

/// <summary>
/// The content id of a problem. The canonical text holds pipeline, times and memory with their units, the sections of features, objective and
/// splitBackward; scalars are written as their arrays and numbers without trailing zeros. Name, budgets, gap and seed are no part of it. What a
/// problem does not have is no part of its text, so that ids stay what they are when features are added.
/// </summary>
internal static class ProblemIdentity
{
    public static string Of(Problem problem)
    {
        var text = new IdentityText();
        CoreSections.Pipeline.Identify(text, problem);
        return Digest(text, problem);
    }

    /// <summary>The id of the schedule of a family that is asked for by name: the problem's text with that name in it.</summary>
    public static string OfFamily(Problem problem, string family)
    {
        var text = new IdentityText();
        CoreSections.Pipeline.Identify(text, problem);
        return Digest(text, problem, family);
    }

    /// <summary>The id of somebody's own order of a problem: the problem's text with a digest of the order in it.</summary>
    public static string OfOrder(Problem problem, string digest)
    {
        var text = new IdentityText();
        CoreSections.Pipeline.Identify(text, problem);
        return Digest(text, problem, order: digest);
    }

    /// <summary>The id of a choice.</summary>
    /// <param name="finest">The problem on any placement of the largest number of chunks, or on the one that the profile states.</param>
    /// <param name="given">The profile as it was given.</param>
    /// <param name="scope">What the choice may take.</param>
    public static string OfChoice(Problem finest, Profile given, ChoiceScope scope)
    {
        var text = new IdentityText();
        if (PlacementChoice.IsPlacementOpen(given))
        {
            CoreSections.Pipeline.IdentifyShape(text, finest.Profile.Pipeline, PlacementChoice.Name);
            foreach (var section in finest.Catalogue.SectionsInId) section.IdentifyMerging(text, given);
        }
        else
        {
            CoreSections.Pipeline.Identify(text, finest);
        }

        if (!scope.Placements.IsEmpty) text.Line("placements", scope.Placements);
        if (!scope.Formats.IsEmpty) text.Line("formats", scope.Formats);
        if (scope.Runtime is { } runtime) text.Line("runtime", runtime);
        return Digest(text, finest);
    }

    /// <summary>Adds what follows the pipeline.</summary>
    private static string Digest(IdentityText text, Problem problem, string? family = null, string? order = null)
    {
        CoreSections.Times.Identify(text, problem);
        CoreSections.Memory.Identify(text, problem);
        foreach (var section in problem.Catalogue.SectionsInId) section.Identify(text, problem);
        if (family is not null) text.Line("family", family);
        if (order is not null) text.Line("order", order);
        text.Line("objective", problem.Objective.ToString());
        text.Line("splitBackward", problem.SplitBackward.ToString());
        problem.Robust?.Identify(text, problem.Stages);
        return text.Digest();
    }
}
