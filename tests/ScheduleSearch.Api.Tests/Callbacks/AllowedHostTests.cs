using ScheduleSearch.Api.Callbacks;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Api.Tests.Callbacks;

public sealed class AllowedHostTests
{
    [Theory]
    [InlineData("launcher.example.org", "https://launcher.example.org/done", true)]
    [InlineData("launcher.example.org", "http://LAUNCHER.example.org", true)]
    [InlineData("launcher.example.org", "https://launcher.example.org:8443/", false)]
    [InlineData("launcher.example.org:8443", "https://launcher.example.org:8443/", true)]
    [InlineData("launcher.example.org:8443", "https://launcher.example.org/", false)]
    [InlineData("launcher.example.org", "https://example.org/", false)]
    [InlineData("*.example.org", "https://launcher.example.org/", true)]
    [InlineData("*.example.org", "https://a.b.example.org/", true)]
    [InlineData("*.example.org", "https://example.org/", false)]
    [InlineData("*.example.org", "https://badexample.org/", false)]
    [InlineData("10.0.0.7:8080", "http://10.0.0.7:8080/x", true)]
    [InlineData("127.0.0.1", "http://2130706433/", true)]
    [InlineData("[::1]:81", "http://[::1]:81/", true)]
    [InlineData("bücher.example", "https://xn--bcher-kva.example/", true)]
    public void A_host_admits_its_own_urls(string host, string url, bool isAdmitted) =>
        AllowedHost.TryParse(host)!.Admits(new Uri(url)).ShouldBe(isAdmitted);

    [Theory]
    [InlineData("")]
    [InlineData("*")]
    [InlineData("*.")]
    [InlineData("https://launcher.example.org")]
    [InlineData("launcher.example.org/path")]
    [InlineData("me@launcher.example.org")]
    [InlineData("launcher.example.org:99999")]
    public void What_is_no_host_is_refused(string host) => AllowedHost.TryParse(host).ShouldBeNull();
}
