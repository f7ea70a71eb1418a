/** Pairs of bars as an SVG: numbers for a template, which draws them without a script. */
import { scaleBand, scaleLinear } from 'victory-vendor/d3-scale';

export interface PairOfBars {
  readonly label: string;
  readonly before: number;
  readonly after: number;
}

/** What `partials/chart` draws; lengths in the chart's own units. */
export interface Chart {
  readonly width: number;
  readonly height: number;
  /** Where the axis ends below. */
  readonly bottom: number;
  readonly ticks: readonly { readonly x: number; readonly label: string }[];
  readonly pairs: readonly {
    readonly label: string;
    readonly labelX: number;
    /** Which end of the label is at `labelX`, left and right being what they are. */
    readonly anchor: 'start' | 'end';
    readonly middle: number;
    readonly bars: readonly {
      readonly kind: string;
      readonly x: number;
      readonly y: number;
      readonly length: number;
    }[];
    readonly thickness: number;
  }[];
}

const WIDTH = 400;
const LABELS = 104;
const MARGIN = 36;
const ROW = 40;
const AXIS = 26;
const TICKS = 3;

/**
 * @param written how a value is written at the axis
 * @param rightToLeft whether bars grow to the left
 */
export function drawPairs(
  rows: readonly PairOfBars[],
  written: (value: number) => string,
  rightToLeft: boolean,
): Chart {
  const bottom = rows.length * ROW;
  const values = rows.flatMap(({ before, after }) => [before, after]);
  const ends = rightToLeft ? [WIDTH - LABELS, MARGIN] : [LABELS, WIDTH - MARGIN];
  const along = scaleLinear([Math.min(0, ...values), Math.max(1, ...values)], ends)
    .nice(TICKS)
    .interpolate(whole);
  const row = scaleBand(rows.keys(), [0, bottom]).paddingInner(0.3).paddingOuter(0.15).round(true);
  const thickness = Math.floor(row.bandwidth() / 2);
  return {
    width: WIDTH,
    height: bottom + AXIS,
    bottom,
    // Amounts are whole numbers of the smallest unit, and so is what stands at the axis.
    ticks: along
      .ticks(TICKS)
      .filter(Number.isInteger)
      .map((value) => ({ x: along(value), label: written(value) })),
    pairs: rows.map(({ label, before, after }, index) => {
      const top = row(index) ?? 0;
      const bar = (kind: string, value: number, y: number) => {
        const [from = 0, to = 0] = [along(0), along(value)].sort((one, other) => one - other);
        return { kind, x: from, y, length: to - from };
      };
      return {
        label,
        labelX: rightToLeft ? WIDTH - LABELS + 8 : LABELS - 8,
        anchor: rightToLeft ? 'start' : 'end',
        middle: top + thickness,
        bars: [bar('before', before, top), bar('after', after, top + thickness)],
        thickness,
      };
    }),
  };
}

/** Whole units, as half of one draws a blurred line. */
const whole = (from: number, to: number) => (part: number) => Math.floor(from + (to - from) * part + 0.5);
