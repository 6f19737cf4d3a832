using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace ScheduleSearch.Api.Storage.Tables.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class AddBatches : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "batches",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    Count = table.Column<int>(type: "integer", nullable: false),
                    Caller = table.Column<string>(type: "text", nullable: true),
                    IsCanceled = table.Column<bool>(type: "boolean", nullable: false),
                    CreatedAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_batches", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "batch_items",
                columns: table => new
                {
                    BatchId = table.Column<Guid>(type: "uuid", nullable: false),
                    Index = table.Column<int>(type: "integer", nullable: false),
                    ScheduleId = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    Request = table.Column<string>(type: "text", nullable: true),
                    AskedSeconds = table.Column<double>(type: "double precision", nullable: false),
                    AskedWork = table.Column<long>(type: "bigint", nullable: false),
                    AskedGap = table.Column<double>(type: "double precision", nullable: false),
                    Seed = table.Column<int>(type: "integer", nullable: false),
                    CallbackUrl = table.Column<string>(type: "text", nullable: true),
                    CallbackReference = table.Column<string>(type: "text", nullable: true),
                    Status = table.Column<string>(type: "character varying(16)", maxLength: 16, nullable: false),
                    HasCaused = table.Column<bool>(type: "boolean", nullable: false),
                    Failure = table.Column<string>(type: "text", nullable: true),
                    SeenRevision = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_batch_items", x => new { x.BatchId, x.Index });
                    table.ForeignKey(
                        name: "FK_batch_items_batches_BatchId",
                        column: x => x.BatchId,
                        principalTable: "batches",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "IX_batch_items_ScheduleId",
                table: "batch_items",
                column: "ScheduleId");

            migrationBuilder.CreateIndex(
                name: "IX_batch_items_Status_Index",
                table: "batch_items",
                columns: new[] { "Status", "Index" });

            migrationBuilder.CreateIndex(
                name: "IX_batches_CreatedAt",
                table: "batches",
                column: "CreatedAt");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "batch_items");

            migrationBuilder.DropTable(
                name: "batches");
        }
    }
}
