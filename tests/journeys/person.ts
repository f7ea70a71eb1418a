/** A person in front of a browser, who finds things by what they say. */
import type { Locator, Page } from 'playwright-core';

export interface AffiliateFigures {
  /** The large numbers by their names: Clicks, Signups, Conversions. */
  readonly figures: Readonly<Record<string, string>>;
  /** The statement's amounts by the names of their rows. */
  readonly statement: Readonly<Record<string, string>>;
}

export class Person {
  constructor(
    readonly page: Page,
    private readonly url: string,
  ) {}

  /** @returns the status of the answer */
  async open(path: string): Promise<number> {
    const answer = await this.page.goto(this.url + path);
    return answer?.status() ?? 0;
  }

  /** Signs in without looking at the page. @param path of the sign-in page */
  async signIn(path: string, email: string, password: string): Promise<void> {
    const { request } = this.page.context();
    const page = await (await request.get(this.url + path)).text();
    const token = /name="_csrf" value="([^"]*)"/.exec(page)?.[1] ?? '';
    const form = { _csrf: token.replaceAll('&#x3D;', '='), email, password };
    const answer = await request.post(this.url + path, { form, maxRedirects: 0 });
    if (answer.status() !== 303) throw new Error(`${email} could not sign in: ${answer.status()}`);
  }

  async signUp(firstname: string, email: string, lastname = 'Doe'): Promise<void> {
    await this.open('/signup');
    await this.fill({
      'First name': firstname,
      'Last name': lastname,
      'E-mail address': email,
      'Password, at least 8 characters': 'a good password',
    });
    await this.press('Create my account');
    await this.sees('Your account is ready.');
  }

  /** Orders a plan of the front page and pays its invoice. */
  async buys(plan: string, label = 'example.com'): Promise<void> {
    await this.open('/');
    await this.follow(`Order ${plan}`);
    await this.fill({ 'Domain or name': label });
    await this.press('Order now');
    await this.press(/^Pay \$/);
    await this.sees('Thank you, the invoice is paid.');
  }

  async fill(fields: Readonly<Record<string, string>>): Promise<void> {
    for (const [label, value] of Object.entries(fields)) await this.field(label).fill(value);
  }

  field(label: string): Locator {
    return this.page.locator('main').getByLabel(label, { exact: true });
  }

  button(name: string | RegExp, within = 'body'): Locator {
    return this.page
      .locator(within)
      .getByRole('button', { name, ...(typeof name === 'string' && { exact: true }) });
  }

  link(name: string | RegExp): Locator {
    return this.page.getByRole('link', { name, ...(typeof name === 'string' && { exact: true }) });
  }

  /** Presses a button that leads to another page. */
  async press(name: string | RegExp, within = 'body'): Promise<void> {
    await this.leave(this.button(name, within));
  }

  /** Follows a link to another page. */
  async follow(name: string | RegExp): Promise<void> {
    await this.leave(this.link(name).first());
  }

  /** Clicks, and waits until the next page stands. */
  async leave(door: Locator): Promise<void> {
    await Promise.all([this.page.waitForEvent('load'), door.click()]);
  }

  /** Waits until the text can be read on the page. */
  async sees(text: string | RegExp): Promise<void> {
    await this.page.getByText(text).filter({ visible: true }).first().waitFor();
  }

  /** @returns whether the page, as it stands, says so */
  async reads(text: string | RegExp): Promise<boolean> {
    return (await this.page.getByText(text).filter({ visible: true }).count()) > 0;
  }

  /** Opens the affiliate page. @returns its numbers */
  async readsFigures(path = '/m/affiliates'): Promise<AffiliateFigures> {
    await this.open(path);
    return { figures: await this.terms('.aff-figures'), statement: await this.rows('.aff-statement') };
  }

  /** The open page's table of referrals, a record per row by the names of its columns, and its totals. */
  async readsReferrals(): Promise<{ rows: Record<string, string>[]; total: string[] }> {
    const table = this.page.locator('.aff-referrals');
    if (!(await table.count())) return { rows: [], total: [] };
    return table.evaluate((element: HTMLTableElementLike) => {
      const texts = (row: RowLike | undefined) =>
        Array.from(row?.cells ?? [], (cell) => cell.textContent.trim());
      const [head, ...rows] = Array.from(element.rows);
      const names = texts(head);
      const total = texts(rows.pop()).filter(Boolean);
      return {
        // The last column is a link, no fact of the referral.
        rows: rows.map((row) => {
          const facts = texts(row).map((text, at): [string, string] => [names[at] ?? '', text]);
          return Object.fromEntries(facts.filter(([name]) => name !== 'Why?'));
        }),
        total,
      };
    });
  }

  private terms(list: string): Promise<Record<string, string>> {
    return this.page
      .locator(list)
      .evaluate((element: ParentLike) =>
        Object.fromEntries(
          Array.from(element.children, ({ children: [name, value] }) => [
            (name?.textContent ?? '').trim(),
            (value?.textContent ?? '').trim(),
          ]),
        ),
      );
  }

  private rows(table: string): Promise<Record<string, string>> {
    return this.page
      .locator(table)
      .evaluate((element: HTMLTableElementLike) =>
        Object.fromEntries(
          Array.from(element.rows, ({ cells: [name, value] }) => [
            (name?.firstChild?.textContent ?? '').trim(),
            (value?.textContent ?? '').trim(),
          ]),
        ),
      );
  }
}

/** The little of the DOM that is read; the tests are compiled without the library of its types. */
interface NodeLike {
  readonly textContent: string;
}
interface ParentLike extends NodeLike {
  readonly children: readonly ParentLike[];
}
interface CellLike extends NodeLike {
  readonly firstChild: NodeLike | null;
}
interface RowLike {
  readonly cells: readonly CellLike[];
}
interface HTMLTableElementLike {
  readonly rows: readonly RowLike[];
}
