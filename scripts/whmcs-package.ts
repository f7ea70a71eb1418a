/**
 * Makes the zip that a WHMCS operator unpacks in the folder of WHMCS: the addon with its generated files and the assets.
 * The same tree makes the same bytes. Run with `npm run whmcs:package`.
 */
import { createHash } from 'node:crypto';
import { createWriteStream, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { ZipFile } from 'yazl';
import { ADDON, generatedFiles } from './whmcs-generate';

const ROOT = path.join(__dirname, '..');
const INSIDE = 'modules/addons/cloudpockets_affiliates';

/** So that nothing of the machine and the hour is in the zip. */
const ENTRY = { mode: 0o100644, forceDosTimestamp: true };

/**
 * A time that is made of the content: PHP's OPcache knows by it alone that a file is another one, and would go on with the
 * old addon where every version had the same. Zips have local times of two seconds; those before four o'clock are left
 * out, as some do not exist in spring.
 */
function timeOf(content: Buffer): Date {
  const digest = createHash('sha256').update(content).digest();
  const [year, month, day, hour, minute, second] = [30, 12, 28, 20, 60, 30].map(
    (choices, index) => digest.readUInt32BE(index * 4) % choices,
  ) as [number, number, number, number, number, number];
  return new Date(1990 + year, month, 1 + day, 4 + hour, minute, second * 2);
}

/** @returns the files of the zip by their paths in it, in order */
function contents(): [string, Buffer][] {
  const ours = filesIn(ADDON).map((file) => [file, readFileSync(path.join(ADDON, file))] as const);
  const assets = path.join(ROOT, 'assets');
  const files = new Map<string, Buffer>([
    ...ours,
    ...filesIn(assets).map((file) => [`assets/${file}`, readFileSync(path.join(assets, file))] as const),
    // As the tables say now, whether or not they were written since.
    ...[...generatedFiles()].map(([file, content]) => [file, Buffer.from(content)] as const),
    ['LICENSE', readFileSync(path.join(ROOT, 'LICENSE'))],
  ]);
  return [...files]
    .map(([file, content]): [string, Buffer] => [`${INSIDE}/${file}`, content])
    .sort(([one], [other]) => (one < other ? -1 : 1));
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)).split(path.sep).join('/'));
}

/** Writes the zip. @returns its path in the folder */
export async function packageAddon(folder: string): Promise<string> {
  const { version } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as {
    version: string;
  };
  const file = path.join(folder, `cloudpockets_affiliates-${version}.zip`);
  mkdirSync(folder, { recursive: true });
  const zip = new ZipFile();
  for (const [name, content] of contents()) {
    zip.addBuffer(content, name, { ...ENTRY, mtime: timeOf(content) });
  }
  zip.end();
  await pipeline(zip.outputStream, createWriteStream(file));
  return file;
}

async function main(): Promise<void> {
  const file = await packageAddon(path.join(ROOT, 'dist-whmcs'));
  process.stdout.write(`${path.relative(process.cwd(), file)}\n`);
}

if (require.main === module) void main();
