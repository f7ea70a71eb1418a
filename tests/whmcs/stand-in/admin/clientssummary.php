<?php
/** A client's summary as admins see it, with what hooks add to it. */

define('ADMINAREA', true);
require __DIR__ . '/../init.php';
standin_page('Client', '<h1>Client</h1>' . implode('', run_hook('AdminAreaClientSummaryPage', ['userid' => (int) $_GET['userid']])));
