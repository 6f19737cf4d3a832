using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace ScheduleSearch.Api.Storage.Tables;

/// <summary>The tables of batches and of their requests, which are deleted with them.</summary>
internal sealed class BatchTable : IEntityTypeConfiguration<BatchRow>, IEntityTypeConfiguration<BatchItemRow>
{
    public void Configure(EntityTypeBuilder<BatchRow> builder)
    {
        builder.ToTable("batches");
        builder.HasKey(batch => batch.Id);
        builder.HasIndex(batch => batch.CreatedAt);
    }

    public void Configure(EntityTypeBuilder<BatchItemRow> builder)
    {
        builder.ToTable("batch_items");
        builder.HasKey(item => new { item.BatchId, item.Index });
        builder.HasOne<BatchRow>().WithMany().HasForeignKey(item => item.BatchId).OnDelete(DeleteBehavior.Cascade);
        builder.Property(item => item.ScheduleId).HasMaxLength(ScheduleId.Length);
        builder.Property(item => item.Status).HasMaxLength(16);
        builder.HasIndex(item => item.ScheduleId);
        builder.HasIndex(item => new { item.Status, item.Index });
    }
}
