<?php

namespace CloudPockets\Affiliates;

use WHMCS\Database\Capsule;

/** Who of the staff is signed in, and what they are told of the addon itself. */
final class Staff
{
    /** @return object|null id, name, language and role of the admin who is signed in */
    public static function signedIn(): ?object
    {
        $row = Capsule::table('tbladmins')->where('id', (int) ($_SESSION['adminid'] ?? 0))
            ->first(['id', 'username', 'firstname', 'lastname', 'language', 'roleid']);
        if ($row === null) {
            return null;
        }
        $name = trim(Text::plain("$row->firstname $row->lastname"));
        return (object) [
            'id' => (string) $row->id,
            'name' => $name === '' ? Text::plain($row->username) : $name,
            'language' => (string) $row->language ?: 'english',
            'role' => (string) $row->roleid,
        ];
    }

    /** Whether the admin's role was given access to the addon; its panels on other pages are for nobody else. */
    public static function mayUse(object $staff): bool
    {
        return in_array($staff->role, explode(',', Settings::get('access')), true);
    }

    /** The queue's buttons. @return bool whether one of them was pressed */
    public static function act(): bool
    {
        $action = (string) ($_POST['queue'] ?? '');
        if ($action === 'retry') {
            Queue::retry();
            Delivery::attempt(Patience::ofPage(true), 20);
        } elseif ($action === 'discard') {
            Queue::discard((int) ($_POST['id'] ?? 0));
        }
        return $action !== '';
    }

    /** What staff should know: a service that does not answer, events that wait or were refused, settings that do not hold. */
    public static function notices(string $language, string $link): string
    {
        $notices = [];
        $down = State::get('down');
        if ($down !== '') {
            $reason = Language::text("whmcs.down.$down", $language);
            $why = $reason === "whmcs.down.$down" ? $down : $reason;
            $notices[] = ['danger', Language::text('whmcs.down', $language, ['reason' => $why])];
        }
        $waiting = Queue::count('waiting');
        if ($waiting > 0) {
            $notices[] = ['info', Language::text('whmcs.waiting', $language, ['count' => $waiting])];
        }
        if (State::get('settings_problem') !== '') {
            $notices[] = ['danger', Language::text('whmcs.settings_problem', $language, ['problem' => State::get('settings_problem')])];
        }
        if (State::get('settings_overridden') !== '') {
            $names = ['names' => State::get('settings_overridden')];
            $notices[] = ['info', Language::text('whmcs.settings_overridden', $language, $names)];
        }
        if (Settings::ofWhmcs('AffiliateEnabled') === 'on') {
            $notices[] = ['warning', Language::text('whmcs.built_in', $language)];
        }
        $html = '';
        foreach ($notices as [$kind, $sentence]) {
            $html .= "<div class=\"alert alert-$kind\">" . Text::html($sentence) . '</div>';
        }
        return $html . self::refused($language, $link);
    }

    private static function refused(string $language, string $link): string
    {
        $rows = Queue::refused();
        if ($rows === []) {
            return '';
        }
        $say = static function (string $key) use ($language): string {
            return Text::html(Language::text($key, $language));
        };
        $form = '<form method="post" action="' . Text::html($link) . '">'
            . '<input type="hidden" name="token" value="' . Text::html(generate_token('plain')) . '">';
        $html = '<div class="panel panel-default"><div class="panel-heading">' . $say('whmcs.refused') . '</div>'
            . '<table class="table"><thead><tr><th>' . $say('whmcs.refused.when') . '</th><th>' . $say('whmcs.refused.what')
            . '</th><th>' . $say('whmcs.refused.why') . '</th><th></th></tr></thead><tbody>';
        foreach ($rows as $row) {
            $html .= '<tr><td>' . Text::html($row->created_at) . '</td><td>' . Text::html("$row->hook $row->event_id")
                . '</td><td>' . Text::html("$row->code $row->field") . '</td><td>' . $form
                . '<input type="hidden" name="id" value="' . (int) $row->id . '">'
                . '<button class="btn btn-default btn-sm" name="queue" value="discard">' . $say('whmcs.refused.discard')
                . '</button></form></td></tr>';
        }
        return $html . '</tbody></table><div class="panel-footer">' . $form
            . '<button class="btn btn-default" name="queue" value="retry">' . $say('whmcs.refused.retry') . '</button></form></div></div>';
    }
}
