<?php
/**
 * Looks for faults in PHP that only show when a line is run: `php check.php folder`. What a file may use is what the
 * folder declares, what PHP 7.4 has, and what WHMCS documents. Gives findings as JSON, by file.
 */

require '/usr/share/php/PhpParser/autoload.php';
require __DIR__ . '/Symbols.php';
require __DIR__ . '/OldSyntax.php';
require __DIR__ . '/Uses.php';
require __DIR__ . '/Variables.php';

use PhpParser\NodeTraverser;
use PhpParser\NodeVisitor\NameResolver;
use PhpParser\NodeVisitor\ParentConnectingVisitor;
use PhpParser\ParserFactory;

$folder = rtrim($argv[1], '/') . '/';
$parser = (new ParserFactory())->create(ParserFactory::ONLY_PHP7);
$resolve = new NodeTraverser();
$resolve->addVisitor(new NameResolver());
$resolve->addVisitor(new ParentConnectingVisitor());

$files = [];
$found = [];
foreach (new RecursiveIteratorIterator(new RecursiveDirectoryIterator($folder, FilesystemIterator::SKIP_DOTS)) as $file) {
    if ($file->getExtension() !== 'php') {
        continue;
    }
    $name = substr($file->getPathname(), strlen($folder));
    try {
        $files[$name] = $resolve->traverse($parser->parse(file_get_contents($file->getPathname())));
    } catch (PhpParser\Error $error) {
        $found[$name] = [$error->getMessage()];
    }
}

$symbols = new Symbols();
foreach ($files as $statements) {
    $symbols->declare($statements);
}
foreach ($files as $name => $statements) {
    $look = new NodeTraverser();
    $visitors = [new OldSyntax(), new Uses($symbols), new Variables()];
    foreach ($visitors as $visitor) {
        $look->addVisitor($visitor);
    }
    $look->traverse($statements);
    $all = array_merge(...array_column($visitors, 'found'));
    if ($all !== []) {
        $found[$name] = $all;
    }
}
ksort($found);
echo json_encode((object) $found);
