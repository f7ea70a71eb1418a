/** The hashes by which mail addresses, accounts and postal addresses are compared. */
import { hashAccounts, hashEmail, hashPostal } from '../module/keys';

describe('The hash of a mail address', () => {
  const hash = (address: string) => hashEmail('a key of the tests', address);

  it.each(['', ' '])('is nothing for no address (%j), which nobody shares with anybody', (address) => {
    expect(hash(address)).toBe('');
  });

  it('is one for addresses that reach one mailbox', () => {
    expect(hash(' Jane.Doe+shop@GoogleMail.com')).toBe(hash('janedoe@gmail.com'));
    expect(hash('JANE@example.com')).toBe(hash('jane@example.com'));
  });

  it('differs from mailbox to mailbox, and from key to key', () => {
    expect(hash('jane.doe@example.com')).not.toBe(hash('janedoe@example.com'));
    expect(hash('jane@example.com')).not.toBe(hashEmail('another key', 'jane@example.com'));
  });
});

describe('The hashes of accounts', () => {
  const hash = (written: string) => hashAccounts('a key of the tests', written);
  const shared = (one: string, other: string) => {
    const hashes = hash(one).split(' ').filter(Boolean);
    return hashes.some((each) => hash(other).split(' ').includes(each));
  };

  it.each([
    ['an IBAN with its spaces', 'DE89 3704 0044 0532 0130 00', 'iban:de89370400440532013000'],
    ['an IBAN among words', 'To Olga: GB82 WEST 1234 5698 7654 32 (Barclays)', 'GB82WEST12345698765432'],
    ['a PayPal address', 'paypal jane.doe@gmail.com.', 'JaneDoe+x@googlemail.com'],
    ['one of two', 'jane@example.com, DE89370400440532013000', 'DE89 3704 0044 0532 0130 00'],
    ['a provider’s word', 'card_1Nab XYZ', 'CARD-1nabxyz'],
  ])('are one for %s, however it is written', (_what, one, other) => {
    expect(shared(one, other)).toBe(true);
  });

  it.each([
    ['two IBANs', 'DE89370400440532013000', 'GB82WEST12345698765432'],
    ['the same way to pay', 'PayPal', 'PayPal'],
    ['words without a number', 'the same as before', 'the same as before'],
    ['a card and nothing', 'card_1NabXYZ', ''],
  ])('are none or two for %s', (_what, one, other) => {
    expect(shared(one, other)).toBe(false);
  });

  it('take no time to speak of for what nobody writes', () => {
    const long = `${'A'.repeat(300)}@${'DE89 '.repeat(400)}`;
    expect(hash(long).length).toBeLessThanOrEqual(4 * 65);
  });
});

describe('The hash of a postal address', () => {
  const hash = (street: string, postcode: string, country: string) =>
    hashPostal('a key of the tests', { street, postcode, country });

  it('is one whatever the case, accents, spaces and dots', () => {
    expect(hash('12, Rue de l’Église', '75 001', 'FR')).toBe(hash('12 rue de l eglise', '75001', 'fr'));
  });

  it('differs from house to house and from country to country, and is nothing without a street or a postcode', () => {
    expect(hash('12 High St', 'A1', 'GB')).not.toBe(hash('14 High St', 'A1', 'GB'));
    expect(hash('12 High St', 'A1', 'GB')).not.toBe(hash('12 High St', 'A1', 'US'));
    expect([hash('', 'A1', 'GB'), hash('12 High St', '-', 'GB')]).toEqual(['', '']);
  });
});
