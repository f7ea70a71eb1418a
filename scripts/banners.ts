/**
 * Draws the stock banners: every SVG named in assets/banners/banners.json becomes a PNG of its size, because mail
 * and forum software seldom shows an SVG. Run with `npx tsx scripts/banners.ts` after changing an SVG; the PNGs are
 * committed, so that nobody needs a browser to install the module.
 */
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { chromium, type Browser } from 'playwright-core';
import { CHROMIUM, findBinary } from '../tests/support/programs';

interface Banner {
  readonly name: string;
  /** Pixels. */
  readonly width: number;
  readonly height: number;
}

const FOLDER = path.join(__dirname, '../assets/banners');
/** A banner is loaded by pages that are not ours to slow down. */
const MOST_BYTES = 60_000;

const bare = (content: string) =>
  `<!doctype html><style>body { margin: 0 } svg, canvas { display: block }</style>${content}`;

/**
 * Run in the page: paints the picture with its colours rounded to steps of 4. Chromium dithers gradients in the
 * lowest bits, which nobody sees but which makes the file half as large again.
 */
const paintRounded = (png: string) => `(async () => {
  const image = new Image();
  image.src = 'data:image/png;base64,${png}';
  await image.decode();
  const canvas = document.querySelector('canvas');
  const drawing = canvas.getContext('2d');
  drawing.drawImage(image, 0, 0);
  const pixels = drawing.getImageData(0, 0, canvas.width, canvas.height);
  pixels.data.forEach((value, i) => { pixels.data[i] = Math.round(value / 4) * 4; });
  drawing.putImageData(pixels, 0, 0);
})()`;

/** @throws Error when the picture is heavier than MOST_BYTES */
async function draw(browser: Browser, { name, width, height }: Banner): Promise<void> {
  const page = await browser.newPage({ viewport: { width, height } });
  await page.setContent(bare(await readFile(path.join(FOLDER, `${name}.svg`), 'utf8')));
  const dithered = await page.screenshot();
  await page.setContent(bare(`<canvas width="${width}" height="${height}"></canvas>`));
  await page.evaluate(paintRounded(dithered.toString('base64')));
  const png = await page.screenshot();
  await page.close();
  if (png.length > MOST_BYTES) throw new Error(`${name}.png would have ${png.length} of ${MOST_BYTES} bytes`);
  await writeFile(path.join(FOLDER, `${name}.png`), png);
  console.log(`${name}.png ${png.length} bytes`);
}

async function main(): Promise<void> {
  const banners = JSON.parse(await readFile(path.join(FOLDER, 'banners.json'), 'utf8')) as readonly Banner[];
  const executablePath = findBinary(CHROMIUM.binaries);
  if (!executablePath) throw new Error(`Chromium is not installed: ${CHROMIUM.install}`);
  const browser = await chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      '--no-first-run',
    ],
  });
  try {
    for (const banner of banners) await draw(browser, banner);
  } finally {
    await browser.close();
  }
}

void main();
