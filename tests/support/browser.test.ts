import { describeInChromium, expectAccessible } from './browser';

describeInChromium('The test browser', (browser) => {
  it('starts each page without the cookies of another', async () => {
    const first = await browser.newPage();
    await first.context().addCookies([{ name: 'seen', value: '1', url: 'http://127.0.0.1/' }]);
    const second = await browser.newPage({ width: 375 });
    expect(await second.context().cookies()).toEqual([]);
    expect(second.viewportSize()?.width).toBe(375);
  });

  it('reports what axe objects to, element by element', async () => {
    const page = await browser.newPage();
    await page.setContent('<html lang="en"><title>A page</title><main><h1>Hi</h1><img src="data:,"></main>');
    await expect(expectAccessible(page)).rejects.toThrow('image-alt');
    await page.setContent('<html lang="en"><title>A page</title><main><h1>Hi</h1></main>');
    await expectAccessible(page);
  });
});
