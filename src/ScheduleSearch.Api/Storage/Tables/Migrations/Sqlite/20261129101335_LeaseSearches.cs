using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace ScheduleSearch.Api.Storage.Tables.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class LeaseSearches : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "Caller",
                table: "schedules",
                type: "TEXT",
                maxLength: 128,
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "Deaths",
                table: "schedules",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<DateTime>(
                name: "Due",
                table: "schedules",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "LeaseOwner",
                table: "schedules",
                type: "TEXT",
                maxLength: 256,
                nullable: true);

            migrationBuilder.AddColumn<DateTime>(
                name: "LeaseUntil",
                table: "schedules",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<bool>(
                name: "StopRequested",
                table: "schedules",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<DateTime>(
                name: "WaitedUntil",
                table: "schedules",
                type: "TEXT",
                nullable: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "Caller",
                table: "schedules");

            migrationBuilder.DropColumn(
                name: "Deaths",
                table: "schedules");

            migrationBuilder.DropColumn(
                name: "Due",
                table: "schedules");

            migrationBuilder.DropColumn(
                name: "LeaseOwner",
                table: "schedules");

            migrationBuilder.DropColumn(
                name: "LeaseUntil",
                table: "schedules");

            migrationBuilder.DropColumn(
                name: "StopRequested",
                table: "schedules");

            migrationBuilder.DropColumn(
                name: "WaitedUntil",
                table: "schedules");
        }
    }
}
