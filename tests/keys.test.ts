/** The hash by which mail addresses are compared. */
import { hashEmail } from '../module/keys';

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
