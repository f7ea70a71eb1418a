/** The history that a new portal shows is one that its accepted events make again. */
import pino from 'pino';
import { readSettings } from '../../module/settings';
import { createPortal } from '../../portal/app';
import { makeHistory } from '../../portal/history';
import { nimbusSettings } from '../../portal/program';
import { settableClock } from '../support/clock';
import { describeOnEachDatabase } from '../support/databases';
import { expectReplayable, rebuilt, runsWith } from '../support/replay';

const PORTAL = 'http://127.0.0.1:1';

describeOnEachDatabase('The two years of the portal', (database) => {
  it('are made again by their events, to the last row', async () => {
    const clock = settableClock('2026-03-02T10:00:00Z');
    const portal = await createPortal({
      database: await database.empty(),
      portalUrl: PORTAL,
      secrets: { program: ['p'.repeat(32)], session: 's'.repeat(32) },
      clock: clock.now,
      logger: pino({ level: 'silent' }),
    });
    try {
      await makeHistory(portal, {
        now: clock.now,
        set: (present) => {
          if (present !== null) clock.set(new Date(present).toISOString());
        },
      });
      const { db } = portal.office;
      runsWith(db, readSettings(nimbusSettings(PORTAL)));
      expect((await rebuilt(db)).events.replayed).toBeGreaterThan(300);
      await expectReplayable(db);
    } finally {
      await portal.close();
    }
  }, 300_000);
});
