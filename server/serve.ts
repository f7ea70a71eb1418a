import { once } from 'node:events';
import pino from 'pino';
import { loadLanguages } from '../pages/language';
import { describeConfig, readConfig } from './config';
import { createService, type Service } from './service';
import { whyNot } from './terminal';

export interface ServeOptions {
  readonly config?: string;
}

/** `affiliates serve`: runs until it is told to stop. @returns the exit code */
export async function serveCommand({ config: file }: ServeOptions): Promise<0 | 2> {
  let service: Service | undefined;
  try {
    const config = readConfig(file, process.env);
    const logger = pino({ level: config.logLevel });
    // eslint-disable-next-line no-restricted-syntax -- a service runs in the present
    const clock = () => new Date();
    service = await createService({ config, logger, clock });
    // Before it is known to be ready: whoever waits for that may stop it at once.
    const stopped = Promise.race([once(process, 'SIGTERM'), once(process, 'SIGINT')]);
    logger.info({ address: await service.listen() }, 'ready');
    await stopped;
    logger.info('stopping');
    await service.close();
    logger.info('stopped');
    return 0;
  } catch (error) {
    process.stderr.write(`${whyNot(error)}\n`);
    await service?.close();
    return 2;
  }
}

/** What `serve --help` says after the options. */
export function serveHelp(): string {
  const english = loadLanguages({ language: 'english', timeZone: 'UTC' }).of('en');
  return `\n${describeConfig((name) => english.t(`setting.${name}.help`))}\n`;
}
