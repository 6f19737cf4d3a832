using System.Buffers;
using System.Globalization;
using System.Text;

namespace ScheduleSearch.Core.Instructions;

/// <summary>Text written as UTF-8, the same in every culture.</summary>
internal static class Utf8Output
{
    public static void Append(this IBufferWriter<byte> output, ReadOnlySpan<char> text) => Encoding.UTF8.GetBytes(text, output);

    public static void AppendLine(this IBufferWriter<byte> output, FormattableString line)
    {
        output.Append(line.ToString(CultureInfo.InvariantCulture));
        output.Append("\n");
    }
}
