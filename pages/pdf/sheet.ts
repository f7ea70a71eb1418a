/** A file of pages with headings and tables, laid out from right to left where the language is. */
import PDFDocument from 'pdfkit';
import type { Language } from '../language';
import { MARGIN, paperOf, type PdfDocument } from './paper';
import { tableOn, type Column, type Table } from './table';
import { registerFonts, writerOf, type Weight, type Writer } from './text';

const GAP = 6;
const SIZE = { title: 14, text: 8.5, foot: 8 } as const;

export interface Sheet {
  heading(text: string): void;
  paragraph(text: string): void;
  table(columns: readonly Column[]): Table;
  /** @returns what of the file is ready since it was last asked for, so that it need not be kept; empty for nothing */
  ready(): Buffer;
  /** @returns what is left of the file */
  finish(): AsyncIterable<Buffer>;
}

/** @param about `made` is the time that the file says it was made at; ms, UTC */
export function newSheet(language: Language, about: { title: string; author: string; made: number }): Sheet {
  const document = newDocument(language, about);
  const writer = (weight: Weight, size: number) => writerOf(document, weight, size, language.direction);
  const writers = { regular: writer('regular', SIZE.text), bold: writer('bold', SIZE.text) };
  const title = writer('bold', SIZE.title);
  const small = writer('regular', SIZE.foot);
  const paper = paperOf(document, language.direction, (page) => {
    const number = language.t('sheet.page', { page });
    small.write(number, { left, width, top: paper.foot + GAP, align: 'end' });
  });
  const { left, width } = paper;
  const write = (text: string, by: Writer): void => {
    for (const line of by.lines(text, width)) {
      if (!paper.holds(by.lineHeight)) paper.turn();
      by.write(line, { left, width, top: paper.take(by.lineHeight), align: 'start' });
    }
    paper.take(GAP);
  };
  return {
    heading(text) {
      paper.take(GAP);
      write(text, title);
    },
    paragraph(text) {
      paper.take(GAP);
      write(text, writers.regular);
    },
    table: (columns) => tableOn(paper, columns, writers),
    ready: () => (document.read() as Buffer | null) ?? Buffer.alloc(0),
    finish() {
      paper.end();
      return document as AsyncIterable<Buffer>;
    },
  };
}

function newDocument({ tag }: Language, about: { title: string; author: string; made: number }): PdfDocument {
  const document = new PDFDocument({
    size: 'A4',
    margin: MARGIN,
    lang: tag,
    displayTitle: true,
    info: { Title: about.title, Author: about.author, CreationDate: new Date(about.made) },
  });
  registerFonts(document);
  return document;
}
