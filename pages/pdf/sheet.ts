/** A file of pages with headings and tables, laid out from right to left where the language is. */
import { buffer } from 'node:stream/consumers';
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
  /** Numbers the pages. @returns the file */
  finish(): Promise<Buffer>;
}

/** @param about `made` is the time that the file says it was made at; ms, UTC */
export function newSheet(language: Language, about: { title: string; author: string; made: number }): Sheet {
  const document = newDocument(language, about);
  const file = buffer(document);
  const writer = (weight: Weight, size: number) => writerOf(document, weight, size, language.direction);
  const writers = { regular: writer('regular', SIZE.text), bold: writer('bold', SIZE.text) };
  const title = writer('bold', SIZE.title);
  const small = writer('regular', SIZE.foot);
  const paper = paperOf(document, language.direction);
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
    finish() {
      const { start, count } = document.bufferedPageRange();
      for (let page = 0; page < count; page++) {
        document.switchToPage(start + page);
        const number = language.t('sheet.page', { page: page + 1, count });
        small.write(number, { left, width, top: paper.foot + GAP, align: 'end' });
      }
      document.end();
      return file;
    },
  };
}

function newDocument({ tag }: Language, about: { title: string; author: string; made: number }): PdfDocument {
  const document = new PDFDocument({
    size: 'A4',
    margin: MARGIN,
    // Only when all are written is it known how many there are.
    bufferPages: true,
    lang: tag,
    displayTitle: true,
    info: { Title: about.title, Author: about.author, CreationDate: new Date(about.made) },
  });
  registerFonts(document);
  return document;
}
