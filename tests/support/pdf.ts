/** Reads the text out of a PDF as it stands on paper: glyph by glyph, from left to right, through its fonts' own tables. */
import { inflateSync } from 'node:zlib';

export interface PdfText {
  /** One text per page; each piece that was drawn is a line of it. */
  readonly pages: readonly string[];
  /** How many shapes a letter is drawn in: Arabic ones look different at the beginning, middle and end of a word. */
  shapesOf(letter: string): number;
}

export function readPdf(file: Buffer): PdfText {
  const objects = objectsOf(file);
  const fonts = new Map<string, Map<string, string>>();
  for (const { text } of objects.values()) {
    for (const [, name = '', id = ''] of text.matchAll(/\/(F\d+) (\d+) 0 R/g)) {
      const table = /\/ToUnicode (\d+) 0 R/.exec(objects.get(id)?.text ?? '')?.[1] ?? '';
      fonts.set(name, lettersOf(objects.get(table)?.stream ?? ''));
    }
  }
  const contents = [...objects.values()].flatMap(({ text }) => {
    const id =
      /\/Type \/Page\b(?!s)[^]*\/Contents (\d+) 0 R|\/Contents (\d+) 0 R[^]*\/Type \/Page\b(?!s)/.exec(text);
    return id ? [objects.get(id[1] ?? id[2] ?? '')?.stream ?? ''] : [];
  });
  return {
    pages: contents.map((content) => drawnIn(content, fonts)),
    shapesOf: (letter) =>
      Math.max(
        ...[...fonts.values()].map((font) => [...font.values()].filter((drawn) => drawn === letter).length),
      ),
  };
}

function objectsOf(file: Buffer): Map<string, { text: string; stream: string }> {
  const raw = file.toString('latin1');
  const found = new Map<string, { text: string; stream: string }>();
  for (const { 1: id = '', 2: body = '' } of raw.matchAll(/(?:^|\n)(\d+) 0 obj\n([^]*?)\nendobj/g)) {
    const [text = '', ...rest] = body.split('stream\n');
    const bytes = Buffer.from(rest.join('stream\n').replace(/\nendstream$/, ''), 'latin1');
    const stream = text.includes('/FlateDecode')
      ? inflateSync(bytes).toString('latin1')
      : bytes.toString('latin1');
    found.set(id, { text, stream });
  }
  return found;
}

/** @returns letters by glyph, both as the font's table writes them */
function lettersOf(table: string): Map<string, string> {
  const letters = new Map<string, string>();
  for (const [, first = '', list = ''] of table.matchAll(/<([0-9a-f]+)> <[0-9a-f]+> \[([^\]]*)\]/gi)) {
    [...list.matchAll(/<([^>]*)>/g)].forEach(([, hex = ''], index) => {
      const glyph = (parseInt(first, 16) + index).toString(16).padStart(4, '0');
      const units = hex.replaceAll(' ', '').match(/.{4}/g) ?? [];
      letters.set(glyph, String.fromCharCode(...units.map((unit) => parseInt(unit, 16))));
    });
  }
  return letters;
}

function drawnIn(content: string, fonts: ReadonlyMap<string, ReadonlyMap<string, string>>): string {
  let font: ReadonlyMap<string, string> | undefined;
  const texts: string[] = [];
  for (const [, name, glyphs = ''] of content.matchAll(/\/(F\d+) [\d.]+ Tf|\[([^\]]*)\] TJ/g)) {
    if (name) font = fonts.get(name);
    else {
      const codes = [...glyphs.matchAll(/<([0-9a-f]+)>/gi)].flatMap(
        ([, hex = '']) => hex.match(/.{4}/g) ?? [],
      );
      texts.push(codes.map((code) => font?.get(code.toLowerCase()) ?? '\ufffd').join(''));
    }
  }
  return texts.join('\n');
}
