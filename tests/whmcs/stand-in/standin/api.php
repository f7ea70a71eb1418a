<?php
/** The calls of the local API that an addon like this uses, with their documented parameters and answers. */

use WHMCS\Database\Capsule;

function localAPI($command, array $values = [], $admin = '')
{
    if ($command === 'DecryptPassword') {
        $kept = (string) $values['password2'];
        $isEncrypted = strpos($kept, 'enc:') === 0;
        return ['result' => 'success', 'password' => $isEncrypted ? base64_decode(substr($kept, 4)) : "\x93\x01\xff"];
    }
    Capsule::table('standin_calls')->insert(['command' => $command, 'request' => json_encode($values)]);
    $fault = Capsule::table('standin_faults')->where('command', $command)->first();
    if ($fault && $fault->kind === 'error') {
        return ['result' => 'error', 'message' => $fault->message];
    }
    $answer = ('standin_' . $command)($values);
    if ($fault && $fault->kind === 'dies') {
        // After it was done: as if the process had been ended before it could say so.
        Capsule::table('standin_faults')->where('command', $command)->delete();
        exit('ended');
    }
    return $answer;
}

function standin_error($message)
{
    return ['result' => 'error', 'message' => $message];
}

function standin_client($id)
{
    return Capsule::table('tblclients')->where('id', $id)->exists();
}

function standin_OpenTicket(array $values)
{
    if (!standin_client($values['clientid'] ?? 0)) {
        return standin_error('Client ID Not Found');
    }
    $department = Capsule::table('tblticketdepartments')->where('id', $values['deptid'] ?? 0)->value('name');
    if ($department === null) {
        return standin_error('Department ID not found');
    }
    $id = Capsule::table('tbltickets')->insertGetId([
        'tid' => (string) random_int(100000, 999999),
        'did' => $values['deptid'],
        'userid' => $values['clientid'],
        'title' => htmlspecialchars($values['subject'], ENT_QUOTES),
        'message' => htmlspecialchars($values['message'], ENT_QUOTES),
        'date' => date('Y-m-d H:i:s'),
    ]);
    run_hook('TicketOpen', [
        'ticketid' => $id, 'userid' => $values['clientid'], 'deptid' => $values['deptid'], 'deptname' => $department,
        'subject' => $values['subject'], 'message' => $values['message'], 'priority' => 'Medium',
    ]);
    return ['result' => 'success', 'id' => $id, 'tid' => "T$id", 'c' => 'abcdef'];
}

function standin_AddTicketReply(array $values)
{
    if (!Capsule::table('tbltickets')->where('id', $values['ticketid'] ?? 0)->exists()) {
        return standin_error('Ticket ID not found');
    }
    if (empty($values['clientid']) && empty($values['adminusername'])) {
        return standin_error('Name and email address are required if not a client');
    }
    Capsule::table('tblticketreplies')->insert([
        'tid' => $values['ticketid'], 'admin' => $values['adminusername'] ?? '', 'message' => $values['message'],
        'date' => date('Y-m-d H:i:s'),
    ]);
    return ['result' => 'success'];
}

function standin_SendEmail(array $values)
{
    if (!standin_client($values['id'] ?? 0)) {
        return standin_error('Client ID Not Found');
    }
    $smarty = standin_smarty(['client_name' => 'must not be filled in']);
    Capsule::table('tblemails')->insert([
        'userid' => $values['id'],
        'subject' => $smarty->fetch('string:' . $values['customsubject']),
        'message' => $smarty->fetch('string:' . $values['custommessage']),
        'date' => date('Y-m-d H:i:s'),
    ]);
    return ['result' => 'success'];
}

function standin_AddCredit(array $values)
{
    if (!standin_client($values['clientid'] ?? 0)) {
        return standin_error('Client ID Not Found');
    }
    if ((float) ($values['amount'] ?? 0) <= 0) {
        return standin_error('No Amount Provided');
    }
    Capsule::table('tblcredit')->insert([
        'clientid' => $values['clientid'], 'amount' => $values['amount'], 'description' => $values['description'],
        'date' => date('Y-m-d'),
    ]);
    Capsule::table('tblclients')->where('id', $values['clientid'])->increment('credit', (float) $values['amount']);
    return ['result' => 'success', 'newbalance' => Capsule::table('tblclients')->where('id', $values['clientid'])->value('credit')];
}
