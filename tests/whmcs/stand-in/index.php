<?php
/** The client area: the home page with its panels, and the pages of addons. */

require __DIR__ . '/init.php';

run_hook('ClientAreaPage', ['filename' => 'index']);

if (isset($_GET['m'])) {
    require_once __DIR__ . '/modules/addons/cloudpockets_affiliates/cloudpockets_affiliates.php';
    $page = cloudpockets_affiliates_clientarea(['modulelink' => 'index.php?m=cloudpockets_affiliates', '_lang' => []]);
    if ($page['requirelogin'] && empty($_SESSION['uid'])) {
        standin_page('Login', '<h1>Login</h1>');
        exit;
    }
    $template = __DIR__ . "/modules/addons/cloudpockets_affiliates/templates/{$page['templatefile']}.tpl";
    standin_page(htmlspecialchars($page['pagetitle']), standin_smarty($page['vars'])->fetch($template));
    exit;
}

[$panels, $menu] = [new StandinMenuItem(), new StandinMenuItem()];
run_hook('ClientAreaHomepagePanels', $panels);
run_hook('ClientAreaPrimaryNavbar', $menu);
$html = '<h1>Home</h1><nav aria-label="Main"><ul>';
foreach ($menu->children as $name => $entry) {
    $html .= '<li><a href="' . htmlspecialchars($entry['uri']) . '">' . htmlspecialchars($entry['label']) . '</a></li>';
}
$html .= '</ul></nav>';
foreach ($panels->children as $name => $panel) {
    $html .= '<section><h2>' . htmlspecialchars($panel['label']) . '</h2>' . $panel['bodyHtml'] . '</section>';
}
standin_page('Home', $html);
