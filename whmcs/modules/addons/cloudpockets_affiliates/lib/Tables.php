<?php

namespace CloudPockets\Affiliates;

use WHMCS\Database\Capsule;

/** The addon's own tables in WHMCS's database. They stay when the addon is deactivated: they hold what is not sent yet. */
final class Tables
{
    /** What happened here and waits to be told; what was refused for ever stays with its code. */
    public const QUEUE = 'mod_cloudpockets_affiliates_queue';
    /** What the service asked for, under its key, so that nothing is done twice. */
    public const COMMANDS = 'mod_cloudpockets_affiliates_commands';
    /** Single facts: until when the service is left alone, whose panel was shown, which tokens were used. */
    public const STATE = 'mod_cloudpockets_affiliates_state';

    /** Makes what is not there yet; safe to call again. */
    public static function make(): void
    {
        self::once(self::QUEUE, static function ($table): void {
            $table->bigIncrements('id');
            $table->string('event_id', 150)->unique();
            $table->string('hook', 60);
            $table->longText('payload');
            $table->string('status', 10)->default('waiting')->index();
            $table->string('code', 60)->default('');
            $table->string('field', 120)->default('');
            $table->dateTime('created_at');
        });
        self::once(self::COMMANDS, static function ($table): void {
            $table->string('command_key', 150)->primary();
            $table->string('kind', 30);
            $table->text('answer')->nullable();
            $table->dateTime('begun_at');
        });
        self::once(self::STATE, static function ($table): void {
            $table->string('name', 150)->primary();
            $table->text('value');
        });
    }

    private static function once(string $name, callable $columns): void
    {
        if (!Capsule::schema()->hasTable($name)) {
            Capsule::schema()->create($name, $columns);
        }
    }
}
