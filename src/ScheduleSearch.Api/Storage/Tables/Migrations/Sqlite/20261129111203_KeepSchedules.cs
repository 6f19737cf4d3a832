using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace ScheduleSearch.Api.Storage.Tables.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class KeepSchedules : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "kept_schedules",
                columns: table => new
                {
                    Id = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    Revision = table.Column<string>(type: "TEXT", maxLength: 16, nullable: false),
                    ProblemId = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    RowRevision = table.Column<int>(type: "INTEGER", nullable: false),
                    RowCreatedAt = table.Column<DateTime>(type: "TEXT", nullable: false),
                    ObjectiveTicks = table.Column<long>(type: "INTEGER", nullable: false),
                    Method = table.Column<string>(type: "TEXT", nullable: false),
                    Order = table.Column<byte[]>(type: "BLOB", nullable: false),
                    KeptUntil = table.Column<DateTime>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_kept_schedules", x => new { x.Id, x.Revision });
                });

            migrationBuilder.CreateTable(
                name: "readiness",
                columns: table => new
                {
                    Id = table.Column<int>(type: "INTEGER", nullable: false),
                    WrittenAt = table.Column<DateTime>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_readiness", x => x.Id);
                });

            migrationBuilder.CreateIndex(
                name: "IX_kept_schedules_KeptUntil",
                table: "kept_schedules",
                column: "KeptUntil");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "kept_schedules");

            migrationBuilder.DropTable(
                name: "readiness");
        }
    }
}
