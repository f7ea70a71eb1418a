import { landingOn } from '../module/clicks/landing';
import { parseUrl } from '../module/url';

/** More than it takes for what runs often to be compiled anew. */
const OFTEN = 50_000;

describe('An address', () => {
  it.each([
    ['https://bücher.example/', undefined, 'https://xn--bcher-kva.example/'],
    ['/größe?q=é', 'https://my.example.com', 'https://my.example.com/gr%C3%B6%C3%9Fe?q=%C3%A9'],
    ['not an address', undefined, undefined],
    ['https://<script>.example/', undefined, undefined],
  ])('%j beside %j is read as %j, the first time and the last of very many', (written, base, href) => {
    const read = Array.from({ length: OFTEN }, () => parseUrl(written, base)?.href);
    expect(new Set(read)).toEqual(new Set([href]));
  });

  it('of a page is where a busy link leads on to, also of a portal with an umlaut in its name', () => {
    const pages = Array.from({ length: OFTEN }, () => landingOn('https://bücher.example', '/größe').href);
    expect(new Set(pages)).toEqual(new Set(['https://xn--bcher-kva.example/gr%C3%B6%C3%9Fe']));
  });
});
