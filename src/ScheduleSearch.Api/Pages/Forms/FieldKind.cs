namespace ScheduleSearch.Api.Pages.Forms;

/// <summary>How a member of a request is written in a form.</summary>
public enum FieldKind
{
    /// <summary>Text as it is.</summary>
    Text,

    /// <summary>One number.</summary>
    Number,

    /// <summary>Yes or no.</summary>
    Flag,

    /// <summary>One of some words.</summary>
    Choice,

    /// <summary>A number, several after each other, a word, or JSON.</summary>
    Values,
}
