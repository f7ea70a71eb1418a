/**
 * Takes the picture in README.md: the affiliate page of the reference portal, as the affiliate with the longest
 * history sees it on a desk. Run with `npm run screenshot` after a change of the page; it needs Chromium.
 */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';
import { createPortal } from '../portal/app';
import { adjustableClock } from '../portal/clock';
import { makeHistory } from '../portal/history';
import { ACCOUNTS } from '../portal/history/plan';
import { CHROMIUM, findBinary } from '../tests/support/programs';

const FILE = path.join(__dirname, '../docs/images/affiliate-page.png');
/** A page of a repository should be read as soon as it is opened. */
const MOST_BYTES = 300_000;
const WIDTH = 1280;
/** As much as there is beside the content. */
const MARGIN = 16;
/** Under a name of its own the referral link looks as it would at a portal; Chromium is told where that is. */
const NAME = 'my.nimbus.example';
const AFFILIATE = ACCOUNTS[1];

async function main(): Promise<void> {
  const clock = adjustableClock();
  const secret = 'a secret of a portal that lives for one picture';
  const portal = await createPortal({
    database: 'sqlite::memory:',
    portalUrl: `http://${NAME}`,
    secrets: { program: [secret], session: secret },
    clock: clock.now,
  });
  try {
    await makeHistory(portal, clock);
    const address = new URL(await portal.app.listen({ host: '127.0.0.1', port: 0 }));
    const browser = await open(address.host);
    try {
      await keep(await picture(browser));
    } finally {
      await browser.close();
    }
  } finally {
    await portal.close();
  }
}

function open(address: string): Promise<Browser> {
  const executablePath = findBinary(CHROMIUM.binaries);
  if (!executablePath) throw new Error(`Chromium is not installed: ${CHROMIUM.install}`);
  const args = ['--no-sandbox', '--disable-gpu', `--host-resolver-rules=MAP ${NAME} ${address}`];
  return chromium.launch({ executablePath, args });
}

async function picture(browser: Browser): Promise<Buffer> {
  const page = await browser.newPage({ viewport: { width: WIDTH, height: 900 } });
  await page.goto(`http://${NAME}/login`);
  await page.getByLabel('E-mail address').fill(AFFILIATE.email);
  await page.getByLabel('Password').fill(AFFILIATE.password);
  await page.getByRole('main').getByRole('button', { name: 'Sign in' }).click();
  await page.goto(`http://${NAME}/m/affiliates`);
  return page.screenshot({ fullPage: true, clip: await partToShow(page) });
}

/** From the top to the end of the referrals: what is about the affiliate alone. */
async function partToShow(page: Page): Promise<{ x: number; y: number; width: number; height: number }> {
  const box = await page.locator('#referrals').boundingBox();
  if (!box) throw new Error('The page shows no referrals');
  return { x: 0, y: 0, width: WIDTH, height: Math.ceil(box.y + box.height) + MARGIN };
}

async function keep(png: Buffer): Promise<void> {
  if (png.length > MOST_BYTES) throw new Error(`The picture would have ${png.length} of ${MOST_BYTES} bytes`);
  await writeFile(FILE, png);
  console.log(`${path.basename(FILE)} ${png.length} bytes`);
}

void main();
