/** The addon gets nothing wrong that the conformance kit knows portals to get wrong. */
import { CASES } from '../../server/conformance/cases';
import { tryCase } from '../../server/conformance/run';
import { startTrial, type Trial } from '../../server/conformance/trial';
import { describeOnMariaDb } from '../support/databases';
import { PHP, describeWith } from '../support/programs';
import { whmcsPortal } from './portal';
import { SECRET, startWhmcs, type Whmcs } from './whmcs';

describeWith(PHP, 'A WHMCS with the addon', () => {
  describeOnMariaDb('passes', (database) => {
    const now = () => Date.now();
    let whmcs: Whmcs;
    let trial: Trial;

    beforeAll(async () => {
      trial = await startTrial({
        listen: { host: '127.0.0.1', port: 0 },
        secret: SECRET,
        currency: 'USD',
        now,
      });
      whmcs = await startWhmcs(database);
      await whmcs.configure({ serviceUrl: trial.address, serviceSecret: SECRET });
      expect(await whmcs.visitor().act({ call: 'activate' })).toMatchObject({ status: 'success' });
    }, 60_000);
    afterAll(async () => {
      await whmcs.stop();
      await trial.close();
    });

    it.each(CASES)(
      '$name: $title',
      async (tried) => {
        const portal = whmcsPortal(whmcs);
        const result = await tryCase(tried, { portal, trial, currency: 'USD', now });
        expect(result).toMatchObject({ outcome: 'passed', problems: [] });
      },
      30_000,
    );
  });
});
