using System.Buffers;
using System.Globalization;
using System.Text;
using System.Xml.Linq;
using ScheduleSearch.Core.Instructions.Pictures;
using ScheduleSearch.Core.Schedules;

namespace ScheduleSearch.Core.Tests.Instructions.Pictures;

/// <summary>A picture, read back.</summary>
internal sealed class Drawing
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    private Drawing(ReadOnlySpan<byte> bytes)
    {
        Bytes = bytes.Length;
        Root = XDocument.Parse(Encoding.UTF8.GetString(bytes)).Root!;
    }

    public int Bytes { get; }

    public XElement Root { get; }

    public double Width => Number(Root, "width");

    /// <summary>What can be pointed at and tells of operations.</summary>
    public List<XElement> Boxes => [.. Root.Descendants(Svg + "rect").Where(box => box.Element(Svg + "title") is not null)];

    /// <summary>The operations that boxes tell of, those that share one included.</summary>
    public int Operations => Boxes.Sum(box => box.Value.Contains(" operations, ", StringComparison.Ordinal)
        ? int.Parse(box.Value.Split(' ')[0], CultureInfo.InvariantCulture)
        : 1);

    public List<string> Texts => [.. Root.Descendants(Svg + "text").Select(text => text.Value)];

    /// <summary>The labels in boxes.</summary>
    public List<string> Labels => [.. Root.Descendants(Svg + "text").Where(text => (string?)text.Parent!.Attribute("pointer-events") == "none").Select(text => text.Value)];

    public List<string> Titles => [.. Root.Descendants(Svg + "title").Select(title => title.Value)];

    public IEnumerable<XElement> All(string name) => Root.Descendants(Svg + name);

    public static Drawing Of(Timeline timeline, PictureView? view = null, SearchFigures? figures = null)
    {
        var output = new ArrayBufferWriter<byte>();
        GanttPicture.Write(timeline, view ?? PictureView.Whole, figures, output);
        return new Drawing(output.WrittenSpan);
    }

    public static double Number(XElement element, string attribute) => double.Parse(element.Attribute(attribute)!.Value, CultureInfo.InvariantCulture);
}
