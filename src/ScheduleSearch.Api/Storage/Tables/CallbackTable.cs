using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace ScheduleSearch.Api.Storage.Tables;

/// <summary>The table of messages to be sent.</summary>
internal sealed class CallbackTable : IEntityTypeConfiguration<CallbackRow>
{
    public void Configure(EntityTypeBuilder<CallbackRow> builder)
    {
        builder.ToTable("callbacks");
        builder.HasKey(callback => callback.Id);
        builder.Property(callback => callback.ScheduleId).HasMaxLength(ScheduleId.Length);
        builder.HasIndex(callback => callback.ScheduleId);
        builder.HasIndex(callback => callback.DueAt);
    }
}
