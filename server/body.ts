import { WireError } from './errors';

/** Deeper than any request is, and shallow enough for whatever recurses over one. */
const DEEPEST = 32;

const [QUOTE, BACKSLASH, OPEN_OBJECT, OPEN_LIST, CLOSE_OBJECT, CLOSE_LIST] = Buffer.from(
  '"\\{[}]',
) as unknown as [number, number, number, number, number, number];

/** Refuses JSON that is nested deeper than `DEEPEST`, before anything reads it. @throws WireError body_invalid */
export function checkDepth(json: Buffer): void {
  let depth = 0;
  let inText = false;
  for (let place = 0; place < json.length; place++) {
    const byte = json[place];
    if (inText) {
      if (byte === BACKSLASH) place++;
      else if (byte === QUOTE) inText = false;
    } else if (byte === QUOTE) inText = true;
    else if (byte === OPEN_OBJECT || byte === OPEN_LIST) depth++;
    else if (byte === CLOSE_OBJECT || byte === CLOSE_LIST) depth--;
    if (depth > DEEPEST)
      throw new WireError('body_invalid', '', `The body is nested deeper than ${DEEPEST}.`);
  }
}
