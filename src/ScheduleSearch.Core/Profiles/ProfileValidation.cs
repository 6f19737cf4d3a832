using ScheduleSearch.Core.Features;
using ScheduleSearch.Core.Profiles.Members;

namespace ScheduleSearch.Core.Profiles;

/// <summary>Finds every offending member of a profile before anything is built from it.</summary>
internal static class ProfileValidation
{
    /// <summary>All offending members, in the order of the request; empty when the profile is a problem to solve.</summary>
    public static IReadOnlyList<ProfileError> Check(Profile profile, ProblemLimits limits, FeatureCatalogue features)
    {
        var errors = new List<ProfileError>();
        new PipelineCheck(profile, limits, features, errors).Run();
        // Arrays cannot be judged against a shape that is itself in doubt.
        if (errors.Count > 0) return errors;
        Check(CoreSections.Times);
        if (profile.Memory is not null) Check(CoreSections.Memory);
        if (errors.Count == 0) CheckFeatures(profile, features, errors);
        if (errors.Count == 0 && FaultOfScales(profile, features) is { } fault) errors.Add(fault);
        return errors;

        void Check(IProfileSection section) => section.Check(
            new SectionCheck(profile, section.Name, errors, errors.Count) { StagesAreStated = features.StatesStages(profile) });
    }

    /// <summary>Numbers are scaled in the form that problems have.</summary>
    private static ProfileError? FaultOfScales(Profile profile, FeatureCatalogue features)
    {
        var form = features.Canonical(profile);
        return ProblemScales.FaultOf(profile, features) ?? (ReferenceEquals(form, profile) ? null : ProblemScales.FaultOf(form, features));
    }

    /// <summary>What depends on other members is not judged as soon as any section of a feature has an error.</summary>
    private static void CheckFeatures(Profile profile, FeatureCatalogue features, List<ProfileError> errors)
    {
        foreach (var section in features.SectionsInId.Where(section => section.IsIn(profile))) section.Check(Of(section));
        var given = features.Sections.Where(section => section.IsIn(profile)).ToList();
        var names = given.ConvertAll(section => section.Name);
        foreach (var section in given) section.CheckAmongOthers(Of(section), names);

        SectionCheck Of(IProfileSection section) => new(profile, section.Name, errors, before: 0) { StagesAreStated = features.StatesStages(profile) };
    }
}
