/**
 * Makes the zip that a WHMCS operator unpacks in the folder of WHMCS: the addon with its generated files and the assets.
 * The same tree makes the same bytes. Run with `npm run whmcs:package`.
 */
import { createWriteStream, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { ZipFile } from 'yazl';
import { ADDON, generatedFiles } from './whmcs-generate';

const ROOT = path.join(__dirname, '..');
const INSIDE = 'modules/addons/cloudpockets_affiliates';

/** Every entry is alike, so that nothing of the machine and the hour is in the zip. */
const ENTRY = { mtime: new Date(1980, 0, 1), mode: 0o100644, forceDosTimestamp: true };

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
  for (const [name, content] of contents()) zip.addBuffer(content, name, ENTRY);
  zip.end();
  await pipeline(zip.outputStream, createWriteStream(file));
  return file;
}

async function main(): Promise<void> {
  const file = await packageAddon(path.join(ROOT, 'dist-whmcs'));
  process.stdout.write(`${path.relative(process.cwd(), file)}\n`);
}

if (require.main === module) void main();
