import { address, baseFields } from '../../pages/address';

describe('an address', () => {
  it.each([
    ['/affiliates', { page: 'withdraw' }, '', '/affiliates?page=withdraw'],
    ['/index.php?m=affiliates', { page: 'withdraw' }, '', '/index.php?m=affiliates&page=withdraw'],
    ['/index.php?m=affiliates&page=old', { page: 'new' }, '', '/index.php?m=affiliates&page=new'],
    ['/index.php?m=affiliates&page=old', { page: '' }, '', '/index.php?m=affiliates'],
    ['/affiliates#top', { q: 'a&b=c' }, 'list', '/affiliates?q=a%26b%3Dc#list'],
    ['/affiliates', {}, '', '/affiliates'],
    ['https://a.example/x?y=1', { id: 7 }, '', 'https://a.example/x?y=1&id=7'],
  ])('adds to %s', (base, parameters, fragment, expected) => {
    expect(address(base, parameters, fragment)).toBe(expected);
  });

  it('gives its query as fields, for forms that would drop it', () => {
    expect(baseFields('/index.php?m=affiliates&x=%26')).toEqual([
      { name: 'm', value: 'affiliates' },
      { name: 'x', value: '&' },
    ]);
    expect(baseFields('/affiliates')).toEqual([]);
  });
});
