import { groupCommit, type Outcome } from '../../module/database/groupCommit';

/** A flush that is held until it is let go, and that remembers its batches. */
function heldFlush<Result>(answer: (item: number) => Outcome<Result>) {
  const batches: number[][] = [];
  const held: (() => void)[] = [];
  let began: (() => void) | undefined;
  const flush = async (items: readonly number[]) => {
    batches.push([...items]);
    began?.();
    await new Promise<void>((release) => held.push(release));
    return items.map(answer);
  };
  return {
    flush,
    batches,
    /** Waits for the next flush to begin, unless one is already held. */
    begun: () => (held.length > 0 ? Promise.resolve() : new Promise<void>((resolve) => (began = resolve))),
    release: () => held.shift()?.(),
  };
}

const values = (item: number): Outcome<number> => ({ value: item * 10 });

describe('a group commit', () => {
  test('gathers a batch while the one before it is being flushed', async () => {
    const held = heldFlush(values);
    const commit = groupCommit(held.flush, { most: 100 });
    const first = commit(1);
    await held.begun();
    const later = Promise.all([commit(2), commit(3), commit(4)]);
    held.release();
    expect(await first).toBe(10);
    await held.begun();
    held.release();
    expect(await later).toEqual([20, 30, 40]);
    expect(held.batches).toEqual([[1], [2, 3, 4]]);
  });

  test('takes what arrives in one turn together', async () => {
    const sizes: number[] = [];
    const commit = groupCommit(
      async (items: readonly number[]) => {
        sizes.push(items.length);
        return items.map(values);
      },
      { most: 100 },
    );
    await Promise.all([1, 2, 3].map(commit));
    expect(sizes).toEqual([3]);
  });

  test('never puts more into a batch than it may hold', async () => {
    const sizes: number[] = [];
    const commit = groupCommit(
      async (items: readonly number[]) => {
        sizes.push(items.length);
        return items.map(values);
      },
      { most: 4 },
    );
    const results = await Promise.all(Array.from({ length: 10 }, (_, index) => commit(index)));
    expect(results).toEqual([0, 10, 20, 30, 40, 50, 60, 70, 80, 90]);
    expect(sizes).toEqual([4, 4, 2]);
  });

  test('lets an item fail alone', async () => {
    const commit = groupCommit(
      async (items: readonly number[]) =>
        items.map((item): Outcome<number> => (item === 2 ? { error: new Error('two') } : { value: item })),
      { most: 10 },
    );
    const results = await Promise.allSettled([1, 2, 3].map(commit));
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(results[1]).toMatchObject({ reason: { message: 'two' } });
  });

  test('a flush that fails rejects its items, and the next batch goes on', async () => {
    let broken = true;
    const commit = groupCommit(
      async (items: readonly number[]) => {
        if (broken) throw new Error('the database is away');
        return items.map(values);
      },
      { most: 10 },
    );
    const lost = await Promise.allSettled([commit(1), commit(2)]);
    expect(lost).toEqual([
      expect.objectContaining({ reason: new Error('the database is away') }),
      expect.objectContaining({ reason: new Error('the database is away') }),
    ]);
    broken = false;
    expect(await commit(3)).toBe(30);
  });

  test('a flush that does not answer for every item is a fault of all of them', async () => {
    const commit = groupCommit(async () => [{ value: 1 }], { most: 10 });
    const results = await Promise.allSettled([commit(1), commit(2)]);
    expect(results.every(({ status }) => status === 'rejected')).toBe(true);
  });

  test('drains what is waiting, also what was added meanwhile', async () => {
    const held = heldFlush(values);
    const commit = groupCommit(held.flush, { most: 1 });
    const settled: number[] = [];
    const note = (result: number) => void settled.push(result);
    void commit(1).then(note);
    void commit(2).then(note);
    const drained = commit.drain().then(() => [...settled]);
    await held.begun();
    held.release();
    await held.begun();
    held.release();
    expect(await drained).toEqual([10, 20]);
    await commit.drain();
  });
});
