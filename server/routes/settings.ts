import { z } from 'zod';
import { isAffiliatesError } from '../../module/errors';
import { readSettings } from '../../module/settings';
import type { WrittenSettings } from '../config';
import { WireError } from '../errors';
import { mergeSettings } from '../programs';
import type { RouteParts, Routes } from '../route';

const SETTINGS = z.object({ settings: z.record(z.string().max(64), z.string().max(2000)) });

export function addSettings(routes: Routes, { config, store, programs, now }: RouteParts): void {
  routes.add(
    {
      method: 'PUT',
      url: '/settings',
      summary: 'The settings as the host’s form has them; every process uses them from then on.',
      body: SETTINGS,
      answer: z.object({
        applied: z.literal(true),
        overridden: z
          .array(z.string())
          .describe('What the service’s own configuration says otherwise, which wins.'),
      }),
      refuses: ['setting_invalid'],
      example: {
        body: { settings: { programName: 'Nimbus Partners', threshold: '75.00' } },
        answer: { applied: true, overridden: [] },
      },
    },
    async ({ body }) => {
      const sent: WrittenSettings = body.settings;
      // They must be right alone as well: what our file overrides today, it may not tomorrow.
      check(mergeSettings(config.settings, sent));
      check(mergeSettings(sent, config.settings));
      await programs.refresh(await store.keepSettings(body.settings, now()));
      return { applied: true, overridden: overridden(body.settings, config.settings) };
    },
  );
}

/** @throws WireError setting_invalid, naming it */
function check(settings: ReturnType<typeof mergeSettings>): void {
  try {
    readSettings(settings);
  } catch (error) {
    if (!isAffiliatesError(error, 'setting_invalid')) throw error;
    throw new WireError('setting_invalid', error.parameters.setting, error.message);
  }
}

/** @returns the names of what the service's own file says otherwise */
function overridden(sent: Readonly<Record<string, string>>, own: WrittenSettings): string[] {
  const differs = ([name, value]: [string, unknown]) => {
    const written = Array.isArray(value) ? value.join(', ') : String(value);
    return sent[name] !== undefined && sent[name] !== written;
  };
  return Object.entries(own)
    .filter(differs)
    .map(([name]) => name);
}
