/** Writing on a page of a PDF: measured, broken into lines, and in the order in which each language stands on paper. */
import { readFileSync } from 'node:fs';
import { isTurned, piecesOf } from './bidi';
import type { Paper, PdfDocument } from './paper';

export type Weight = 'regular' | 'bold';

/** It has Latin, Cyrillic, Greek and Arabic letters in one file, and may be embedded by anybody. */
const FONTS: Readonly<Record<Weight, () => string>> = {
  regular: () => require.resolve('dejavu-fonts-ttf/ttf/DejaVuSansCondensed.ttf'),
  bold: () => require.resolve('dejavu-fonts-ttf/ttf/DejaVuSansCondensed-Bold.ttf'),
};
const read = new Map<Weight, Buffer>();
const LINE_HEIGHT = 1.35;

export function registerFonts(document: PdfDocument): void {
  document.registerFont('regular', fontFile('regular')).registerFont('bold', fontFile('bold'));
}

/** Read at the first PDF: few processes ever make one. */
function fontFile(weight: Weight): Buffer {
  const font = read.get(weight) ?? readFileSync(FONTS[weight]());
  read.set(weight, font);
  return font;
}

/**
 * Naming any features, or none, keeps pdfkit from shaping word by word, which puts Arabic words in the wrong order.
 * Where nothing is turned round, words are shaped once and remembered.
 */
const shaping = (piece: string) => (isTurned(piece) ? { features: [] } : {});

export interface Writer {
  readonly lineHeight: number;
  /** @returns the text in lines of that width at most; a word that is longer is broken */
  lines(text: string, width: number): string[];
  /** Writes one line between two edges, from where its language begins or at the other end; in points. */
  write(line: string, place: { left: number; width: number; top: number; align: 'start' | 'end' }): void;
}

export function writerOf(
  document: PdfDocument,
  weight: Weight,
  size: number,
  direction: Paper['direction'],
): Writer {
  const choose = () => document.font(weight).fontSize(size);
  const known = new Map<string, number>();
  const width = (text: string): number => {
    const measured = known.get(text) ?? measure(text);
    known.set(text, measured);
    return measured;
  };
  const measure = (text: string) => {
    choose();
    return piecesOf(text, direction).reduce(
      (sum, piece) => sum + document.widthOfString(piece, shaping(piece)),
      0,
    );
  };
  return {
    lineHeight: size * LINE_HEIGHT,
    lines: (text, most) => linesOf(text, most, width),
    write(line, { left, width: most, top, align }) {
      choose();
      const isAtRight = (align === 'end') === (direction === 'ltr');
      let x = isAtRight ? left + most - width(line) : left;
      for (const piece of piecesOf(line, direction)) {
        document.text(piece, x, top, { ...shaping(piece), lineBreak: false });
        x += document.widthOfString(piece, shaping(piece));
      }
    },
  };
}

function linesOf(text: string, most: number, width: (text: string) => number): string[] {
  const lines: string[] = [];
  let line = '';
  // A space that may not be broken is none of these.
  for (const word of text.split(/[ \t\r\n]+/).filter(Boolean)) {
    const longer = line ? `${line} ${word}` : word;
    if (width(longer) <= most) {
      line = longer;
      continue;
    }
    if (line) lines.push(line);
    const parts = partsOf(word, most, width);
    lines.push(...parts.slice(0, -1));
    line = parts.at(-1) ?? '';
  }
  return line ? [...lines, line] : lines;
}

function partsOf(word: string, most: number, width: (text: string) => number): string[] {
  const parts: string[] = [];
  let part = '';
  for (const letter of word) {
    if (part && width(part + letter) > most) {
      parts.push(part);
      part = '';
    }
    part += letter;
  }
  return [...parts, part];
}
