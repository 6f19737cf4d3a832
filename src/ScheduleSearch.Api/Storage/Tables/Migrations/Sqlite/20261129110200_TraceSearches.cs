using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace ScheduleSearch.Api.Storage.Tables.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class TraceSearches : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "Trace",
                table: "schedules",
                type: "TEXT",
                maxLength: 55,
                nullable: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "Trace",
                table: "schedules");
        }
    }
}
