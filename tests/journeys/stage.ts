/** Where the journeys take place: the portal, listening on a free port of this machine, and those who walk about in it. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import pino from 'pino';
import type { SettingsInput } from '../../index';
import { createPortal, type Portal } from '../../portal/app';
import { createActs, type Acts } from '../../portal/history/acts';
import { signUp } from '../../portal/office/clients';
import { order } from '../../portal/office/invoices';
import { hashPassword } from '../../portal/office/passwords';
import { payInvoice } from '../../portal/office/payments';
import type { Client } from '../../portal/office/rows';
import { settableClock, type SettableClock } from '../support/clock';
import { describeInChromium, type PageOptions, type TestBrowser } from '../support/browser';
import { describeOnEachDatabase, describeOnSqlite, type TestDatabase } from '../support/databases';
import { Person } from './person';

const SECRETS = { program: ['p'.repeat(32)], session: 's'.repeat(32) };
const PASSWORD = 'a good password';
/** All tables are made on a database that was empty. */
const OPENING_LIMIT_MS = 60_000;
export const START = '2026-03-02T10:00:00Z';

/** What Nimbus sells, by its number in the catalogue. */
export const PRODUCTS = { s: 1, m: 2, l: 3, vps: 4, domain: 5 } as const;

export interface NewPerson {
  readonly lastname?: string;
  readonly email?: string;
  readonly language?: 'english' | 'german' | 'arabic';
  readonly country?: string;
  /** The Cookie header of the sign-up. */
  readonly cookie?: string;
}

/** One portal for a group of tests, each of which brings people of its own. */
export class Stage {
  private opened: { portal: Portal; acts: Acts; server: Server; url: string } | null = null;
  private readonly clockwork = settableClock(START);
  private readonly complaints: string[] = [];
  private passwordHash = '';

  constructor(private readonly browser: TestBrowser) {}

  get portal(): Portal {
    return this.open_().portal;
  }

  get office(): Portal['office'] {
    return this.portal.office;
  }

  /** What people do on the program's pages, done without a browser. */
  get acts(): Acts {
    return this.open_().acts;
  }

  get url(): string {
    return this.open_().url;
  }

  get clock(): SettableClock {
    return this.clockwork;
  }

  async open(database: TestDatabase, settings: Partial<SettingsInput>): Promise<void> {
    this.passwordHash = await hashPassword(PASSWORD);
    // Listens before the portal is there, because the portal must know its own address.
    const server = createServer((request, response) => this.portal.app.routing(request, response));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    // An AddressInfo, since it listens on a port.
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const portal = await createPortal({
      database: await database.empty(),
      portalUrl: url,
      secrets: SECRETS,
      clock: this.clockwork.now,
      logger: pino({ level: 'warn' }, { write: (line: string) => this.complaints.push(line) }),
      settings,
    });
    this.opened = { portal, acts: createActs(portal), server, url };
  }

  async close(): Promise<void> {
    const { portal, server } = this.open_();
    server.close();
    server.closeAllConnections();
    await portal.close();
  }

  /** @returns what the portal and the program warned of since the last time */
  takeComplaints(): string[] {
    return this.complaints.splice(0);
  }

  /** Somebody nobody knows yet, in front of an empty browser. */
  async stranger(options: PageOptions = {}): Promise<Person> {
    return new Person(await this.browser.newPage(options), this.url);
  }

  async signedIn(client: Pick<Client, 'email'>, options: PageOptions = {}): Promise<Person> {
    const person = await this.stranger(options);
    await person.signIn('/login', client.email, PASSWORD);
    return person;
  }

  async staff(role: 'support' | 'admin' = 'support', options: PageOptions = {}): Promise<Person> {
    const person = await this.stranger(options);
    await person.signIn('/staff/login', `${role}@nimbus.example`, `nimbus-${role}`);
    return person;
  }

  /** A client who has signed up, without a browser. */
  async client(firstname: string, person: NewPerson = {}): Promise<Client> {
    const { lastname = 'Doe', language = 'english', country = 'US', cookie = '' } = person;
    const email = person.email ?? `${firstname.toLowerCase()}@example.com`;
    const details = { firstname, lastname, companyname: '', email, country, language };
    return signUp(this.office, { ...details, passwordHash: this.passwordHash, cookie, ip: '' });
  }

  async affiliate(firstname: string, person: NewPerson = {}): Promise<Client> {
    const client = await this.client(firstname, person);
    await this.acts.askForProgram(client);
    await this.acts.switchOn(client);
    return client;
  }

  /** A client who came by the affiliate's link. */
  async referral(affiliate: Client, firstname: string, person: NewPerson = {}): Promise<Client> {
    return this.client(firstname, { ...person, cookie: await this.acts.click(affiliate, '') });
  }

  /** Orders and pays. @returns the number of the invoice */
  async buys(client: Client, product: keyof typeof PRODUCTS, label = 'example.com'): Promise<number> {
    const id = await order(this.office, client.id, { productId: PRODUCTS[product], label });
    await payInvoice(this.office, id, { useCredit: false, note: 'Card' });
    return id;
  }

  private open_() {
    if (!this.opened) throw new Error('The portal opens before the first test, not before');
    return this.opened;
  }
}

type Journeys = (stage: Stage, database: TestDatabase) => void;

/** Journeys through the portal's pages, on SQLite and on MariaDB; a complaint in the log fails the test. */
export function describeJourneys(name: string, settings: Partial<SettingsInput>, tests: Journeys): void {
  describeOnEachDatabase(name, (database) => {
    describeWalk(database, settings, tests);
  });
}

/** The same on SQLite alone, for what has nothing to do with the database. */
export function describeJourneysOnSqlite(
  name: string,
  settings: Partial<SettingsInput>,
  tests: Journeys,
): void {
  describeOnSqlite(name, (database) => {
    describeWalk(database, settings, tests);
  });
}

function describeWalk(database: TestDatabase, settings: Partial<SettingsInput>, tests: Journeys): void {
  describeInChromium('walked through', (browser) => {
    const stage = new Stage(browser);
    beforeAll(() => stage.open(database, settings), OPENING_LIMIT_MS);
    afterEach(() => {
      expect(stage.takeComplaints()).toEqual([]);
    });
    afterAll(() => stage.close());
    tests(stage, database);
  });
}
