<?php

namespace CloudPockets\Affiliates;

/** Our pieces of WHMCS's own pages: the widget, the menu entry, and the switch on a ticket and on a client's summary. */
final class Panels
{
    /** @param object $panels WHMCS's menu item that holds the panels of the home page */
    public static function widget(object $panels): void
    {
        $client = Clients::signedIn();
        if ($client === 0) {
            return;
        }
        $language = Language::ofClient($client);
        try {
            $shown = self::ask('ClientAreaHomepagePanels', ['userid' => $client], 'client', $language);
        } catch (Unavailable $down) {
            // Only whoever had a panel misses it.
            $shown = State::get("panel-$client") === '' ? [] : [self::stopgap($language)];
        }
        foreach ((array) $shown as $panel) {
            State::first("panel-$client", '1');
            $panels->addChild($panel['name'], array_diff_key($panel, ['name' => '']));
        }
    }

    /** @param object $menu WHMCS's main menu; the entry is the same for everybody, so nobody is asked for it */
    public static function navigation(object $menu): void
    {
        $client = Clients::signedIn();
        if ($client !== 0) {
            $label = Language::text('navigation.label', Language::ofClient($client));
            $menu->addChild('Affiliate Program', ['label' => $label, 'uri' => Pages::CLIENT_BASE, 'order' => 55]);
        }
    }

    public static function onTicket(int $ticketId): string
    {
        $client = (int) \WHMCS\Database\Capsule::table('tbltickets')->where('id', $ticketId)->value('userid');
        return self::forStaff('AdminAreaViewTicketPage', ['ticketid' => $ticketId], $client);
    }

    public static function onSummary(int $clientId): string
    {
        return self::forStaff('AdminAreaClientSummaryPage', [], $clientId);
    }

    private static function forStaff(string $point, array $about, int $client): string
    {
        $staff = Staff::signedIn();
        if ($staff === null || $client === 0 || !Staff::mayUse($staff)) {
            return '';
        }
        $about += ['userid' => $client, 'client' => Clients::facts($client)];
        try {
            $person = ['id' => $staff->id, 'name' => $staff->name];
            return (string) self::ask($point, $about, 'staff', $staff->language, ['staff' => $person]);
        } catch (Unavailable $down) {
            $sentence = Language::text('whmcs.unavailable', $staff->language);
            return '<div class="alert alert-warning">' . Text::html($sentence) . '</div>';
        }
    }

    /** @return mixed what the hook gives to be shown */
    private static function ask(string $point, array $about, string $area, string $language, array $more = [])
    {
        $payload = $about + ['page' => Pages::place($area, $language) + $more];
        return Service::ask('POST', "/pages/panels/$point", $payload, Patience::ofHook())['shown'] ?? null;
    }

    private static function stopgap(string $language): array
    {
        return [
            'name' => 'Affiliate Program',
            'label' => Language::text('navigation.label', $language),
            'icon' => 'fa-users',
            'order' => 150,
            'bodyHtml' => '<p>' . Text::html(Language::text('whmcs.unavailable', $language)) . '</p>',
        ];
    }
}
