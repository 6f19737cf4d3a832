using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace ScheduleSearch.Api.Storage.Tables.Migrations.Postgres
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
                type: "character varying(128)",
                maxLength: 128,
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "Deaths",
                table: "schedules",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<DateTime>(
                name: "Due",
                table: "schedules",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "LeaseOwner",
                table: "schedules",
                type: "character varying(256)",
                maxLength: 256,
                nullable: true);

            migrationBuilder.AddColumn<DateTime>(
                name: "LeaseUntil",
                table: "schedules",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<bool>(
                name: "StopRequested",
                table: "schedules",
                type: "boolean",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<DateTime>(
                name: "WaitedUntil",
                table: "schedules",
                type: "timestamp with time zone",
                nullable: true);

            // Whoever waits for a row hears of its change, in whichever process the row was changed.
            migrationBuilder.Sql("""
                CREATE FUNCTION tell_of_schedule() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                    PERFORM pg_notify('schedulesearch_schedules', NEW."Id");
                    RETURN NULL;
                END $$;
                CREATE TRIGGER tell_of_new_schedule AFTER INSERT ON schedules
                    FOR EACH ROW EXECUTE FUNCTION tell_of_schedule();
                CREATE TRIGGER tell_of_changed_schedule AFTER UPDATE ON schedules
                    FOR EACH ROW WHEN (OLD."Revision" IS DISTINCT FROM NEW."Revision") EXECUTE FUNCTION tell_of_schedule();
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("""
                DROP TRIGGER tell_of_new_schedule ON schedules;
                DROP TRIGGER tell_of_changed_schedule ON schedules;
                DROP FUNCTION tell_of_schedule();
                """);

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
