using Microsoft.EntityFrameworkCore;

namespace ScheduleSearch.Api.Storage.Tables;

internal sealed class PostgresSchedulesContext(DbContextOptions<PostgresSchedulesContext> options) : SchedulesContext(options);
