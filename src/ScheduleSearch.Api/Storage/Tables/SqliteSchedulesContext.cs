using Microsoft.EntityFrameworkCore;

namespace ScheduleSearch.Api.Storage.Tables;

internal sealed class SqliteSchedulesContext(DbContextOptions<SqliteSchedulesContext> options) : SchedulesContext(options);
