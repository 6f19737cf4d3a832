using Microsoft.AspNetCore.Components;
using ScheduleSearch.Api.Pages.Timeline;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Api.Tests.Pages;

/// <summary>What a timeline shows stands in the URL of its page.</summary>
public class TimelineStateTests
{
    private const string Page = "http://localhost/ui/compare?ids=a,b";

    private static readonly TimelineState Plain = new(null, null, null, Memory: false, Critical: false, "off");

    [Fact]
    public void What_is_put_into_the_URL_is_read_from_it_and_the_rest_of_it_stays()
    {
        foreach (var state in new[] { Plain, Plain with { From = 0.25, To = 1e6 }, new TimelineState(1, 2, 7, Memory: true, Critical: true, "cause") })
        {
            var uri = state.UriIn(new Place($"{Page}&begin=3&end=4&microbatch=1&memory=true&idle=phase"));
            TimelineState.Of(uri).ShouldBe(state);
            uri.ShouldStartWith(Page);
            Plain.UriIn(new Place(uri)).ShouldBe(Page);
        }
    }

    [Theory]
    [InlineData("begin=2&end=1")]
    [InlineData("begin=1")]
    [InlineData("begin=NaN&end=Infinity")]
    [InlineData("microbatch=-1&memory=1&critical=yes&idle=colour")]
    public void What_makes_no_sense_there_is_as_if_it_were_not(string query) => TimelineState.Of($"{Page}&{query}").ShouldBe(Plain);

    private sealed class Place : NavigationManager
    {
        public Place(string uri) => Initialize("http://localhost/", uri);
    }
}
