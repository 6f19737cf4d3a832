using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace ScheduleSearch.Api.Storage.Tables.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class CreateSchedules : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "schedules",
                columns: table => new
                {
                    Id = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    Request = table.Column<string>(type: "TEXT", nullable: false),
                    Name = table.Column<string>(type: "TEXT", nullable: true),
                    Devices = table.Column<int>(type: "INTEGER", nullable: false),
                    Chunks = table.Column<int>(type: "INTEGER", nullable: false),
                    Placement = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    Microbatches = table.Column<int>(type: "INTEGER", nullable: false),
                    Objective = table.Column<string>(type: "TEXT", maxLength: 16, nullable: false),
                    Status = table.Column<string>(type: "TEXT", maxLength: 16, nullable: false),
                    AskedSeconds = table.Column<double>(type: "REAL", nullable: false),
                    AskedWork = table.Column<long>(type: "INTEGER", nullable: false),
                    AskedGap = table.Column<double>(type: "REAL", nullable: false),
                    Seed = table.Column<int>(type: "INTEGER", nullable: false),
                    SpentSeconds = table.Column<double>(type: "REAL", nullable: false),
                    SpentWork = table.Column<long>(type: "INTEGER", nullable: false),
                    SolveSeconds = table.Column<double>(type: "REAL", nullable: false),
                    ObjectiveTicks = table.Column<long>(type: "INTEGER", nullable: true),
                    BoundTicks = table.Column<long>(type: "INTEGER", nullable: true),
                    BoundName = table.Column<string>(type: "TEXT", nullable: true),
                    Gap = table.Column<double>(type: "REAL", nullable: true),
                    Method = table.Column<string>(type: "TEXT", nullable: true),
                    Makespan = table.Column<decimal>(type: "TEXT", nullable: true),
                    Span = table.Column<decimal>(type: "TEXT", nullable: true),
                    LowerBound = table.Column<decimal>(type: "TEXT", nullable: true),
                    Order = table.Column<byte[]>(type: "BLOB", nullable: true),
                    Failure = table.Column<string>(type: "TEXT", nullable: true),
                    Revision = table.Column<int>(type: "INTEGER", nullable: false),
                    Attempt = table.Column<int>(type: "INTEGER", nullable: false),
                    CreatedAt = table.Column<DateTime>(type: "TEXT", nullable: false),
                    UpdatedAt = table.Column<DateTime>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_schedules", x => x.Id);
                });

            migrationBuilder.CreateIndex(
                name: "IX_schedules_CreatedAt_Id",
                table: "schedules",
                columns: new[] { "CreatedAt", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_schedules_Devices_Microbatches",
                table: "schedules",
                columns: new[] { "Devices", "Microbatches" });

            migrationBuilder.CreateIndex(
                name: "IX_schedules_Status",
                table: "schedules",
                column: "Status");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "schedules");
        }
    }
}
