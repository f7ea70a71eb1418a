/**
 * The addon's PHP, looked through for what only shows when a line is run: `check/` does it, and is itself shown one
 * planted fault of each kind.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ADDON } from '../../scripts/whmcs-generate';
import { describeWith, PHP_PARSER } from '../support/programs';
import { scratchFolder } from '../support/scratch';

type Findings = Readonly<Record<string, readonly string[]>>;

function findingsIn(folder: string): Findings {
  const { stdout, stderr } = spawnSync('php', [join(__dirname, 'check/check.php'), folder], {
    encoding: 'utf8',
  });
  if (stderr) throw new Error(stderr);
  return JSON.parse(stdout) as Findings;
}

/** What the planted code may use. */
const OWN = `
namespace Planted;
final class Own extends \\RuntimeException {
    const SEEN = 1;
    private const HIDDEN = 2;
    public static $kept;
    private $own = 3;
    public function __construct(string $text) { parent::__construct($text); }
    public static function make(int $one, int $other = 2): self { return new self(self::HIDDEN . $one . $other); }
    public function text(string ...$more): string { return $this->getMessage() . $this->own . implode($more); }
    private static function hidden(): void {}
}
function helper($value) { return $value; }
`;

/** Line 3 of its file, and what is found of it. */
const FAULTS: readonly (readonly [code: string, finding: string])[] = [
  ['strpo("a", "b");', 'there is no strpo()'],
  ['str_contains("ab", "a");', 'there is no str_contains()'],
  ['helper();', 'helper() does not take 0 arguments'],
  ['trim("a", "b", "c");', 'trim() does not take 3 arguments'],
  ['logActivity();', 'logActivity() does not take 0 arguments'],
  ['new Other();', 'there is no class Planted\\Other'],
  ['new \\WeakMap();', 'there is no class WeakMap'],
  ['new Own();', 'Planted\\Own::__construct() does not take 0 arguments'],
  ['Own::mak(1);', 'there is no Planted\\Own::mak()'],
  ['Own::make();', 'Planted\\Own::make() does not take 0 arguments'],
  ['Own::hidden();', 'Planted\\Own::hidden() is private'],
  ['Own::text();', 'Planted\\Own::text() is not static'],
  ['Own::UNSEEN;', 'there is no constant Planted\\Own::UNSEEN'],
  ['Own::HIDDEN;', 'the constant Planted\\Own::HIDDEN is private'],
  ['Own::$lost;', 'there is no property Planted\\Own::lost'],
  ['class A { function a() { $this->b(); } }', 'there is no Planted\\A::b()'],
  ['class A { function a() { $this->b = 1; } }', 'there is no property Planted\\A::b'],
  ['class A extends B {}', 'there is no class Planted\\B'],
  ['try { helper(1); } catch (Fault $fault) {}', 'there is no class Planted\\Fault'],
  ['JSON_INVALID;', 'there is no constant JSON_INVALID'],
  ['function f($a) { return $b; }', 'nothing sets $b'],
  ['function f($a) { return function () use ($a, $c) { return $a; }; }', 'nothing sets $c'],
  ['match (1) { 1 => 2 };', 'match is newer than PHP 7.4'],
  ['Own::make(1)?->text();', '?-> is newer than PHP 7.4'],
  ['Own::make(one: 1);', 'a named argument is newer than PHP 7.4'],
  ['function f(int|string $a) {}', 'a union of types is newer than PHP 7.4'],
  ['function f(): mixed {}', 'the type mixed is newer than PHP 7.4'],
  ['class A { function __construct(public $a) {} }', 'a promoted property is newer than PHP 7.4'],
  ['class A { readonly int $a; }', 'readonly is newer than PHP 7.4'],
  ['$a ?? throw new Own("a");', 'throw as an expression is newer than PHP 7.4'],
  ['try { helper(1); } catch (Own) {}', 'a catch without a variable is newer than PHP 7.4'],
  ['enum A {}', 'enum is newer than PHP 7.4'],
  ['#[\\Deprecated] function f() {}', 'an attribute is newer than PHP 7.4'],
  ['helper(...);', 'a first-class callable is newer than PHP 7.4'],
  ['if (', 'Syntax error, unexpected EOF on line 4'],
];

/** What looks like a fault and is none. */
const SOUND = `
namespace Planted;
use WHMCS\\Database\\Capsule;
function sound(array $list) {
    [$a, [, $b]] = $list;
    foreach ($list as $key => ['x' => $c]) { $sum[$key] = $a + $b + $c; }
    preg_match('/a/', 'a', $found);
    static $times = 0;
    $add = static function ($d) use (&$times, &$late) { $times += $d; $late = 1; };
    $late = fn ($e) => $e + $a;
    try { Own::make(...$list); } catch (Own | \\TypeError $fault) { return $fault->text('a', 'b'); }
    Own::$kept = [helper($found), $sum, $add, $late, \\strlen('a'), Own::SEEN, Own::class, WHMCS];
    return Capsule::table('x')->where('y', 1)->anything() instanceof \\Illuminate\\Support\\Collection;
}
`;

describeWith(PHP_PARSER, 'The addon', () => {
  it('uses nothing that is not there, in PHP 7.4', () => {
    expect(findingsIn(ADDON)).toEqual({});
  });

  it('would not pass with a fault in it', () => {
    const folder = scratchFolder('affiliates-php');
    const write = (file: string, code: string) => {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), `<?php\n${code.trimStart()}\n`);
    };
    write('lib/Own.php', OWN);
    write('lib/sound.php', SOUND);
    FAULTS.forEach(([code], index) => write(`fault-${index}.php`, `namespace Planted;\n${code}`));
    const found = findingsIn(folder);
    rmSync(folder, { recursive: true });
    const told = FAULTS.map((_fault, index) =>
      found[`fault-${index}.php`]?.map((each) => each.replace(/^line 3: /, '')),
    );
    expect(told).toEqual(FAULTS.map(([, finding]) => [finding]));
    expect(Object.keys(found)).toHaveLength(FAULTS.length);
  });
});
