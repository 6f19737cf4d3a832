using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace ScheduleSearch.Api.Storage.Tables.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class AddSweeps : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "Kin",
                table: "schedules",
                type: "TEXT",
                maxLength: 64,
                nullable: true);

            migrationBuilder.CreateTable(
                name: "sweeps",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    Plan = table.Column<string>(type: "TEXT", nullable: false),
                    IdempotencyKey = table.Column<string>(type: "TEXT", maxLength: 255, nullable: true),
                    Caller = table.Column<string>(type: "TEXT", maxLength: 128, nullable: true),
                    Digest = table.Column<string>(type: "TEXT", maxLength: 64, nullable: true),
                    IsDone = table.Column<bool>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_sweeps", x => x.Id);
                    table.ForeignKey(
                        name: "FK_sweeps_batches_Id",
                        column: x => x.Id,
                        principalTable: "batches",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "IX_schedules_Kin",
                table: "schedules",
                column: "Kin");

            migrationBuilder.CreateIndex(
                name: "IX_sweeps_Caller_IdempotencyKey",
                table: "sweeps",
                columns: new[] { "Caller", "IdempotencyKey" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_sweeps_IsDone",
                table: "sweeps",
                column: "IsDone");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "sweeps");

            migrationBuilder.DropIndex(
                name: "IX_schedules_Kin",
                table: "schedules");

            migrationBuilder.DropColumn(
                name: "Kin",
                table: "schedules");
        }
    }
}
