/** The stock banners of assets/banners/, each with its preview and its code. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { bannerCode } from './example-codes';
import { folder } from '../folders';

const schema = z.array(
  z.object({ name: z.string(), width: z.number(), height: z.number(), title: z.string() }),
);

const list = join(folder('assets'), 'banners', 'banners.json');
const stock = existsSync(list) ? schema.parse(JSON.parse(readFileSync(list, 'utf8'))) : [];

export interface Banner extends Readonly<z.output<typeof schema>[number]> {
  readonly id: string;
  readonly source: string;
  readonly code: string;
}

/** The pictures' addresses are absolute, because the code is pasted into other sites. */
export function loadBanners(assets: string, portalUrl: string, link: string): Banner[] {
  return stock.map((banner) => {
    const source = new URL(`${assets}/banners/${banner.name}.png`, `${portalUrl}/`).href;
    return { ...banner, id: `aff-banner-${banner.name}`, source, code: bannerCode(link, source, banner) };
  });
}
