/**
 * The programs of the machine that some tests need. A test that lacks one is skipped, and the run ends with one
 * line per missing program; with CI=true, where everything must be tested, it fails instead.
 */
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

export interface Program {
  /** What the names of the test groups that need it end with. */
  readonly suite: string;
  /** Any of these will do, the first found is taken. */
  readonly binaries: readonly string[];
  /** Absolute paths of what else must be there. */
  readonly files?: readonly string[];
  readonly install: string;
}

export const MARIADB: Program = {
  suite: 'on MariaDB',
  binaries: ['mariadbd', 'mysqld'],
  install: 'apt install mariadb-server',
};

export const CHROMIUM: Program = {
  suite: 'in Chromium',
  // The shell is the same engine without a window's furniture, and loads a page in a third of the time.
  binaries: ['chromium-headless-shell', 'chromium', 'chromium-browser', 'google-chrome'],
  install: 'apt install chromium-headless-shell',
};

/** With the libraries that WHMCS brings along: Capsule, and both versions of Smarty. */
export const PHP: Program = {
  suite: 'under PHP',
  binaries: ['php'],
  files: [
    '/usr/share/php/Illuminate/Database/autoload.php',
    '/usr/share/php/smarty3/Smarty.class.php',
    '/usr/share/php/smarty4/Smarty.class.php',
  ],
  install: 'apt install php-cli php-mysql php-curl php-illuminate-database smarty3 smarty4',
};

/** Reads PHP for tests that look through it. */
export const PHP_PARSER: Program = {
  suite: 'read by php-parser',
  binaries: ['php'],
  files: ['/usr/share/php/PhpParser/autoload.php'],
  install: 'apt install php-cli php-parser',
};

export const PYTHON: Program = {
  suite: 'in Python',
  binaries: ['python3'],
  install: 'apt install python3',
};

export const CURL: Program = {
  suite: 'with curl',
  binaries: ['curl'],
  install: 'apt install curl openssl',
};

export const NGINX: Program = {
  suite: 'in nginx',
  binaries: ['nginx'],
  install: 'apt install nginx-light',
};

export const SYSTEMD: Program = {
  suite: 'under systemd',
  binaries: ['systemd-analyze'],
  install: 'apt install systemd',
};

export const PROGRAMS = [MARIADB, CHROMIUM, PHP, PHP_PARSER, PYTHON, CURL, NGINX, SYSTEMD] as const;

export function isInstalled({ binaries, files = [] }: Program): boolean {
  return findBinary(binaries) !== undefined && files.every((file) => existsSync(file));
}

/** @returns the absolute path of the first of the binaries that the machine has. */
export function findBinary(names: readonly string[]): string | undefined {
  // Debian keeps servers in sbin, which is not on the PATH of everybody.
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin'].filter(
    Boolean,
  );
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find(isExecutable);
}

/** A `describe` for tests that need the program: skipped where it is missing, failing where nothing may be skipped. */
export function describeWith(program: Program, name: string, tests: () => void): void {
  const title = `${name} ${program.suite}`;
  if (isInstalled(program)) {
    describe(title, tests);
  } else if (process.env['CI'] === 'true') {
    describe(title, () => {
      it(`finds ${program.binaries.join(' or ')}`, () => {
        throw new Error(`None is installed, and with CI=true no test may be skipped: ${program.install}`);
      });
    });
  } else {
    describe.skip(title, tests);
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
