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
  /** Where this page finds the picture. */
  readonly preview: string;
  readonly code: string;
}

/** In the code the pictures' addresses are absolute, because it is pasted into other sites. */
export function loadBanners(assets: string, portalUrl: string, link: string): Banner[] {
  return stock.map((banner) => {
    const preview = `${assets}/banners/${banner.name}.png`;
    const code = bannerCode(link, new URL(preview, `${portalUrl}/`).href, banner);
    return { ...banner, id: `aff-banner-${banner.name}`, preview, code };
  });
}
