import { settableClock } from './clock';

describe('The settable clock', () => {
  it('stands still until it is moved', () => {
    const clock = settableClock('2026-01-31T00:00:00Z');
    expect(clock.now().toISOString()).toBe('2026-01-31T00:00:00.000Z');
    clock.advance({ days: 3, hours: 1 });
    expect(clock.now().toISOString()).toBe('2026-02-03T01:00:00.000Z');
    clock.set('2025-06-01T12:00:00+02:00');
    expect(clock.now().toISOString()).toBe('2025-06-01T10:00:00.000Z');
  });

  it('refuses what is not an instant', () => {
    expect(() => settableClock('yesterday')).toThrow("'yesterday' is not an ISO instant");
  });
});
