/** Groups of affiliates as staff make them and move affiliates between them. */
import { A_FORM, aClient, closePrograms, givenProgram, STAFF, textOf } from './given';

const GROUPS = { page: 'groups' };
const GOLD = { key: 'gold', name: 'Gold <b>partners</b>', rank: '2', promoteAt: '10' };

afterEach(closePrograms);

describe('the staff page of groups', () => {
  it('makes a group, shows it escaped, and changes it', async () => {
    const { read, send } = await givenProgram();
    expect(textOf((await read(STAFF, GROUPS)).html)).toContain('There are no groups yet.');
    expect((await send(STAFF, GROUPS, GOLD)).status).toBe(303);
    const { html } = await read(STAFF, { ...GROUPS, key: 'gold' });
    expect(html).not.toContain('<b>partners');
    expect(textOf(html)).toContain('Gold <b>partners</b> gold 2 10 Change');
    expect(html).toMatch(/name="promoteAt"[^>]*value="10"/);
    expect((await send(STAFF, GROUPS, { ...GOLD, promoteAt: '' })).status).toBe(303);
    expect(textOf((await read(STAFF, GROUPS)).html)).toContain('gold 2 By staff only');
  });

  it.each([
    ['key', 'Not a key'],
    ['name', ''],
    ['rank', '-1'],
    ['promoteAt', 'many'],
  ])('refuses a wrong %s, “%s”, and says where', async (field, value) => {
    const { send } = await givenProgram();
    const refused = await send(STAFF, GROUPS, { ...GOLD, [field]: value });
    expect(refused.status).toBe(422);
    expect(refused.html).toMatch(new RegExp(`id="aff-${field}"[^>]*aria-invalid="true"`));
  });

  it('shows who is in a group now, 25 at a time', async () => {
    const { read, send, enrol } = await givenProgram();
    await send(STAFF, GROUPS, GOLD);
    await send(STAFF, GROUPS, { ...GOLD, key: 'silver', name: 'Silver' });
    for (let id = 1; id <= 27; id++) {
      await enrol(String(100 + id));
      await send(STAFF, GROUPS, { affiliateId: String(id), groupKey: 'gold' });
    }
    await send(STAFF, GROUPS, { affiliateId: '1', groupKey: 'silver' });
    const members = (html: string) =>
      [...html.matchAll(/page&#x3D;affiliate&amp;id&#x3D;(\d+)/g)].map(([, id]) => id);
    const { html } = await read(STAFF, { ...GROUPS, key: 'gold' });
    expect(members(html)).toEqual(Array.from({ length: 25 }, (_, index) => String(index + 2)));
    const cursor = /rel="next" href="[^"]*cursor&#x3D;([^"]*)"/.exec(html)?.[1] ?? '';
    expect(members((await read(STAFF, { ...GROUPS, key: 'gold', cursor })).html)).toEqual(['27']);
    expect(members((await read(STAFF, { ...GROUPS, key: 'silver' })).html)).toEqual(['1']);
    await send(STAFF, GROUPS, { affiliateId: '1', groupKey: '' });
    const empty = await read(STAFF, { ...GROUPS, key: 'silver' });
    expect(textOf(empty.html)).toContain('Nobody is in this group now.');
    expect(members((await read(STAFF, GROUPS)).html)).toEqual([]);
  });

  it('moves an affiliate into a group and out again, as its own page says', async () => {
    const { read, send, enrol } = await givenProgram();
    await enrol('12');
    await send(STAFF, GROUPS, GOLD);
    const own = { page: 'affiliate', id: '1' };
    const moved = await send(STAFF, GROUPS, { affiliateId: '1', groupKey: 'gold' });
    expect(moved.headers['location']).toContain('page=affiliate&id=1&done=affiliate_moved');
    expect(textOf((await read(STAFF, own)).html)).toContain('In the group gold.');
    await send(STAFF, GROUPS, { affiliateId: '1', groupKey: '' });
    expect(textOf((await read(STAFF, own)).html)).toContain('In no group.');
    expect((await send(STAFF, GROUPS, { affiliateId: '99', groupKey: 'gold' })).status).toBe(422);
  });

  it('is for staff with their token alone', async () => {
    const { read } = await givenProgram();
    const body = { ...A_FORM, ...GOLD };
    expect((await read(aClient('12'), GROUPS, { method: 'POST', body })).status).toBe(404);
    const tokenless = { ...body, _csrf: 'another' };
    expect((await read(STAFF, GROUPS, { method: 'POST', body: tokenless })).status).toBe(403);
  });
});
