/** Tables on paper: cells are broken into lines, rows are not broken over pages, and every page says what its columns are. */
import type { Paper } from './paper';
import type { Weight, Writer } from './text';

const PADDING = 3;

export interface Column {
  readonly label: string;
  /** Its share of the page's width. */
  readonly share: number;
  /** Where its text begins, or at the other end as amounts do. */
  readonly align: 'start' | 'end';
}

export interface Table {
  row(cells: readonly string[], weight?: Weight): void;
}

/** The columns' labels stand above the first row, and again on each page that the table goes on to. */
export function tableOn(
  paper: Paper,
  columns: readonly Column[],
  writers: Readonly<Record<Weight, Writer>>,
): Table {
  const places = placesOf(columns, paper);
  const write = (cells: readonly string[], by: Writer, whenFull: () => void): void => {
    const broken = cells.map((cell, index) => by.lines(cell, places[index]?.width ?? 0));
    const height = Math.max(1, ...broken.map(({ length }) => length)) * by.lineHeight + 2 * PADDING;
    if (!paper.holds(height)) whenFull();
    const top = paper.take(height);
    places.forEach((place, index) => {
      broken[index]?.forEach((line, number) => {
        by.write(line, { ...place, top: top + PADDING + number * by.lineHeight });
      });
    });
    paper.rule();
  };
  const head = () => {
    write(
      columns.map(({ label }) => label),
      writers.bold,
      paper.turn,
    );
  };
  head();
  return {
    row(cells, weight = 'regular') {
      write(cells, writers[weight], () => {
        paper.turn();
        head();
      });
    },
  };
}

/** The first column stands where reading begins. */
function placesOf(columns: readonly Column[], { left, width, direction }: Paper) {
  const whole = columns.reduce((sum, { share }) => sum + share, 0);
  let passed = 0;
  return columns.map(({ share, align }) => {
    const own = (width * share) / whole;
    const from = direction === 'ltr' ? passed : width - passed - own;
    passed += own;
    return { left: left + from + PADDING, width: own - 2 * PADDING, align };
  });
}
