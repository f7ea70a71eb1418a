<?php
/** Smarty, of the version that is asked for. Like WHMCS's it escapes nothing by itself. */

require '/usr/share/php/smarty' . (getenv('STANDIN_SMARTY') ?: '4') . '/Smarty.class.php';

function standin_smarty(array $vars): Smarty
{
    $smarty = new Smarty();
    $smarty->setCompileDir(sys_get_temp_dir() . '/standin-' . md5(ROOTDIR));
    $smarty->assign($vars);
    return $smarty;
}

function standin_page($title, $html)
{
    $style = '<style>body{font:16px/1.5 sans-serif;margin:1rem}.alert{padding:.5rem;border:1px solid #888}</style>';
    header('Content-Type: text/html; charset=utf-8');
    echo "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>$title</title>"
        . "<link rel=\"icon\" href=\"data:,\">$style</head><body><main>$html</main></body></html>";
}
