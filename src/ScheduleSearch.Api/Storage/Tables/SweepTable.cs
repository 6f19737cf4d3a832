using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace ScheduleSearch.Api.Storage.Tables;

/// <summary>The table of sweeps, which are deleted with their batches.</summary>
internal sealed class SweepTable : IEntityTypeConfiguration<SweepRow>
{
    public void Configure(EntityTypeBuilder<SweepRow> builder)
    {
        builder.ToTable("sweeps");
        builder.HasKey(sweep => sweep.Id);
        builder.HasOne<BatchRow>().WithOne().HasForeignKey<SweepRow>(sweep => sweep.Id).OnDelete(DeleteBehavior.Cascade);
        builder.Property(sweep => sweep.IdempotencyKey).HasMaxLength(MostKey);
        builder.Property(sweep => sweep.Caller).HasMaxLength(128);
        builder.Property(sweep => sweep.Digest).HasMaxLength(ScheduleId.Length);
        builder.HasIndex(sweep => new { sweep.Caller, sweep.IdempotencyKey }).IsUnique();
        builder.HasIndex(sweep => sweep.IsDone);
    }

    /// <summary>Most characters of an idempotency key.</summary>
    public const int MostKey = 255;
}
