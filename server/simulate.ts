import Table from 'cli-table3';
import { spanNamed } from '../module/calendar';
import { isAffiliatesError } from '../module/errors';
import { simulateDatabase, type Simulation } from '../module/replay';
import type { Settings } from '../module/settings';
import { readWrittenTerms } from '../module/terms';
import { explain } from '../pages/explain';
import { loadLanguages, type Language } from '../pages/language';
import { readSettingsFile, readText } from './files';
import { programOf, type ProgramOptions } from './place';
import { showingProgress, Unusable, whyNot } from './terminal';

export interface SimulateOptions extends ProgramOptions {
  readonly terms: string;
  readonly since: string;
  readonly json?: true;
}

/** `affiliates simulate`: a table of what everybody would have earned. @returns the exit code */
export async function simulateCommand(options: SimulateOptions): Promise<0 | 2> {
  const { json } = options;
  try {
    const { database, settings } = await programOf(options, () => readSettingsFile(undefined));
    const language = loadLanguages({ language: 'english', timeZone: settings.timeZone }).of('en');
    const supposed = {
      terms: readTerms(options.terms, settings, language),
      since: readDay(options.since, settings.timeZone),
    };
    const simulation = await showingProgress((progress) =>
      simulateDatabase(database, { settings, supposed, progress }),
    );
    const lines = json
      ? [JSON.stringify({ since: supposed.since, ...simulation }, null, 2)]
      : describe(language, options, simulation);
    process.stdout.write(`${lines.join('\n')}\n`);
    return 0;
  } catch (error) {
    process.stderr.write(`${whyNot(error)}\n`);
    return 2;
  }
}

function readTerms(file: string, { currency }: Settings, language: Language) {
  try {
    return readWrittenTerms(readText(file), currency);
  } catch (error) {
    if (!isAffiliatesError(error)) throw error;
    throw new Unusable(`${file}: ${explain(error, language).message}`);
  }
}

function readDay(written: string, timeZone: string): number {
  const day = spanNamed('day', written, timeZone);
  if (!day) throw new Unusable(`--since must be a day such as 2026-01-01, not '${written}'.`);
  return day.from;
}

const HEAD = ['Affiliate', 'Earned', 'Would have earned', 'Difference', 'Lines that change'];

function describe(
  language: Language,
  { terms, since }: SimulateOptions,
  { affiliates, totals, replayed, impossible }: Simulation,
): string[] {
  const table = new Table({
    head: HEAD,
    colAligns: ['left', 'right', 'right', 'right', 'right'],
    style: { head: [], border: [] },
  });
  for (const { affiliateId, code, ...earned } of affiliates) {
    table.push([`${affiliateId} ${code}`, ...cells(language, earned)]);
  }
  for (const total of totals) table.push([`All in ${total.currency}`, ...cells(language, total)]);
  const events = `${replayed} events were lived again under ${terms} since ${since}`;
  return [
    impossible > 0 ? `${events}; ${impossible} could not have happened.` : `${events}.`,
    table.toString(),
    affiliates.length === 0 ? 'Nobody would have earned another amount.' : 'Nothing was changed.',
  ];
}

function cells(language: Language, earned: Simulation['totals'][number]): string[] {
  const { currency, before, after, difference, lines } = earned;
  return [
    language.money(before, currency),
    language.money(after, currency),
    language.money(difference, currency, difference !== 0),
    language.number(lines),
  ];
}
