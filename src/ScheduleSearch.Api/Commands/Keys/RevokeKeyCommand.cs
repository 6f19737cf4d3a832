using System.CommandLine;
using ScheduleSearch.Api.Access;

namespace ScheduleSearch.Api.Commands.Keys;

/// <summary>Revokes a key: when the command ends, no process takes it any more.</summary>
internal sealed class RevokeKeyCommand : ServiceCommand
{
    private readonly Argument<string> _id = new("id") { Description = "The id of the key, as list prints it." };

    public RevokeKeyCommand(CommandHost host)
        : base(host, "revoke", "Revokes a key; what it asked for stays.")
    {
        // A whole key, given by mistake, is repeated nowhere.
        _id.Validators.Add(given =>
        {
            if (!ApiKey.IsId(given.GetValueOrDefault<string>())) given.AddError($"The id of a key has {ApiKey.IdLength} hex digits.");
        });
        Arguments.Add(_id);
    }

    protected override async Task RunAsync(ParseResult parsed, IServiceProvider services, TextWriter output, CancellationToken cancellation)
    {
        var id = parsed.GetRequiredValue(_id);
        var isRevoked = await services.GetRequiredService<KeyStore>().RevokeAsync(id, cancellation);
        services.GetRequiredService<AuditLog>().Tell("revoke key", id, isRevoked ? "revoked" : "refused, there is no such key");
        if (!isRevoked) throw new CommandFault($"There is no key {id}, or it is revoked already.");
        await Task.Delay(KeyRing.MostAge, cancellation);
        await output.WriteLineAsync($"Key {id} is revoked.");
    }
}
