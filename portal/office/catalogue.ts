/** What Nimbus sells, and which clients have it. */
import type { Knex } from 'knex';
import { Problem } from '../problem';
import type { Product, Service } from './rows';

type Offer = Omit<Product, 'id'>;

const hosting = (name: string, description: string, price: number, setup = 0): Offer => ({
  name,
  description,
  category: 'hosting',
  type: 'Hosting',
  price,
  setup,
  months: 1,
});

const OFFERS: readonly Offer[] = [
  hosting('Web Hosting S', 'One site, 10 GB, free certificate', 500),
  hosting('Web Hosting M', 'Five sites, 50 GB, daily backups', 1000),
  hosting('Web Hosting L', 'Any number of sites, 200 GB, staging', 2000),
  { ...hosting('Cloud VPS', 'Four cores, 8 GB memory, root access', 4000, 1500), category: 'servers' },
  {
    name: 'Domain .com',
    description: 'One name for a year, privacy included',
    category: 'domains',
    type: 'Domain',
    price: 1200,
    setup: 0,
    months: 12,
  },
];

export async function createProducts(db: Knex): Promise<void> {
  await db('portal_products')
    .insert([...OFFERS])
    .onConflict('name')
    .merge(['category']);
}

/** What a promotion takes off the first period, in percent of its price. */
const PROMOTIONS: Readonly<Record<string, number>> = { WELCOME10: 10, SUMMER25: 25 };

/** A code as its promotion has it, whatever the case it is typed in. */
export interface Promotion {
  readonly code: string;
  readonly percent: number;
}

/** @returns the promotion of a code; null for one that is none */
export function promotionOf(typed: string): Promotion | null {
  const code = typed.trim().toUpperCase();
  const percent = Object.hasOwn(PROMOTIONS, code) ? PROMOTIONS[code] : undefined;
  return percent === undefined ? null : { code, percent };
}

export async function products(db: Knex): Promise<Product[]> {
  return db('portal_products').orderBy('id');
}

/** @throws Problem when there is no such product */
export async function productById(db: Knex, id: number): Promise<Product> {
  const product = await db('portal_products').where({ id }).first();
  if (!product) throw new Problem('There is no such product.', 404);
  return product;
}

/** Newest first. */
export async function servicesOf(
  db: Knex,
  clientId: number,
): Promise<(Service & { product_name: string })[]> {
  return db('portal_services as s')
    .join('portal_products as p', 'p.id', 's.product_id')
    .where('s.client_id', clientId)
    .select<(Service & { product_name: string })[]>('s.*', 'p.name as product_name')
    .orderBy('s.id', 'desc');
}
