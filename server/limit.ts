import { z } from 'zod';

/** How many rows an address asks for: 1 to `most`, `usual` unless said. */
export const limitOf = (most: number, usual: number) =>
  z
    .string()
    .regex(/^[1-9]\d{0,2}$/)
    .transform(Number)
    .pipe(z.number().max(most))
    .prefault(String(usual));
