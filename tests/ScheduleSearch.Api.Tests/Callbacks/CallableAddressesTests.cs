using System.Net;
using Microsoft.Extensions.Options;
using ScheduleSearch.Api.Callbacks;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Api.Tests.Callbacks;

public sealed class CallableAddressesTests
{
    [Theory]
    [InlineData("93.184.215.14", true)]
    [InlineData("2606:2800:21f:cb07:6820:80da:af6b:8b2c", true)]
    [InlineData("127.0.0.1", false)]
    [InlineData("0.0.0.0", false)]
    [InlineData("10.1.2.3", false)]
    [InlineData("172.31.255.255", false)]
    [InlineData("172.32.0.1", true)]
    [InlineData("192.168.0.1", false)]
    [InlineData("169.254.169.254", false)]
    [InlineData("100.64.0.1", false)]
    [InlineData("224.0.0.1", false)]
    [InlineData("255.255.255.255", false)]
    [InlineData("::1", false)]
    [InlineData("::", false)]
    [InlineData("fe80::1", false)]
    [InlineData("fd00::1", false)]
    [InlineData("ff02::1", false)]
    [InlineData("::ffff:127.0.0.1", false)]
    [InlineData("::ffff:93.184.215.14", true)]
    [InlineData("64:ff9b::7f00:1", false)]
    [InlineData("2002:7f00:1::", false)]
    [InlineData("2001:db8::1", false)]
    public void Only_public_addresses_are_called(string address, bool isCalled) => Of().Admits(IPAddress.Parse(address)).ShouldBe(isCalled);

    [Fact]
    public void Networks_that_the_settings_name_are_called_too()
    {
        var addresses = Of("10.1.0.0/16", "fd00:1::/32");
        addresses.Admits(IPAddress.Parse("10.1.2.3")).ShouldBeTrue();
        addresses.Admits(IPAddress.Parse("::ffff:10.1.2.3")).ShouldBeTrue();
        addresses.Admits(IPAddress.Parse("fd00:1::5")).ShouldBeTrue();
        addresses.Admits(IPAddress.Parse("10.2.2.3")).ShouldBeFalse();
        addresses.Admits(IPAddress.Parse("127.0.0.1")).ShouldBeFalse();
    }

    private static CallableAddresses Of(params string[] networks) => new(Options.Create(new CallbackSettings { PrivateNetworks = networks }));
}
