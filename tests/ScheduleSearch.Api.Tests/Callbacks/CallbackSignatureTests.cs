using ScheduleSearch.Api.Callbacks;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Api.Tests.Callbacks;

public sealed class CallbackSignatureTests
{
    [Fact]
    public void A_message_is_signed_as_the_specifications_own_libraries_sign_it()
    {
        // The example of the Standard Webhooks libraries.
        var key = CallbackSignature.KeyOf("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")!;
        CallbackSignature.Of([key], "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, "{\"test\": 2432232314}")
            .ShouldBe("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
        CallbackSignature.Of([key, key], "a", 1, "").Split(' ').Length.ShouldBe(2);
    }

    [Theory]
    [InlineData("")]
    [InlineData("secret")]
    [InlineData("c2hvcnQ=")]
    [InlineData("not base64 at all, however long it may be")]
    public void A_weak_secret_is_none(string secret) => CallbackSignature.KeyOf(secret).ShouldBeNull();
}
