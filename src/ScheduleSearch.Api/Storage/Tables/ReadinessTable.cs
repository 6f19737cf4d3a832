using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace ScheduleSearch.Api.Storage.Tables;

/// <summary>The table of the one row that is written to learn whether the database can be written.</summary>
internal sealed class ReadinessTable : IEntityTypeConfiguration<ReadinessRow>
{
    /// <inheritdoc/>
    public void Configure(EntityTypeBuilder<ReadinessRow> builder)
    {
        builder.ToTable("readiness");
        builder.HasKey(row => row.Id);
        builder.Property(row => row.Id).ValueGeneratedNever();
    }
}
