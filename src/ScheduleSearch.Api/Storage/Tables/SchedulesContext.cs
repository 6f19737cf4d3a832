using Microsoft.EntityFrameworkCore;

namespace ScheduleSearch.Api.Storage.Tables;

/// <summary>The tables. Each database has a context of its own, since each has its own migrations.</summary>
internal abstract class SchedulesContext(DbContextOptions options) : DbContext(options)
{
    public DbSet<ScheduleRow> Schedules => Set<ScheduleRow>();

    public DbSet<CallbackRow> Callbacks => Set<CallbackRow>();

    public DbSet<KeyRow> Keys => Set<KeyRow>();

    public DbSet<AskerRow> Askers => Set<AskerRow>();

    public DbSet<ChargeRow> Charges => Set<ChargeRow>();

    public DbSet<UsageRow> Usage => Set<UsageRow>();

    public DbSet<BatchRow> Batches => Set<BatchRow>();

    public DbSet<BatchItemRow> BatchItems => Set<BatchItemRow>();

    public DbSet<SweepRow> Sweeps => Set<SweepRow>();

    public DbSet<KeptScheduleRow> Kept => Set<KeptScheduleRow>();

    public DbSet<ReadinessRow> Readiness => Set<ReadinessRow>();

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        configurationBuilder.Properties<DateTime>().HaveConversion<UtcTime>();
        configurationBuilder.Properties<decimal>().HaveConversion<ShortestDecimal>();
    }

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        var row = modelBuilder.Entity<ScheduleRow>();
        row.ToTable("schedules");
        row.HasKey(schedule => schedule.Id);
        row.Property(schedule => schedule.Id).HasMaxLength(ScheduleId.Length);
        row.Property(schedule => schedule.Placement).HasMaxLength(32);
        row.Property(schedule => schedule.Objective).HasMaxLength(16);
        row.Property(schedule => schedule.Status).HasMaxLength(16);
        row.Property(schedule => schedule.Trace).HasMaxLength(55);
        row.Property(schedule => schedule.Caller).HasMaxLength(128);
        row.Property(schedule => schedule.LeaseOwner).HasMaxLength(256);
        row.HasIndex(schedule => new { schedule.CreatedAt, schedule.Id });
        row.HasIndex(schedule => schedule.Status);
        row.Property(schedule => schedule.Kin).HasMaxLength(ScheduleId.Length);
        row.HasIndex(schedule => schedule.Kin);
        row.HasIndex(schedule => new { schedule.Devices, schedule.Microbatches });
        modelBuilder.ApplyConfiguration(new CallbackTable());
        modelBuilder.Entity<KeyRow>().ToTable("keys").HasKey(key => key.Id);
        modelBuilder.Entity<AskerRow>().ToTable("askers").HasKey(asker => new { asker.KeyId, asker.ScheduleId });
        modelBuilder.Entity<ChargeRow>().ToTable("charges").HasKey(charge => new { charge.Caller, charge.ScheduleId });
        modelBuilder.Entity<UsageRow>().ToTable("usage").HasKey(usage => usage.Caller);
        var batches = new BatchTable();
        modelBuilder.ApplyConfiguration<BatchRow>(batches);
        modelBuilder.ApplyConfiguration<BatchItemRow>(batches);
        modelBuilder.ApplyConfiguration(new SweepTable());
        modelBuilder.ApplyConfiguration(new KeptScheduleTable());
        modelBuilder.ApplyConfiguration(new ReadinessTable());
    }
}
