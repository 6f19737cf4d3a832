using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace ScheduleSearch.Api.Storage.Tables;

/// <summary>The table of kept schedules.</summary>
internal sealed class KeptScheduleTable : IEntityTypeConfiguration<KeptScheduleRow>
{
    /// <inheritdoc/>
    public void Configure(EntityTypeBuilder<KeptScheduleRow> builder)
    {
        builder.ToTable("kept_schedules");
        builder.HasKey(kept => new { kept.Id, kept.Revision });
        builder.Property(kept => kept.Id).HasMaxLength(ScheduleId.Length);
        builder.Property(kept => kept.Revision).HasMaxLength(16);
        builder.Property(kept => kept.ProblemId).HasMaxLength(ScheduleId.Length);
        builder.HasIndex(kept => kept.KeptUntil);
    }
}
