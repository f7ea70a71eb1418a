import { once } from 'node:events';
import pino from 'pino';
import { loadLanguages } from '../pages/language';
import { describeConfig, readConfig } from './config';
import { createService } from './service';
import { whyNot } from './terminal';

export interface ServeOptions {
  readonly config?: string;
}

/** `affiliates serve`: runs until it is told to stop. @returns the exit code */
export async function serveCommand({ config: file }: ServeOptions): Promise<0 | 2> {
  try {
    const config = readConfig(file, process.env);
    const logger = pino({ level: config.logLevel });
    const service = await createService({ config, logger });
    // Before it is known to be ready: whoever waits for that may stop it at once.
    const stopped = Promise.race([once(process, 'SIGTERM'), once(process, 'SIGINT')]);
    logger.info({ address: await service.listen() }, 'ready');
    await stopped;
    await service.close();
    logger.info('stopped');
    return 0;
  } catch (error) {
    process.stderr.write(`${whyNot(error)}\n`);
    return 2;
  }
}

/** What `serve --help` says after the options. */
export function serveHelp(): string {
  const english = loadLanguages({ language: 'english', timeZone: 'UTC' }).of('en');
  return `\n${describeConfig((name) => english.t(`setting.${name}.help`))}\n`;
}
