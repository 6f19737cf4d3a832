using MudBlazor;

namespace ScheduleSearch.Api.Pages.Shell;

/// <summary>Colours and letters of the pages, light and dark.</summary>
internal static class PageTheme
{
    private static readonly string[] Fonts = ["Inter", "Segoe UI", "DejaVu Sans", "Helvetica", "Arial", "sans-serif"];

    public static MudTheme Theme { get; } = new()
    {
        PaletteLight = new PaletteLight
        {
            Primary = "#0b5cad",
            Secondary = "#8a4b08",
            Background = "#ffffff",
            Surface = "#ffffff",
            AppbarBackground = "#f6f8fa",
            AppbarText = "#1f2328",
            DrawerBackground = "#f6f8fa",
            TextPrimary = "#1f2328",
            TextSecondary = "#57606a",
        },
        PaletteDark = new PaletteDark
        {
            Primary = "#6cb2ff",
            Secondary = "#f0b072",
            Background = "#0d1117",
            Surface = "#161b22",
            AppbarBackground = "#161b22",
            AppbarText = "#e6edf3",
            DrawerBackground = "#161b22",
            TextPrimary = "#e6edf3",
            TextSecondary = "#9da7b3",
        },
        Typography = new Typography
        {
            Default = new DefaultTypography { FontFamily = Fonts, FontSize = "0.875rem" },
            Body1 = new Body1Typography { FontFamily = Fonts, FontSize = "0.9rem" },
        },
        LayoutProperties = new LayoutProperties { DefaultBorderRadius = "6px" },
    };
}
