using FsCheck;
using FsCheck.Fluent;

namespace ScheduleSearch.Tests.Shared;

/// <summary>
/// What a property returns of a case that it draws. Only those that its law speaks of count towards <c>MaxTest</c>, and a property that sets more than
/// <c>MaxRejected</c> of the others aside fails, so that none passes without real cases.
/// </summary>
internal static class DrawnCase
{
    /// <summary>A case that the law speaks of, and for which it holds.</summary>
    public static Property Checked => Prop.ToProperty(true);

    /// <summary>A case that the law says nothing of.</summary>
    public static Property SetAside => Prop.When(true, false);
}
