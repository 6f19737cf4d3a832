namespace ScheduleSearch.Api.Pages.Forms;

/// <summary>A request as its reader writes it, which may be no JSON for a while, over the draft that has what could be read of it last.</summary>
/// <param name="draft">The draft.</param>
public sealed class WrittenRequest(RequestDraft draft)
{
    private string? _text;

    /// <summary>The request as far as it could be read.</summary>
    public RequestDraft Draft { get; } = draft;

    /// <summary>What keeps the text from being a request; null when nothing does.</summary>
    public string? Unreadable { get; private set; }

    /// <summary>The text, digit by digit as it was written; that of the draft where nobody has written any since it was changed.</summary>
    public string Json
    {
        get => _text ?? Draft.Json;
        set
        {
            Unreadable = Draft.Read(value);
            _text = value;
        }
    }

    /// <summary>What is sent: the whole request where the text is one, and else the text, for the service to say what is wrong with it.</summary>
    public string Sent => Unreadable is null ? Draft.Json : Json;

    /// <summary>Takes over a request from elsewhere: one that is readable is laid out as the draft has it.</summary>
    public void Take(string json)
    {
        Json = json;
        if (Unreadable is null) Follow();
    }

    /// <summary>Has the text follow the draft, which somebody has changed.</summary>
    public void Follow() => (_text, Unreadable) = (null, null);
}
