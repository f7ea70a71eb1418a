/** Text in the order in which it stands on paper. PDF draws glyphs from left to right and knows of no other way. */
import createBidi from 'bidi-js';

const bidi = createBidi();
/** They say how to order the text around them, and are not seen. */
const MARKS = /[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]/g;
/** What the font's shaping turns round by itself, taking it for letters of a script that is read from the right. */
const TURNED = /[\p{Script=Arabic}\p{Script=Hebrew}\u0660-\u0669]/u;

/** @returns whether shaping turns the text round, so that all of it must be shaped at once */
export const isTurned = (text: string): boolean => TURNED.test(text);

/**
 * @param line text without line breaks, as it is read
 * @param direction of the language it stands in, where it does not say otherwise itself
 * @returns its pieces from left to right, each running one way; the font shapes a piece, and that is all it needs
 */
export function piecesOf(line: string, direction: 'ltr' | 'rtl'): string[] {
  const embedding = bidi.getEmbeddingLevels(line, direction);
  const mirrored = bidi.getMirroredCharactersMap(line, embedding.levels);
  const pieces: { level: number; characters: string[] }[] = [];
  for (const index of bidi.getReorderedIndices(line, embedding)) {
    const level = embedding.levels[index] ?? 0;
    const character = mirrored.get(index) ?? line.charAt(index);
    const last = pieces.at(-1);
    if (last?.level === level) last.characters.push(character);
    else pieces.push({ level, characters: [character] });
  }
  return pieces.map(({ characters }) => asDrawn(characters)).filter(Boolean);
}

/** @param characters as they stand, from left to right */
function asDrawn(characters: readonly string[]): string {
  const standing = characters.join('');
  // Shaping takes letters in the order in which they are read.
  return (isTurned(standing) ? [...characters].reverse().join('') : standing).replaceAll(MARKS, '');
}
