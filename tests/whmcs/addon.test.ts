/** The addon as a package: every file of it is PHP, what is generated is up to date, and a zip is a zip. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ADDON, generatedFiles } from '../../scripts/whmcs-generate';
import { packageAddon } from '../../scripts/whmcs-package';
import { describeSettings } from '../../module/settings';
import { describeWith, PHP } from '../support/programs';

const files = readdirSync(ADDON, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.php'))
  .sort();

describe('What is generated for the addon', () => {
  it.each([...generatedFiles()])('%s is as npm run whmcs:generate writes it', (file, content) => {
    expect(readFileSync(join(ADDON, file), 'utf8')).toBe(content);
  });

  it('has a field for every setting, whose texts are no HTML', () => {
    const form = generatedFiles().get('lib/form.php') ?? '';
    for (const { name } of describeSettings()) expect(form).toContain(`        '${name}' => [`);
    expect(form).not.toMatch(/'(FriendlyName|Description)' => '[^\n]*[<&]/);
  });
});

describe('The package', () => {
  it('is the same, byte by byte, when it is made again', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'affiliates-zip-'));
    const digest = async () =>
      createHash('sha256')
        .update(readFileSync(await packageAddon(folder)))
        .digest('hex');
    expect(await digest()).toBe(await digest());
    rmSync(folder, { recursive: true });
  });

  it('gives another time to every other content, by which OPcache sees an upgrade, and none to come', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'affiliates-zip-'));
    expect(spawnSync('unzip', ['-q', await packageAddon(folder), '-d', folder]).status).toBe(0);
    const unpacked = files.map((file) => {
      const path = join(folder, 'modules/addons/cloudpockets_affiliates', file);
      return { content: readFileSync(path, 'utf8'), time: statSync(path).mtimeMs };
    });
    const different = (values: readonly (number | string)[]) => new Set(values).size;
    expect(different(unpacked.map(({ time }) => time))).toBe(
      different(unpacked.map(({ content }) => content)),
    );
    expect(Math.max(...unpacked.map(({ time }) => time))).toBeLessThan(Date.UTC(2020, 0, 2));
    rmSync(folder, { recursive: true });
  });
});

describeWith(PHP, 'Each file of the addon', () => {
  const php = (...words: string[]) => {
    const { stdout, stderr } = spawnSync('php', words, { encoding: 'utf8' });
    return `${stdout}${stderr}`;
  };

  it('is PHP', () => {
    const answers = files.map((file) => php('-l', join(ADDON, file)));
    expect(answers.filter((answer) => !answer.startsWith('No syntax errors'))).toEqual([]);
  });

  it('is short enough to be read at one sitting', () => {
    const lines = files
      .filter((file) => !generatedFiles().has(file))
      .map((file) => readFileSync(join(ADDON, file), 'utf8').split('\n').length);
    expect(Math.max(...lines)).toBeLessThanOrEqual(150);
    expect(lines.reduce((sum, count) => sum + count, 0)).toBeLessThan(2500);
  });

  it('cannot be opened by its address, but the one that checks a token', () => {
    const open = files.filter((file) => !/^(lib|lang)\/|^reconcile\.php$/.test(file));
    for (const file of open) expect(php(join(ADDON, file))).toBe('This file cannot be accessed directly');
  });
});
