<?php

namespace CloudPockets\Affiliates;

use WHMCS\Database\Capsule;

/** What is told of clients: who they are and whose link brought them, and nothing else of what WHMCS knows. */
final class Clients
{
    public static function addedId(int $id): string
    {
        return "client-$id-added";
    }

    /** @param array $vars of the hook ClientAdd, a password among them that goes nowhere */
    public static function added(array $vars): void
    {
        $id = (int) ($vars['client_id'] ?? $vars['userid'] ?? 0);
        $told = self::identity($id) ?? [
            'firstname' => Text::plain($vars['firstname'] ?? ''),
            'lastname' => Text::plain($vars['lastname'] ?? ''),
            'email' => Text::plain($vars['email'] ?? ''),
        ];
        $told += ['client_id' => $id, 'user_id' => (int) ($vars['user_id'] ?? 0)];
        // A client whom staff add did not come by a link, whatever their own browser has in its cookies.
        if (!defined('ADMINAREA')) {
            $told += ['cookie' => Visitor::cookies(), 'ip' => Visitor::address()] + array_filter(['visits' => Later::visits()]);
        }
        Delivery::report('ClientAdd', self::addedId($id), $told);
    }

    public static function edited(int $id): void
    {
        $client = Capsule::table('tblclients')->where('id', $id)->first();
        if ($client !== null) {
            $told = ['userid' => $id, 'status' => $client->status, 'language' => (string) $client->language];
            Delivery::report('ClientEdit', "client-$id-edited-" . uniqid(), $told + self::identity($id));
        }
    }

    /** @return array|null by what a client is known, and known again; null for one that is not there */
    public static function identity(int $id): ?array
    {
        $columns = ['firstname', 'lastname', 'email', 'address1', 'postcode', 'country'];
        $client = Capsule::table('tblclients')->where('id', $id)->first($columns);
        return $client === null ? null : array_map([Text::class, 'plain'], (array) $client);
    }

    /** @return array what a panel for staff is shown with: by it a person is known who has two accounts */
    public static function facts(int $id): array
    {
        $client = Capsule::table('tblclients')->where('id', $id)->first(['email', 'language', 'status']);
        $facts = $client === null ? [] : array_map([Text::class, 'plain'], (array) $client);
        $owner = Guard::run('Looking for an owner', static function () use ($id) {
            return Capsule::table('tblusers_clients')->where('client_id', $id)->where('owner', 1)->value('auth_user_id');
        });
        return $facts + ['user_id' => (int) $owner];
    }

    /** The currency of a client's account, as an ISO code; '' for a client that is not there. */
    public static function currency(int $id): string
    {
        return (string) Capsule::table('tblclients')->join('tblcurrencies', 'tblcurrencies.id', '=', 'tblclients.currency')
            ->where('tblclients.id', $id)->value('tblcurrencies.code');
    }

    /** The client who is signed in; 0 for nobody. */
    public static function signedIn(): int
    {
        if (class_exists('WHMCS\Authentication\CurrentUser')) {
            $client = (new \WHMCS\Authentication\CurrentUser())->client();
            return $client ? (int) $client->id : 0;
        }
        return (int) ($_SESSION['uid'] ?? 0);
    }
}
