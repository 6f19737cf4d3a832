using System.Net.Sockets;
using System.Text;
using ScheduleSearch.Api.Tests.Hosting;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Api.Tests.Faults;

/// <summary>Clients that break their connections, and what the service as a process says of it.</summary>
public sealed class LeavingClientTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("schedulesearch-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Who_leaves_is_no_error_of_the_service()
    {
        using var service = await ServiceProcess.StartAsync(_folder);
        for (var client = 0; client < 30; client++)
        {
            Leave(service, Head("/schedules/solve", 5000) + "{\"profile\"");
            Leave(service, Head("/schedules/verify", 5000, "Content-Encoding: gzip\r\n") + "\u001f");
            Leave(service, Head("/schedules/compare", 5000) + new string(' ', 4000));
            Leave(service, "GET /schedules HTTP/1.1\r\nHost: localhost\r\n\r\n");
            Leave(service, Head("/schedules/solve", 2) + "{}");
        }

        // A fault of the next client is logged, and so is by then what is logged of those before.
        (await service.PostAsync(Requests.Solve(microbatches: 3, seconds: 1), "wait=0"))["id"].ShouldNotBeNull();
        await Task.Delay(500);
        service.Lines.Where(line => line.Contains("fail:", StringComparison.Ordinal) || line.Contains("warn:", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_stands_beside_the_executable_holds_in_any_folder()
    {
        using var service = await ServiceProcess.StartAsync(_folder);
        (await service.Http.GetAsync("/schedules?unknown=1")).StatusCode.ShouldBe(System.Net.HttpStatusCode.BadRequest);
        // Requests are not logged, as the settings of the installation say.
        service.Lines.Where(line => line.Contains("Request starting", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    private static string Head(string path, int length, string more = "") =>
        $"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n{more}Content-Length: {length}\r\n\r\n";

    private static void Leave(ServiceProcess service, string sent)
    {
        using var socket = new TcpClient("127.0.0.1", service.Http.BaseAddress!.Port);
        socket.GetStream().Write(Encoding.Latin1.GetBytes(sent));
        // Closed without a farewell, the connection is reset.
        socket.LingerState = new LingerOption(true, 0);
    }
}
