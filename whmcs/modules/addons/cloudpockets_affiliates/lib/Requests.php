<?php

namespace CloudPockets\Affiliates;

use WHMCS\Database\Capsule;

/** Each kind of command as a call of WHMCS's local API, and the trace that it leaves. */
final class Requests
{
    /**
     * @return array|null the answer, with 'refused' for what will never be done; null where it may go better later
     */
    public static function carryOut(string $kind, array $request, string $key): ?array
    {
        switch ($kind) {
            case 'openTicket':
                return self::openTicket($request);
            case 'replyTicket':
                $call = ['ticketid' => (int) $request['ticketId'], 'message' => $request['message'], 'adminusername' => self::author()];
                return self::call('AddTicketReply', $call);
            case 'sendMail':
                $mail = ['id' => (int) $request['clientId'], 'customtype' => 'general'];
                $mail['customsubject'] = Text::smarty($request['subject']);
                $mail['custommessage'] = Text::smarty($request['html']);
                return self::call('SendEmail', $mail);
            case 'addCredit':
                return self::addCredit($request, $key);
            default:
                return ['refused' => "this version of the addon cannot do $kind"];
        }
    }

    /** @return array|null the answer of a command that was done before WHMCS could say so; null where it left no trace */
    public static function trace(string $kind, array $request, string $key, string $since): ?array
    {
        $client = (int) ($request['clientId'] ?? 0);
        switch ($kind) {
            case 'openTicket':
                $ticket = Capsule::table('tbltickets')->where('userid', $client)->where('date', '>=', $since)
                    ->whereIn('title', [$request['subject'], Text::html($request['subject'])])->value('id');
                return $ticket === null ? null : ['ticketId' => (string) $ticket];
            case 'replyTicket':
                $reply = Capsule::table('tblticketreplies')->where('tid', (int) $request['ticketId'])->where('date', '>=', $since)
                    ->whereIn('message', [$request['message'], Text::html($request['message'])]);
                return $reply->exists() ? [] : null;
            case 'sendMail':
                $mail = Capsule::table('tblemails')->where('userid', $client)->where('date', '>=', $since)
                    ->whereIn('subject', [$request['subject'], Text::html($request['subject'])]);
                return $mail->exists() ? [] : null;
            case 'addCredit':
                return self::creditOf($client, $key);
            default:
                return null;
        }
    }

    private static function openTicket(array $request): ?array
    {
        $department = Capsule::table('tblticketdepartments')->where('name', Text::html($request['department']))
            ->orWhere('name', $request['department'])->orWhere('id', $request['department'])->value('id');
        if ($department === null) {
            Guard::log("There is no ticket department \"{$request['department']}\": a ticket waits for it.");
            return null;
        }
        return self::call('OpenTicket', [
            'deptid' => $department,
            'clientid' => (int) $request['clientId'],
            'subject' => $request['subject'],
            'message' => $request['message'],
        ], static function (array $answer): array {
            return ['ticketId' => (string) $answer['id']];
        });
    }

    private static function addCredit(array $request, string $key): ?array
    {
        $client = (int) $request['clientId'];
        $currency = Clients::currency($client);
        if ($currency !== '' && $currency !== $request['currency']) {
            return ['refused' => "the client's account is kept in $currency"];
        }
        return self::call('AddCredit', [
            'clientid' => $client,
            // By its key it is found again, should this process be ended before WHMCS answers.
            'description' => $request['description'] . " [$key]",
            'amount' => $request['amount'],
            'type' => 'add',
        ], static function () use ($client, $key): array {
            return self::creditOf($client, $key) ?? ['reference' => $key];
        });
    }

    private static function creditOf(int $client, string $key): ?array
    {
        $id = Capsule::table('tblcredit')->where('clientid', $client)
            ->where('description', 'like', '%[' . addcslashes($key, '%_\\') . ']')->value('id');
        return $id === null ? null : ['reference' => "credit-$id"];
    }

    private static function call(string $name, array $request, ?callable $answerOf = null): ?array
    {
        $answer = localAPI($name, $request);
        if (($answer['result'] ?? '') === 'success') {
            return $answerOf === null ? [] : $answerOf($answer);
        }
        $message = (string) ($answer['message'] ?? 'no reason given');
        Guard::log("$name was not done: $message");
        // What is not there will not come back: "Client ID Not Found", "Ticket ID not found".
        return stripos($message, 'not found') === false ? null : ['refused' => substr($message, 0, 200)];
    }

    /** In whose name tickets are answered. */
    private static function author(): string
    {
        $chosen = Settings::get('ticketAdmin');
        if ($chosen !== '') {
            return $chosen;
        }
        return (string) Capsule::table('tbladmins')->where('disabled', 0)->orderBy('id')->value('username');
    }
}
