using ScheduleSearch.Core.Estimates.Devices;
using ScheduleSearch.Core.Profiles;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Core.Tests.Estimates;

/// <summary>What is wrong in a request is named by its path.</summary>
public class RequestTests
{
    [Theory]
    [InlineData("""{ "device": "H10" }""", "$.device", "Did you mean H100?")]
    [InlineData("""{ "device": { "preset": "A100", "efficiency": 2 } }""", "$.device.efficiency", "above 0 and at most 1")]
    [InlineData("""{ "device": { "flopsPerSecond": 1e15 } }""", "$.device.memory", "Is missing.")]
    [InlineData("""{ "sequence": 0 }""", "$.sequence", "from 1 to 16777216")]
    [InlineData("""{ "dtype": "int8" }""", "$.dtype", "\"fp32\", \"tf32\", \"bf16\", \"fp16\", \"fp8\"")]
    [InlineData("""{ "optimizer": { "sharding": "zero4" } }""", "$.optimizer.sharding", "zero3")]
    [InlineData("""{ "optimizer": { "gradientBytes": 3 } }""", "$.optimizer.gradientBytes", "1, 2, 4, 8")]
    [InlineData("""{ "moe": { "capacityFactor": 0 } }""", "$.moe.capacityFactor", "0.1 to 100")]
    [InlineData("""{ "model": { } }""", "$.model", "not a member here")]
    [InlineData("""{ "config": { "model_type": "llama" } }""", "$.config['hidden_size']", "Is missing.")]
    [InlineData("""{ "config": 5 }""", "$.config", "an object")]
    [InlineData("""{ "pipeline": { "devices": 4, "microbatches": 8, "placement": "v" } }""", "$.pipeline.placement", "linear")]
    [InlineData("""{ "pipeline": { "devices": 0, "microbatches": 8 } }""", "$.pipeline.devices", "at least 1")]
    public void It_is_malformed(string more, string path, string message) => ShouldBe(Models.Llama8, more, path, message, ProfileErrorKind.Malformed);

    [Theory]
    [InlineData("""{ "tensorParallel": 3 }""", "$.tensorParallel", "32 heads")]
    [InlineData("""{ "contextParallel": 3 }""", "$.contextParallel", "2048 tokens")]
    [InlineData("""{ "expertParallel": 2, "dataParallel": 2 }""", "$.expertParallel", "no experts")]
    [InlineData("""{ "device": "A100", "dtype": "fp8" }""", "$.dtype", "A100 has no products of")]
    [InlineData("""{ "moe": { "materialized": 1 } }""", "$.moe.materialized", "have 0 experts")]
    [InlineData("""{ "pipeline": { "devices": 100000, "microbatches": 8 } }""", "$.pipeline.devices", "at most 256")]
    public void It_is_impossible(string more, string path, string message) => ShouldBe(Models.Llama8, more, path, message, ProfileErrorKind.Impossible);

    [Theory]
    [InlineData("""{ "expertParallel": 4, "dataParallel": 2 }""", "dataParallel x contextParallel = 2")]
    [InlineData("""{ "expertParallel": 3, "dataParallel": 3 }""", "8 experts")]
    [InlineData("""{ "expertParallel": 4, "dataParallel": 4, "moe": { "dispatch": "all-reduce" } }""", "tensorParallel = 1")]
    public void Experts_need_devices(string more, string message) =>
        ShouldBe(Models.Mixtral, more, "$.expertParallel", message, ProfileErrorKind.Impossible);

    [Theory]
    [InlineData("""{ "expertParallel": 4, "dataParallel": 4, "moe": { "materialized": 7 } }""", "have 6 experts")]
    [InlineData("""{ "tensorParallel": 4, "expertParallel": 4, "moe": { "dispatch": "all-reduce", "materialized": 1 } }""", "have 0 experts")]
    public void No_more_experts_are_gathered_than_others_have(string more, string message) =>
        ShouldBe(Models.Mixtral, more, "$.moe.materialized", message, ProfileErrorKind.Impossible);

    [Fact]
    public void Members_of_a_configuration_are_named_as_it_names_them() => ShouldBe(
        Models.Llama8, """{ "config": { "hidden_size": 64, "num_hidden_layers": 1, "num_attention_heads": 4, "num_key_value_heads": 3, "vocab_size": 10 } }""",
        "$.config['num_key_value_heads']", "config['num_attention_heads']", ProfileErrorKind.Malformed);

    [Fact]
    public void A_configuration_of_another_type_is_read_with_a_warning() =>
        Models.Estimate(Models.Llama8.Replace("\"llama\"", "\"new\"", StringComparison.Ordinal)).Warnings
            .ShouldContain(warning => warning.StartsWith("config.model_type is not one of llama, mistral", StringComparison.Ordinal));

    [Fact]
    public void Own_numbers_stand_in_the_place_of_a_known_device()
    {
        var device = Models.Estimate(Models.Llama8, """{ "device": { "preset": "h200", "efficiency": 0.4 } }""").Device;
        (device.Name, device.Efficiency, device.Memory).ShouldBe(("H200", 0.4, 141));
    }

    [Fact]
    public void Known_devices_have_sources_and_shares() => DeviceCatalogue.All.ShouldAllBe(device =>
        device.Source!.Length > 0 && device.Efficiency > 0 && device.Efficiency <= 1 && device.FlopsWith(NumberType.Bf16) > device.FlopsWith(NumberType.Fp32));

    private static void ShouldBe(string model, string more, string path, string message, ProfileErrorKind kind)
    {
        var errors = Models.Errors(model, more);
        errors.ShouldContain(error => error.Path == path && error.Message.Contains(message, StringComparison.Ordinal) && error.Kind == kind,
            string.Join("\n", errors));
    }
}
