/** Chromium for tests of what people see: one browser per group of tests, a new person (context) per page. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { source as axeSource, type AxeResults } from 'axe-core';
import { chromium, type Browser, type BrowserContext, type ConsoleMessage, type Page } from 'playwright-core';
import { CHROMIUM, describeWith, findBinary } from './programs';

export interface PageOptions {
  readonly width?: number;
  readonly javaScript?: boolean;
  /** By default a person's, because the browser's own says that a program drives it. */
  readonly userAgent?: string;
}

export interface TestBrowser {
  /**
   * A page of a person of its own: without cookies of the others, closed after the test. Only addresses of this
   * machine are loaded. What the browser calls an error fails the test: a script that throws, a file that is
   * missing, anything the page's content security policy refuses.
   */
  newPage(options?: PageOptions): Promise<Page>;
}

/** The widths of a desk and of a phone, in CSS pixels. */
const WIDTHS = [1280, 375] as const;

const SCREENSHOTS = join(__dirname, '../../screenshots');

/** Bounds every wait for a page, so that a test that cannot succeed says so soon. */
const WAIT_LIMIT_MS = 10_000;

const PERSONAL =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36';

const SWITCHES = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // Nothing but this machine can be reached. (Refusing requests one by one would turn the browser's cache off.)
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
];

/** A `describe`, named 'name in Chromium', whose tests are given a browser. */
export function describeInChromium(name: string, tests: (browser: TestBrowser) => void): void {
  describeWith(CHROMIUM, name, () => {
    let browser: Browser | undefined;
    const contexts: BrowserContext[] = [];
    let faults: string[] = [];
    beforeAll(async () => {
      browser = await launch();
    });
    afterEach(async () => {
      await Promise.all(contexts.splice(0).map((context) => context.close()));
      const thrown = faults;
      faults = [];
      expect(thrown).toEqual([]);
    });
    afterAll(() => browser?.close());
    tests({
      async newPage({ width = WIDTHS[0], javaScript = true, userAgent = PERSONAL } = {}) {
        if (!browser) throw new Error('Ask for pages inside a test, when the browser has started');
        const context = await browser.newContext({
          viewport: sized(width),
          javaScriptEnabled: javaScript,
          userAgent,
          // Bootstrap scrolls smoothly to whatever is clicked, which every click would wait for.
          reducedMotion: 'reduce',
        });
        contexts.push(context);
        context.setDefaultTimeout(WAIT_LIMIT_MS);
        context.on('weberror', (fault) => faults.push(String(fault.error().stack)));
        context.on('console', (message) => {
          if (message.type() === 'error' && !isOwnAnswer(message))
            faults.push(`${message.location().url}: ${message.text()}`);
        });
        return context.newPage();
      },
    });
  });
}

/**
 * Writes screenshots/<name>-1280.png and -375.png of the whole page, for people to look at: where SCREENSHOTS is set,
 * since no test compares them.
 */
export async function screenshot(page: Page, name: string): Promise<void> {
  if (!process.env['SCREENSHOTS']) return;
  const before = page.viewportSize();
  mkdirSync(SCREENSHOTS, { recursive: true });
  // Whoever looks at a photograph cannot scroll to what is loaded only then.
  await page.evaluate(
    'Promise.all([...document.images].map((image) => ((image.loading = "eager"), image.decode())))',
  );
  for (const width of WIDTHS) {
    await page.setViewportSize(sized(width));
    await page.screenshot({ path: join(SCREENSHOTS, `${name}-${width}.png`), fullPage: true });
  }
  if (before) await page.setViewportSize(before);
}

/** Fails with the outermost elements that reach beyond the page's sides, so that it would scroll sideways. */
export async function expectNoSidewaysScroll(page: Page): Promise<void> {
  const outside = await page.evaluate<string[]>(`(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth <= clientWidth) return [];
    const isOutside = (element) => {
      const { left, right, width } = element.getBoundingClientRect();
      return width > 0 && (right > clientWidth + 1 || left < -1);
    };
    return [...document.querySelectorAll('body *')]
      .filter((element) => isOutside(element) && !isOutside(element.parentElement))
      .map((element) => element.outerHTML.slice(0, 120));
  })()`);
  expect(outside).toEqual([]);
}

/** Fails with a line for each element that axe objects to. */
export async function expectAccessible(page: Page): Promise<void> {
  // Evaluated rather than added as a script, which the page's content security policy would refuse.
  if (!(await page.evaluate('"axe" in window'))) await page.evaluate(axeSource);
  const { violations } = await page.evaluate<AxeResults>(
    'axe.run(document, { resultTypes: ["violations"] })',
  );
  const objections = violations.flatMap(({ id, help, nodes }) =>
    nodes.map(
      ({ target, failureSummary }) => `${id}: ${help}\n  at ${target.join(' ')}\n  ${failureSummary}`,
    ),
  );
  expect(objections).toEqual([]);
}

function launch(): Promise<Browser> {
  const executablePath = findBinary(CHROMIUM.binaries);
  if (!executablePath) throw new Error(`Chromium is not installed: ${CHROMIUM.install}`);
  // Playwright gives it an empty profile in a temporary folder, and removes it when the browser closes.
  return chromium.launch({ executablePath, args: SWITCHES });
}

/** A page that answers with 4xx is reported like a missing file, but is what the test asked for. */
function isOwnAnswer(message: ConsoleMessage): boolean {
  return (
    message.text().startsWith('Failed to load resource') && message.location().url === message.page()?.url()
  );
}

function sized(width: number): { width: number; height: number } {
  return { width, height: width < 600 ? 812 : 900 };
}
