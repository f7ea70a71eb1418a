/** Sheets of A4, filled from the top. All measures are points, 72 to the inch. */
import type PDFDocument from 'pdfkit';

export type PdfDocument = InstanceType<typeof PDFDocument>;

export const MARGIN = 40;
/** Where the number of the page stands. */
const FOOT = 16;
const RULE = { width: 0.5, color: '#c8ccd0' } as const;

export interface Paper {
  readonly direction: 'ltr' | 'rtl';
  readonly left: number;
  readonly width: number;
  /** Where the last line of each page stands. */
  readonly foot: number;
  /** Whether so much still fits on the page. */
  holds(height: number): boolean;
  /** @returns where a piece of that height begins; what comes next stands below it */
  take(height: number): number;
  /** Draws a line below what was taken last. */
  rule(): void;
  /** Goes on with a new page. */
  turn(): void;
  /** Nothing more comes. */
  end(): void;
}

/** @param full told of each page when nothing more comes on it, by its number */
export function paperOf(
  document: PdfDocument,
  direction: Paper['direction'],
  full: (page: number) => void,
): Paper {
  const width = document.page.width - 2 * MARGIN;
  const foot = document.page.height - MARGIN - FOOT;
  let top = MARGIN;
  let page = 1;
  return {
    direction,
    left: MARGIN,
    width,
    foot,
    holds: (height) => top + height <= foot,
    take(height) {
      top += height;
      return top - height;
    },
    rule() {
      document
        .moveTo(MARGIN, top)
        .lineTo(MARGIN + width, top)
        .lineWidth(RULE.width)
        .stroke(RULE.color);
    },
    turn() {
      full(page++);
      document.addPage();
      top = MARGIN;
    },
    end() {
      full(page);
      document.end();
    },
  };
}
