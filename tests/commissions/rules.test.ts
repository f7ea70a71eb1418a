import { EVALUATIONS, LISTED } from './everyFinding';

describe('The list of findings', () => {
  it('holds what the rules can find, and nothing else', () => {
    const found = EVALUATIONS.flatMap(({ steps }) => steps.map(({ rule, finding }) => `${rule}.${finding}`));
    expect([...new Set(found)].sort()).toEqual([...LISTED].sort());
  });
});
