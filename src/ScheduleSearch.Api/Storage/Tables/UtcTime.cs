using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace ScheduleSearch.Api.Storage.Tables;

/// <summary>SQLite forgets that times are UTC.</summary>
internal sealed class UtcTime() : ValueConverter<DateTime, DateTime>(time => time, time => DateTime.SpecifyKind(time, DateTimeKind.Utc));
