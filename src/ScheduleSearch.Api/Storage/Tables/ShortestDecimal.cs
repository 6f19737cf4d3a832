using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Api.Storage.Tables;

/// <summary>SQLite adds zeros to decimals.</summary>
internal sealed class ShortestDecimal() : ValueConverter<decimal, decimal>(number => number, number => DecimalScale.Normalize(number));
