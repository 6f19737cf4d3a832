using ScheduleSearch.Core.Features;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Solver.Portfolio;
using ScheduleSearch.Tests.Shared;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Solver.Tests.Portfolio;

public class SearchMethodCatalogueTests
{
    [Fact]
    public void No_method_searches_with_a_feature_that_nothing_has_been_shown_for()
    {
        var profile = Shape.Profile(devices: 4, microbatches: 8, limit: 3);
        SearchMethodCatalogue.For(Problem.Create(profile)).Count().ShouldBeGreaterThan(2);
        SearchMethodCatalogue.For(Problem.Create(profile, features: FeatureCatalogue.Default.With(new Unshown()))).ShouldBeEmpty();
    }

    private sealed class Unshown : IFeature
    {
        public string Name => "unshown";

        public string Member => "profile.unshown";

        public bool IsUsedBy(Problem problem) => true;
    }
}
