using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace ScheduleSearch.Api.Storage.Tables.Migrations.Postgres
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
                    Id = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    Request = table.Column<string>(type: "text", nullable: false),
                    Name = table.Column<string>(type: "text", nullable: true),
                    Devices = table.Column<int>(type: "integer", nullable: false),
                    Chunks = table.Column<int>(type: "integer", nullable: false),
                    Placement = table.Column<string>(type: "character varying(32)", maxLength: 32, nullable: false),
                    Microbatches = table.Column<int>(type: "integer", nullable: false),
                    Objective = table.Column<string>(type: "character varying(16)", maxLength: 16, nullable: false),
                    Status = table.Column<string>(type: "character varying(16)", maxLength: 16, nullable: false),
                    AskedSeconds = table.Column<double>(type: "double precision", nullable: false),
                    AskedWork = table.Column<long>(type: "bigint", nullable: false),
                    AskedGap = table.Column<double>(type: "double precision", nullable: false),
                    Seed = table.Column<int>(type: "integer", nullable: false),
                    SpentSeconds = table.Column<double>(type: "double precision", nullable: false),
                    SpentWork = table.Column<long>(type: "bigint", nullable: false),
                    SolveSeconds = table.Column<double>(type: "double precision", nullable: false),
                    ObjectiveTicks = table.Column<long>(type: "bigint", nullable: true),
                    BoundTicks = table.Column<long>(type: "bigint", nullable: true),
                    BoundName = table.Column<string>(type: "text", nullable: true),
                    Gap = table.Column<double>(type: "double precision", nullable: true),
                    Method = table.Column<string>(type: "text", nullable: true),
                    Makespan = table.Column<decimal>(type: "numeric", nullable: true),
                    Span = table.Column<decimal>(type: "numeric", nullable: true),
                    LowerBound = table.Column<decimal>(type: "numeric", nullable: true),
                    Order = table.Column<byte[]>(type: "bytea", nullable: true),
                    Failure = table.Column<string>(type: "text", nullable: true),
                    Revision = table.Column<int>(type: "integer", nullable: false),
                    Attempt = table.Column<int>(type: "integer", nullable: false),
                    CreatedAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    UpdatedAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
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
