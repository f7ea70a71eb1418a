/** Who came to Nimbus in its first two years. Days count from the start; the last one is yesterday. */

export const DAYS = 730;

/** The accounts named on the start screen. */
export const ACCOUNTS = [
  { who: 'client', email: 'client@example.com', password: 'nimbus-client' },
  { who: 'affiliate with history', email: 'affiliate@example.com', password: 'nimbus-affiliate' },
] as const;

export const PRODUCTS = {
  s: 'Web Hosting S',
  m: 'Web Hosting M',
  l: 'Web Hosting L',
  vps: 'Cloud VPS',
  domain: 'Domain .com',
} as const;

export interface Person {
  readonly day: number;
  readonly firstname?: string;
  readonly lastname?: string;
  readonly email?: string;
  readonly country?: string;
  readonly language?: string;
  readonly buys?: keyof typeof PRODUCTS;
  /** After so many paid invoices the account is closed; absent: it goes on. */
  readonly payments?: number;
}

export interface Affiliate extends Person {
  readonly email: string;
  /** The day on which they ask for the program; the answer comes the day after. */
  readonly asks: number;
  /** With the button of the affiliate page, or in an ordinary ticket. */
  readonly asksBy: 'page' | 'ticket';
  readonly refers: readonly Person[];
}

const star: Affiliate = {
  ...{ day: 20, firstname: 'Stella', lastname: 'Marin', email: 'affiliate@example.com', buys: 'domain' },
  ...{ asks: 25, asksBy: 'page' },
  refers: [
    { day: 50, buys: 'vps' },
    { day: 90, buys: 'l', country: 'DE' },
    { day: 140, buys: 'm', payments: 6 },
    { day: 200, buys: 'vps', payments: 8, country: 'GB' },
    { day: 260, buys: 'l' },
    { day: 330, buys: 's', country: 'AT' },
    { day: 420, buys: 'm' },
    { day: 500, buys: 'domain', country: 'DE' },
    { day: 610, buys: 'l' },
  ],
};

const steady: Affiliate = {
  ...{ day: 60, firstname: 'Noah', lastname: 'Fields', email: 'noah@example.com', buys: 'domain' },
  ...{ asks: 64, asksBy: 'ticket' },
  refers: [
    { day: 100, buys: 'l', payments: 5 },
    { day: 180, buys: 's' },
    { day: 300, buys: 'm', country: 'DE' },
    { day: 450, buys: 'm' },
  ],
};

/** Has earned 48.90 whatever month the history starts in: what goes on is billed once a year. */
const near: Affiliate = {
  ...{ day: 200, firstname: 'Layla', lastname: 'Haddad', email: 'layla@example.com' },
  ...{ country: 'AE', language: 'arabic', asks: 204, asksBy: 'page' },
  refers: [
    { day: 230, buys: 'vps', payments: 9, country: 'AE' },
    { day: 250, buys: 'm', payments: 9, country: 'EG' },
    { day: 520, buys: 'domain', country: 'AE' },
    { day: 640, buys: 'domain' },
  ],
};

const suspended: Affiliate = {
  ...{ day: 90, firstname: 'Max', lastname: 'Quick', email: 'maxquick.nimbus@gmail.com' },
  ...{ asks: 91, asksBy: 'page' },
  refers: [
    { day: 120, buys: 'm', payments: 12 },
    { day: 180, buys: 's' },
  ],
};

const pending: Affiliate = {
  ...{ day: 150, firstname: 'Jonas', lastname: 'Weber', email: 'jonas@example.com', buys: 'domain' },
  ...{ country: 'DE', language: 'german', asks: 160, asksBy: 'page' },
  refers: [
    { day: 170, buys: 'vps', country: 'DE' },
    { day: 260, buys: 'l', payments: 6, country: 'DE' },
    { day: 400, buys: 's', country: 'AT' },
  ],
};

/** New, with nothing but two clicks. */
const fresh: Affiliate = {
  ...{ day: 700, firstname: 'Priya', lastname: 'Nair', email: 'priya@example.com', country: 'IN', buys: 's' },
  ...{ asks: 715, asksBy: 'ticket', refers: [] },
};

/** Those of whom more is told than their referrals. */
export const NAMED = { star, steady, suspended, pending, fresh };
export const AFFILIATES = [star, steady, near, suspended, pending, fresh];

/** Follows his own link, and gives his own address in another spelling. */
export const SELF_REFERRAL: Person = {
  ...{ day: 397, firstname: 'Max', lastname: 'Quick', email: 'max.quick.nimbus@googlemail.com', buys: 'l' },
};

export const ASKING: Person = {
  ...{ day: 727, firstname: 'Tomás', lastname: 'Rivera', email: 'tomas@example.com', buys: 's' },
};

/** Clients who came by themselves. */
export const OTHERS: readonly Person[] = [
  { day: 5, buys: 'domain' },
  { day: 30, buys: 'l', payments: 4, country: 'DE' },
  { day: 110, buys: 'domain', country: 'GB' },
  { day: 160, buys: 's', payments: 5 },
  { day: 240, buys: 'domain', country: 'IN' },
  { day: 300, buys: 's', email: 'client@example.com', firstname: 'Clara', lastname: 'Brooks' },
  { day: 380, buys: 'm', payments: 3 },
  { day: 470, buys: 'domain', country: 'DE' },
  { day: 580, buys: 'm', country: 'EG' },
  { day: 690, buys: 'vps' },
];
