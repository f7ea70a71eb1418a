import fc from 'fast-check';
import { allocate, applyRate, decimalsOf, parseAmount, prorate, sum, toDecimal } from '../module/money';

const wholeAmount = fc.integer({ min: -1_000_000_000_000, max: 1_000_000_000_000 });
const weights = fc.array(fc.integer({ min: 0, max: 1_000_000_000 }), { maxLength: 12 });
const currency = fc.constantFrom('USD', 'EUR', 'JPY', 'KWD', 'CLF');
const abs = (amount: number) => (amount < 0 ? -amount : amount);

describe('Reading an amount', () => {
  it.each([
    ['10', 'USD', 1000],
    ['10.5', 'USD', 1050],
    ['10.50', 'USD', 1050],
    ['0.01', 'USD', 1],
    ['-0.01', 'USD', -1],
    ['  7.00 ', 'EUR', 700],
    ['007.00', 'USD', 700],
    ['500', 'JPY', 500],
    ['500.00', 'JPY', 500],
    ['1.234', 'KWD', 1234],
    ['1.2', 'KWD', 1200],
    ['10.50000000', 'USD', 1050],
    ['9999999999999', 'JPY', 9_999_999_999_999],
  ])("takes '%s' %s as %d", (written, code, amount) => {
    expect(parseAmount(written, code, 'total')).toBe(amount);
  });

  it.each([
    ['nothing', ''],
    ['a space', ' '],
    ['an exponent', '1e3'],
    ['an exponent with a fraction', '1.5E+10'],
    ['NaN', 'NaN'],
    ['infinity', 'Infinity'],
    ['hexadecimal digits', '0x10'],
    ['a thousands separator', '1,000.00'],
    ['a decimal comma', '10,50'],
    ['a plus sign', '+10'],
    ['two minus signs', '--10'],
    ['a minus sign at the end', '10-'],
    ['an empty fraction', '10.'],
    ['a fraction alone', '.50'],
    ['two points', '1.2.3'],
    ['a currency sign', '$10'],
    ['underscores', '1_000'],
    ['more decimals than cents', '10.005'],
    ['a float that is off', '0.30000000000000004'],
    ['fourteen digits', '99999999999999'],
    ['a hundred digits', '9'.repeat(100)],
    ['digits of another script', '١٠'],
    ['two lines', '10\n20'],
  ])('refuses %s', (_what, written) => {
    expect(() => parseAmount(written, 'USD', 'total')).toThrow('amount_malformed {"field":"total"}');
  });

  it.each([
    ['0.5', 'JPY'],
    ['0.0001', 'KWD'],
    ['0.001', 'EUR'],
  ])("refuses '%s' %s, which has a decimal too many", (written, code) => {
    expect(() => parseAmount(written, code, 'total')).toThrow('amount_malformed');
  });

  it('refuses an amount that a number cannot hold exactly', () => {
    expect(() => parseAmount('9999999999999.999', 'KWD', 'total')).toThrow('amount_out_of_range');
  });

  it.each(['XYZ', '', 'US', 'DOLLAR', '__proto__'])("refuses the currency '%s'", (code) => {
    expect(() => parseAmount('10', code, 'total')).toThrow('currency_unknown');
  });

  it('never gives a minus zero, which would not equal zero everywhere', () => {
    expect(Object.is(parseAmount('-0.00', 'USD', 'total'), 0)).toBe(true);
  });

  it('reads back every amount as it was written', () => {
    fc.assert(
      fc.property(wholeAmount, currency, (amount, code) => {
        expect(parseAmount(toDecimal({ amount, currency: code }), code, 'total')).toBe(amount);
      }),
    );
  });

  it('gives a whole number of minor units or refuses, whatever is written', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.double().map(String)), currency, (written, code) => {
        let amount = 0;
        try {
          amount = parseAmount(written, code, 'total');
        } catch (error) {
          expect(String(error)).toMatch(/amount_(malformed|out_of_range)/);
        }
        expect(Number.isSafeInteger(amount)).toBe(true);
      }),
    );
  });
});

describe('Writing an amount', () => {
  it.each([
    [1050, 'USD', '10.50'],
    [5, 'USD', '0.05'],
    [-5, 'USD', '-0.05'],
    [0, 'USD', '0.00'],
    [500, 'JPY', '500'],
    [-500, 'JPY', '-500'],
    [1, 'KWD', '0.001'],
    [1234567, 'KWD', '1234.567'],
  ])('writes %d %s as %s', (amount, code, written) => {
    expect(toDecimal({ amount, currency: code })).toBe(written);
  });

  it.each([
    ['USD', 2],
    ['JPY', 0],
    ['KWD', 3],
  ])('knows how many decimals %s has', (code, decimals) => {
    expect(decimalsOf(code)).toBe(decimals);
  });
});

describe('A rate', () => {
  it.each([
    // 99.9, 99.5, 99.4 …: worked out by hand, half a cent goes up
    [999, 1000, 100],
    [995, 1000, 100],
    [994, 1000, 99],
    [5, 1000, 1],
    [4, 1000, 0],
    [1, 10_000, 1],
    [12_345, 1250, 1543],
    [12_345, 0, 0],
    [-995, 1000, -100],
    [3333, 3333, 1111],
  ])('of %d minor units at %d basis points is %d', (amount, rate, share) => {
    expect(applyRate(amount, rate)).toBe(share);
  });

  it('never takes more than the amount, and a larger rate never less', () => {
    const rate = fc.integer({ min: 0, max: 10_000 });
    fc.assert(
      fc.property(wholeAmount, rate, rate, (amount, one, other) => {
        const [low, high] = one < other ? [one, other] : [other, one];
        expect(abs(applyRate(amount, high))).toBeLessThanOrEqual(abs(amount));
        expect(abs(applyRate(amount, low))).toBeLessThanOrEqual(abs(applyRate(amount, high)));
      }),
    );
  });
});

describe('A prorated amount', () => {
  it.each([
    [1000, 1n, 3n, 333],
    [1000, 2n, 3n, 667],
    [1, 1n, 2n, 1],
    [-1, 1n, 2n, -1],
    [0, 1n, 2n, 0],
    [1000, 10n ** 30n, 2n * 10n ** 30n, 500],
  ])('of %d × %d / %d is %d', (amount, numerator, denominator, part) => {
    expect(prorate(amount, numerator, denominator)).toBe(part);
  });

  it('lies between nothing and the whole, and differs from the exact part by at most half a unit', () => {
    const share = fc.bigInt({ min: 1n, max: 10n ** 24n });
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10 ** 12 }), share, share, (amount, one, other) => {
        const [numerator, denominator] = one < other ? [one, other] : [other, one];
        const part = prorate(amount, numerator, denominator);
        expect(part).toBeGreaterThanOrEqual(0);
        expect(part).toBeLessThanOrEqual(amount);
        const off = BigInt(part) * denominator - BigInt(amount) * numerator;
        expect(2n * (off < 0n ? -off : off) <= denominator).toBe(true);
      }),
    );
  });
});

describe('A split amount', () => {
  it.each([
    [100, [1, 1, 1], [34, 33, 33]],
    [-100, [1, 1, 1], [-34, -33, -33]],
    [2, [1, 1, 1], [1, 1, 0]],
    [100, [0, 1], [0, 100]],
    [1000, [5000, 3000, 2000], [500, 300, 200]],
    // 33.3, 33.3, 33.4 of 100: the largest remainder gets the cent
    [100, [333, 333, 334], [33, 33, 34]],
    [100, [], []],
    [100, [0, 0], [0, 0]],
    [0, [1, 2], [0, 0]],
  ])('of %d over %j is %j', (amount, over, parts) => {
    expect(allocate(amount, over)).toEqual(parts);
  });

  it('adds up to the amount, whatever the weights', () => {
    fc.assert(
      fc.property(wholeAmount, weights, (amount, over) => {
        const somebody = over.some((weight) => weight > 0);
        expect(sum(allocate(amount, over))).toBe(somebody ? amount : 0);
      }),
    );
  });

  it('gives each part its exact share to within one unit, and nothing to a weight of nothing', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10 ** 12 }), weights, (amount, over) => {
        const total = over.reduce((all, weight) => all + BigInt(weight), 0n);
        if (total === 0n) return;
        allocate(amount, over).forEach((part, index) => {
          const exact = BigInt(amount) * BigInt(over[index]!);
          const off = BigInt(part) * total - exact;
          expect(off < total && off > -total).toBe(true);
          if (over[index] === 0) expect(part).toBe(0);
        });
      }),
    );
  });
});

describe('A sum', () => {
  it('is exact where floating point is not', () => {
    expect(sum([10, 20])).toBe(30);
    expect(sum([])).toBe(0);
    expect(sum([Number.MAX_SAFE_INTEGER, -Number.MAX_SAFE_INTEGER, 1])).toBe(1);
  });

  it('refuses to leave the range in which every unit counts', () => {
    expect(() => sum([Number.MAX_SAFE_INTEGER, 1])).toThrow('amount_out_of_range');
  });
});
