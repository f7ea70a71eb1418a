<?php
/** A ticket as admins see it, with what hooks add to it. */

define('ADMINAREA', true);
require __DIR__ . '/../init.php';
standin_page('Ticket', '<h1>Ticket</h1>' . implode('', run_hook('AdminAreaViewTicketPage', ['ticketid' => (int) $_GET['id']])));
